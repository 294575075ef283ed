import base from './jest.config.js'

// Only tests that load src/ itself can notice a mutant of it; those of the bundle run what was built before.
export default {
  ...base,
  testMatch: ['**/__tests__/{unit,api,run,cases}/**/*.test.ts'],
  // Real sockets take real time, which no mutant is worth, and random runs notice a mutant or not, as chance has it.
  testPathIgnorePatterns: ['socket.test.ts', 'random.test.ts'],
}
