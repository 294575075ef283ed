// A server with prepared answers that notes what it was asked. It knows nothing of the API's rules on purpose: what it answers
// stands in the scenario alone, so that two versions of the action meet the very same server.
import { createServer } from 'node:http'
import { refusal } from './answers.mjs'

const UNEXPECTED = { ...refusal(400, 'the scenario has no answer to this'), position: 'unexpected' }
/** They say nothing of the action. */
const IGNORED_HEADERS = ['host', 'content-length']

/**
 * Starts the server on a free port. `answers` is a list of answers to GETs, divided by answers to PATCHes: a GET gets the next one
 * up to the next PATCH, and the last of these is repeated; a PATCH gets the next one, and the last is repeated. `github` has one
 * answer for each method of GitHub's API. `onRequest` is told of each request, as `GET 2`, once it was noted.
 */
export async function startServer({ answers, github = {}, onRequest = () => {} }) {
  const requests = []
  const counts = {}
  const chooseAnswer = createChooser(answers)
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request
    const body = await textOf(request)
    const isGitHub = !url.startsWith('/api/')
    const answer = isGitHub ? { ...(github[method] ?? UNEXPECTED), position: 'GitHub' } : chooseAnswer(method)
    const kept = Object.entries(headers).filter(([name]) => !IGNORED_HEADERS.includes(name))
    requests.push({
      request: `${method} ${url}`,
      // GitHub's client is a library; what it sends besides is not ours.
      headers: isGitHub ? {} : Object.fromEntries(kept),
      body,
      answer: `${answer.position}: ${answer.fault ?? answer.status}`,
    })
    send(answer, response)
    counts[method] = (counts[method] ?? 0) + 1
    onRequest(`${method} ${counts[method]}`)
  })
  // As a proxy it lets nothing through, so that no scenario can reach a real host.
  server.on('connect', ({ url }, socket) => {
    requests.push({ request: `CONNECT ${url}`, headers: {}, body: '', answer: 'proxy: 403' })
    socket.on('error', () => {})
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  // Whoever speaks TLS to it.
  server.on('clientError', (_, socket) => socket.destroy())
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: server.address().port,
    requests,
    stop: () => {
      const stopped = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      return stopped
    },
  }
}

/** Gives the answer that is due to a method, with its position in the list, from 1. */
function createChooser(answers) {
  const parts = [{ gets: [] }]
  for (const [index, answer] of answers.entries()) {
    const position = index + 1
    if (answer.patch === undefined) parts.at(-1).gets.push({ ...answer, position })
    else {
      parts.at(-1).patch = { ...answer.patch, position }
      parts.push({ gets: [] })
    }
  }
  let current = 0
  const last = {}
  return (method) => {
    const { gets, patch } = parts[current]
    if (method === 'GET') last.GET = gets.shift() ?? last.GET
    if (method === 'PATCH') {
      last.PATCH = patch ?? last.PATCH
      if (patch !== undefined) current++
    }
    return last[method] ?? UNEXPECTED
  }
}

function send({ status, headers, body, fault, position }, response) {
  const { socket } = response
  if (fault === 'no answer') return
  if (fault === 'closed') return socket.destroy()
  if (fault === 'reset') return socket.resetAndDestroy()
  const bytes = Buffer.from(body)
  // The position, not a count of requests: how often the last answer is repeated depends on how fast the machine is.
  for (const [name, value] of Object.entries({ 'x-request-id': `req-${position}`, ...headers })) {
    if (value !== undefined) response.setHeader(name, value)
  }
  response.writeHead(status, status === 204 || status === 304 ? {} : { 'content-length': bytes.length })
  if (fault !== 'truncated') return response.end(bytes)
  response.write(bytes.subarray(0, bytes.length / 2), () => socket.end())
}

async function textOf(request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
