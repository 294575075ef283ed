import base from './jest.config.js'

/** The tests that need openssl and Debian's tinyproxy. */
export default {
  ...base,
  roots: ['<rootDir>/__tests__/network'],
  testPathIgnorePatterns: ['/node_modules/'],
  maxConcurrency: 10,
}
