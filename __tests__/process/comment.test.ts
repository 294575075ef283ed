import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { listen } from '../support/ports.js'
import { expectWhole, GITHUB_TOKEN, REPOSITORY, runStep, startStep, testWithSignals } from '../support/process.js'
import { arrivalAt, type RunningSimulator, startSimulator } from '../support/simulators.js'

/** The three REST calls of GitHub that a comment takes, with a memory. */
class FakeGitHub {
  readonly requests: { call: string; authorization: string | undefined }[] = []
  readonly comments: { id: number; body: string }[] = [{ id: 1, body: 'LGTM' }]
  trouble: { status?: number; hang?: boolean } = {}
  private readonly server: Server = createServer((request, response) => {
    const { method = '', url = '' } = request
    const [path = ''] = url.split('?')
    this.requests.push({ call: `${method} ${path}`, authorization: request.headers.authorization })
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (this.trouble.hang === true) return
      const answer = (status: number, body: unknown) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      }
      if (this.trouble.status !== undefined) {
        answer(this.trouble.status, {
          message: `Resource not accessible by integration ${GITHUB_TOKEN} ::error::forged`,
        })
        return
      }
      const { body = '' } =
        chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString()) as { body?: string })
      if (method === 'GET') answer(200, this.comments)
      else if (method === 'POST') {
        this.comments.push({ id: this.comments.length + 1, body })
        answer(201, {})
      } else {
        const id = Number(path.split('/').at(-1))
        const comment = this.comments.find((one) => one.id === id)
        if (comment !== undefined) comment.body = body
        answer(comment === undefined ? 404 : 200, {})
      }
    })
  })

  async open(): Promise<string> {
    return `http://127.0.0.1:${await listen(this.server)}`
  }

  async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

const folder = mkdtempSync(join(tmpdir(), 'kupe-event-'))
const eventFile = (name: string, event: unknown) => {
  const path = join(folder, name)
  writeFileSync(path, typeof event === 'string' ? event : JSON.stringify(event))
  return path
}
const PULL_REQUEST = eventFile('pull-request.json', { pull_request: { number: 7 } })
const LIST = `GET /api/v3/repos/${REPOSITORY}/issues/7/comments`
const CREATE = `POST /api/v3/repos/${REPOSITORY}/issues/7/comments`

let kupe: RunningSimulator
let github: FakeGitHub
let env: Record<string, string>

beforeEach(async () => {
  kupe = await startSimulator()
  github = new FakeGitHub()
  // As on a GitHub Enterprise server, whose REST root has a path.
  env = { GITHUB_API_URL: `${await github.open()}/api/v3`, GITHUB_EVENT_PATH: PULL_REQUEST }
})
afterEach(async () => {
  await Promise.all([kupe.close(), github.close()])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const planning = (cpu: string) => ({ ...kupe.inputs, mode: 'plan', cpu, comment: 'true' })

describe('a comment on the pull request', () => {
  test('is made, and kept up to date', async () => {
    const first = await runStep({ inputs: planning('8'), env })
    expectWhole(first)
    expect(first.masks).toContain(GITHUB_TOKEN)
    expect(first.warnings).toEqual([])
    const second = await runStep({ inputs: planning('6'), env })
    expectWhole(second)
    const listed = github.requests.filter(({ call }) => call === LIST)
    expect(listed).toHaveLength(2)
    expect(new Set(github.requests.map(({ authorization }) => authorization))).toEqual(
      new Set([`token ${GITHUB_TOKEN}`]),
    )
    expect(github.comments.map(({ id }) => id)).toEqual([1, 2])
    expect(github.comments[0]?.body).toBe('LGTM')
    expect(github.comments[1]?.body).toContain(second.outputs['summary-markdown']?.trim())
    expect(github.comments[1]?.body).toContain('4 → 6')
  })

  test('reports a failure, and of inputs that are wrong', async () => {
    const refused = await runStep({ inputs: { ...planning('8'), 'max-cpu': '6' }, env })
    expect(refused.outputs['failure-reason']).toBe('refused')
    expect(github.comments[1]?.body).toContain('stopped by a safety rule')
    const wrong = await runStep({ inputs: { ...planning('8'), memory: '32' }, env })
    expect(wrong.outputs['failure-reason']).toBe('invalid-input')
    expect(github.comments).toHaveLength(2)
    expect(github.comments[1]?.body).toContain('1 input is wrong')
  })

  test('is another one in another job', async () => {
    await runStep({ inputs: planning('8'), env })
    await runStep({ inputs: planning('8'), env: { ...env, GITHUB_JOB: 'other' } })
    expect(github.comments).toHaveLength(3)
  })

  test.each([
    ['outside of one', { ref: 'refs/heads/main' }, /no pull request/],
    ['where the event cannot be read', 'no JSON', undefined],
  ])('is not made %s, and the log says so', async (name, event, words) => {
    const step = await runStep({
      inputs: planning('8'),
      env: { ...env, GITHUB_EVENT_PATH: eventFile(`${name}.json`, event) },
    })
    expectWhole(step)
    expect(github.requests).toEqual([])
    if (words === undefined) expect(step.warnings).toHaveLength(1)
    else expect(step.log.join('\n')).toMatch(words)
  })

  test('is not made unless asked for', async () => {
    expectWhole(await runStep({ inputs: { ...planning('8'), comment: 'false' }, env }))
    expect(github.requests).toEqual([])
  })

  test.each([403, 404, 500])('that GitHub refuses with %i is a warning; the result stands', async (status) => {
    github.trouble = { status }
    const step = await runStep({ inputs: planning('8'), env })
    expectWhole(step)
    expect(step.outputs.result).toBe('planned')
    expect(step.warnings.map(({ message }) => message)).toEqual([expect.stringMatching(/pull-requests: write/)])
    expect(step.lines.filter((line) => !line.startsWith('::add-mask::')).join('\n')).not.toContain(GITHUB_TOKEN)
    expect(github.requests.map(({ call }) => call)).not.toContain(CREATE)
  })

  test('that GitHub never answers is given up, and the result stands', async () => {
    github.trouble = { hang: true }
    const step = await runStep({ inputs: planning('8'), env })
    expectWhole(step)
    expect(step.outputs.result).toBe('planned')
    expect(step.warnings).toHaveLength(1)
    expect(step.durationMs).toBeLessThan(15_000)
  })

  testWithSignals('is skipped where the run is cancelled', async () => {
    const polled = arrivalAt(kupe.simulator, { method: 'GET', nth: 2 })
    const running = startStep({ inputs: { ...kupe.inputs, version: '1.32', comment: 'true' }, env })
    await polled
    const step = await running.end('SIGINT')
    expect(step.outputs.result).toBe('cancelled')
    expect(step.endMs).toBeLessThan(1_000)
    expect(github.requests).toEqual([])
  })
})
