const counts = process.env.JEST_COUNTS_FILE

/** @type {import('jest').Config} */
export default {
  roots: ['<rootDir>/__tests__'],
  testMatch: ['**/*.test.ts'],
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
  },
  reporters: ['default', ...(counts ? [['<rootDir>/scripts/jest-counts.mjs', { file: counts }]] : [])],
}
