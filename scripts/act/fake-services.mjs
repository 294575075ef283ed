// The services that the workflows call besides the Kupe API, as fakes: GitHub's API, and a chat's webhook.
import { createServer } from 'node:http'
import { ACTIONS_BOT, FakeGitHub } from '../fake-github.mjs'

/** The token of every run; a made-up one, which no real service accepts. */
export const GITHUB_TOKEN = 'ghs_0123456789_of_nothing'

/** Both, each with its address; `said` is everything that came to the chat. */
export async function startFakeServices() {
  const github = new FakeGitHub({ [GITHUB_TOKEN]: ACTIONS_BOT })
  const said = []
  const chat = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    said.push(JSON.parse(Buffer.concat(chunks).toString('utf8')).text)
    response.end()
  })
  await new Promise((resolve) => chat.listen(0, '127.0.0.1', resolve))
  const stop = () => {
    chat.closeAllConnections()
    return Promise.all([github.close(), new Promise((resolve) => chat.close(resolve))])
  }
  return { githubUrl: await github.open(), github, chatUrl: `http://127.0.0.1:${chat.address().port}/chat`, said, stop }
}
