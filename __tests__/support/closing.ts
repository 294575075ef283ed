import { afterAll } from '@jest/globals'

interface Closable {
  close(): Promise<void>
}

/** Gives a function that closes whatever it is given after the last test of the file, and hands it back. */
export function closeAfterAll(): <T extends Closable>(opened: T) => T {
  const open: Closable[] = []
  afterAll(async () => {
    await Promise.all(open.map((one) => one.close()))
  })
  return (opened) => {
    open.push(opened)
    return opened
  }
}
