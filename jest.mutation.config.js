import base from './jest.config.js'

// Only tests that load src/ itself can notice a mutant of it; those of the bundle run what was built before.
export default {
  ...base,
  testMatch: ['**/__tests__/{unit,api}/**/*.test.ts'],
  testPathIgnorePatterns: ['random.test.ts', 'socket.test.ts'],
}
