// The least that could do the work: the requests with what Node brings, no checks, no output.
import http from 'node:http'
import https from 'node:https'

const { KUPE_API_KEY, KUPE_API_URL, KUPE_PATCH, POLL_MS } = process.env
const url = new URL('/api/v1/tenants/acme/clusters/production', KUPE_API_URL)
const { request } = url.protocol === 'https:' ? https : http
// Node's own agent keeps its connections; without one, each request opens another.
const agent = process.argv[2] === 'kept' ? undefined : false

function send(method, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const answered = (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk) => {
        text += chunk
      })
      answer.on('end', () =>
        resolve({ etag: answer.headers.etag, status: answer.statusCode, cluster: JSON.parse(text) }),
      )
      answer.on('error', reject)
    }
    const options = { method, agent, headers: { authorization: `Bearer ${KUPE_API_KEY}`, ...headers } }
    request(url, options, answered).on('error', reject).end(body)
  })
}

const { etag } = await send('GET')
const { status } = await send('PATCH', KUPE_PATCH, { 'content-type': 'application/json', 'if-match': etag })
if (status !== 200) throw new Error(`PATCH was answered ${status}`)
for (let phase; phase !== 'Running'; ) {
  await new Promise((resolve) => setTimeout(resolve, Number(POLL_MS)))
  phase = (await send('GET')).cluster.status.phase
}
