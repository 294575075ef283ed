// A page of a real browser, spoken to over two pipes in the protocol of its developer tools.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const FLAGS = [
  '--headless=new',
  '--remote-debugging-pipe',
  // Its own sandbox needs rights that a container has not; nothing but our own text is ever shown.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--hide-scrollbars',
  '--force-color-profile=srgb',
]

/** The program, or `undefined` where there is none. */
export function findBrowser() {
  return NAMES.find((name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0)
}

/** Without a doctype tables would not take on the colours around them. */
const BLANK = 'data:text/html,<!doctype html>'

/** Opens a blank page. `evaluate` runs an expression in it and gives what it comes to. */
export async function openPage(program) {
  const folder = mkdtempSync(join(tmpdir(), 'pictures-'))
  const child = spawn(program, [...FLAGS, `--user-data-dir=${folder}`, BLANK], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    // The chart's times are the reader's own.
    env: { ...process.env, TZ: 'UTC' },
  })
  const waiting = new Map()
  const fail = (why) => {
    for (const { reject } of waiting.values()) reject(new Error(`the browser ${why}`))
    waiting.clear()
  }
  child.on('error', (error) => fail(`did not start: ${error.message}`))
  child.on('exit', () => fail('ended'))
  let rest = ''
  child.stdio[4].setEncoding('utf8').on('data', (chunk) => {
    const messages = (rest + chunk).split('\0')
    rest = messages.pop()
    for (const { id, result, error } of messages.map((text) => JSON.parse(text))) {
      const call = waiting.get(id)
      waiting.delete(id)
      if (error === undefined) call?.resolve(result)
      else call?.reject(new Error(error.message))
    }
  })
  let count = 0
  const call = (method, params = {}, sessionId) =>
    new Promise((resolve, reject) => {
      const id = ++count
      waiting.set(id, { resolve, reject })
      child.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`)
    })
  const { targetInfos } = await call('Target.getTargets')
  const { targetId } = targetInfos.find(({ type }) => type === 'page')
  const { sessionId } = await call('Target.attachToTarget', { targetId, flatten: true })
  return {
    call: (method, params) => call(method, params, sessionId),
    async evaluate(expression) {
      const params = { expression, awaitPromise: true, returnByValue: true }
      const { result, exceptionDetails } = await call('Runtime.evaluate', params, sessionId)
      if (exceptionDetails !== undefined)
        throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text)
      return result.value
    },
    async close() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      await call('Browser.close').catch(() => {})
      await ended
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}
