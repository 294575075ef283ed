const counts = process.env.JEST_COUNTS_FILE

/** @type {import('jest').Config} */
export default {
  roots: ['<rootDir>/__tests__'],
  testMatch: ['**/*.test.ts'],
  testPathIgnorePatterns: [
    '/node_modules/',
    // Needs programs that not every machine has: npm run test:network.
    '<rootDir>/__tests__/network/',
    // All about signals, which Windows does not have.
    ...(process.platform === 'win32' ? ['<rootDir>/__tests__/process/cancel.test.ts'] : []),
  ],
  testEnvironment: 'node',
  // A machine may be ten times slower for a moment, and what hangs is found all the same.
  testTimeout: 120_000,
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript' },
          target: 'es2024',
          // Node wants them where JSON is imported, and so does jest.
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  reporters: ['default', ...(counts ? [['<rootDir>/scripts/jest-counts.mjs', { file: counts }]] : [])],
}
