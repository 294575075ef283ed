import { afterAll, afterEach, beforeAll, expect } from '@jest/globals'
import nock from 'nock'

/** Lets nock answer in a test file, and nobody else; every answer must be asked for. */
export function useNock(): void {
  beforeAll(() => {
    if (!nock.isActive()) nock.activate()
    nock.disableNetConnect()
  })
  afterEach(() => {
    expect(nock.pendingMocks()).toEqual([])
    nock.cleanAll()
  })
  // nock takes hold of the whole process, and so of the next file that this worker runs.
  afterAll(() => {
    nock.enableNetConnect()
    nock.restore()
  })
}
