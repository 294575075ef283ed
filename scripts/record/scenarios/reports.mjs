// Outputs, summary and comment where they cannot be written, or are not wanted.
import { answer, cluster, initial, patch, refusal, scaled, scaling } from '../answers.mjs'

const NOWHERE = '/nowhere/at/all'
const SCALE = [initial, patch(scaling), scaled]
const scale = (given = {}, env = {}) => ({ with: { cpu: '8', ...given }, env, answers: SCALE })
const PULL_REQUEST = { pull_request: { number: 7, head: { sha: '0'.repeat(40) } } }
const comment = (github, { with: given = {}, ...more } = {}) => ({
  with: { cpu: '8', comment: 'true', mode: 'plan', ...given },
  env: { GITHUB_EVENT_NAME: 'pull_request' },
  event: PULL_REQUEST,
  github,
  ...more,
})
const WRITABLE = { GET: answer(200, []), POST: answer(201, { id: 2 }) }
const COMMENTS = [{ id: 1, body: 'LGTM', user: { login: 'octocat' } }]

export const reports = {
  'no summary wanted': scale({ 'job-summary': 'false' }),
  'the outputs cannot be written': scale({}, { GITHUB_OUTPUT: NOWHERE }),
  'the outputs have no file': scale({}, { GITHUB_OUTPUT: '' }),
  'the outputs cannot be written, of a run that failed': {
    with: { cpu: '8' },
    env: { GITHUB_OUTPUT: NOWHERE },
    answers: [refusal(401, 'x')],
  },
  'the summary cannot be written': scale({}, { GITHUB_STEP_SUMMARY: NOWHERE }),
  'the summary has no file': scale({}, { GITHUB_STEP_SUMMARY: '' }),
  'neither can be written': scale({}, { GITHUB_OUTPUT: NOWHERE, GITHUB_STEP_SUMMARY: NOWHERE }),
  'started by someone else': scale({}, { GITHUB_TRIGGERING_ACTOR: 'hub|ot' }),

  'a comment outside of a pull request': scale({ comment: 'true' }),
  'a comment, of an event that is no JSON': scale({ comment: 'true' }, { GITHUB_EVENT_PATH: NOWHERE }),
  'a new comment': comment({ GET: answer(200, COMMENTS), POST: answer(201, { id: 2 }) }),
  'a new comment, on an issue’s event': comment(WRITABLE, { event: { issue: { number: 7, pull_request: {} } } }),
  'a comment that is there already': {
    after: 'reports: a new comment',
    make: ({ requests }) => {
      const [marker] = /<!--.*?-->/.exec(requests.at(-1)?.body) ?? []
      return comment({
        GET: answer(200, [...COMMENTS, { id: 2, body: `${marker}\nolder`, user: { login: 'github-actions[bot]' } }]),
        // The one question to GraphQL.
        POST: answer(200, { data: { viewer: { login: 'github-actions[bot]' } } }),
        PATCH: answer(200, { id: 2 }),
      })
    },
  },
  'a comment that may not be written': comment({
    GET: answer(200, []),
    POST: answer(403, { message: 'Resource not accessible by integration' }),
  }),
  'a comment without a token': comment(
    { GET: answer(401, { message: 'Bad credentials' }) },
    { with: { 'github-token': '' } },
  ),
  'a comment on a run that failed': comment(WRITABLE, { answers: [refusal(400, 'bad')] }),
  'a comment on faulty inputs': comment(WRITABLE, { with: { cpu: '8x' } }),
  'a comment: changes, and there are none': comment(WRITABLE, { with: { cpu: '4', comment: 'changes' } }),
  'a comment: changes': comment(WRITABLE, { with: { comment: 'changes' } }),
  'an unknown resource in all reports': {
    with: { cpu: '8', mode: 'plan' },
    answers: [cluster({ gpu: '2', conditions: ['one', 'two'] })],
  },
}
