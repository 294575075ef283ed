import { expect, test } from '@jest/globals'

test('the suite runs on the Node that runners use for this action', () => {
  expect(process.version).toMatch(/^v24\./)
})
