// What the tests import from @jest/globals, outside jest.
export { expect } from 'expect'
export { afterAll, afterEach, beforeAll, beforeEach, describe, test } from 'jest-circus'
