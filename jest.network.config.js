import base from './jest.config.js'

/** The tests that need openssl and Debian's tinyproxy. Starting processes and giving up in earnest takes its time. */
export default {
  ...base,
  roots: ['<rootDir>/__tests__/network'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 60_000,
  maxConcurrency: 10,
}
