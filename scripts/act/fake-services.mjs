// The services that the workflows call besides the Kupe API, as fakes: GitHub's API for comments, and a chat's webhook.
import { createServer } from 'node:http'

/** The token of every run; a made-up one, which no real service accepts. */
export const GITHUB_TOKEN = 'ghs_0123456789_of_nothing'

/** One server for both; `sent` is every request that it received. */
export async function startFakeServices() {
  const [sent, comments] = [[], []]
  const server = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString('utf8')
    const { method, url, headers } = request
    const [path] = url.split('?')
    const body = text === '' ? undefined : JSON.parse(text)
    sent.push({ method, path, body, token: headers.authorization })
    if (method === 'POST') comments.push({ id: comments.length + 1, body: body.body ?? '' })
    const isRead = method === 'GET'
    response.writeHead(isRead ? 200 : 201, { 'content-type': 'application/json' })
    response.end(JSON.stringify(isRead ? comments : {}))
  })
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const stop = () =>
    new Promise((resolve) => {
      server.close(resolve)
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${server.address().port}`, sent, stop }
}
