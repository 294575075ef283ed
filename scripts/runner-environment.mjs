// What GitHub's runner gives to one step of a node action, and how it reads what the step leaves behind. For the scripts and the
// tests that start dist/index.js; node's own modules only, since the demo runs before anything is installed.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ACTION_YML = join(dirname(dirname(fileURLToPath(import.meta.url))), 'action.yml')

/** What every step is given as `github.token`; this one opens nothing. */
export const GITHUB_TOKEN = 'ghs_0123456789_of_nothing'

/** The files by which a step answers the runner: their names, and the variables that name them. */
const FILE_COMMANDS = {
  set_output: 'GITHUB_OUTPUT',
  step_summary: 'GITHUB_STEP_SUMMARY',
  set_env: 'GITHUB_ENV',
  add_path: 'GITHUB_PATH',
  save_state: 'GITHUB_STATE',
}

/**
 * Prepares a step in this empty folder: its workspace, and its whole environment. `inputs` is the step's `with`; `env` wins
 * over what the runner sets, and `undefined` in it takes a variable away. `actionYml` lists the inputs. `readFiles` gives what the step has written so far.
 */
export function prepareStep(folder, { inputs = {}, env = {}, actionYml = ACTION_YML } = {}) {
  const [workspace, temp] = [join(folder, 'workspace'), join(folder, 'temp')]
  const commands = join(temp, '_runner_file_commands')
  for (const path of [workspace, commands]) mkdirSync(path, { recursive: true })
  for (const name of Object.keys(FILE_COMMANDS)) writeFileSync(join(commands, name), '')
  const files = Object.fromEntries(
    Object.entries(FILE_COMMANDS).map(([name, variable]) => [variable, join(commands, name)]),
  )
  const read = (name) => readFileSync(join(commands, name), 'utf8')
  return {
    workspace,
    env: withoutUndefined({
      ...machineEnvironment(),
      HOME: temp,
      ...runnerEnvironment(workspace, temp),
      ...files,
      ...env,
      ...inputEnvironment(inputs, actionYml),
    }),
    readFiles: () => ({
      output: read('set_output'),
      summary: read('step_summary'),
      others: ['set_env', 'add_path', 'save_state'].map(read).join(''),
    }),
  }
}

/** What any process needs to run here; nothing that could steer the action. */
export function machineEnvironment() {
  const { PATH, HOME, LANG, SystemRoot } = process.env
  return withoutUndefined({ PATH, HOME, LANG, SystemRoot })
}

/** The runner gives every input, its default or nothing where the step does not; names in capitals, hyphens kept. */
export function inputEnvironment(given, actionYml = ACTION_YML) {
  const inputs = { ...defaultsOfInputs(actionYml), ...given }
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
  )
}

/** Every input of an action.yml with its default. Just enough of a reader for our own: a YAML library would have to be installed. */
export function defaultsOfInputs(actionYml = ACTION_YML) {
  const [, section = ''] = /^inputs:\n([\s\S]*?)^outputs:/m.exec(readFileSync(actionYml, 'utf8')) ?? []
  const inputs = section.split(/^ {2}(?=\S)/m).filter((part) => part !== '')
  return Object.fromEntries(
    inputs.map((part) => {
      const [, text = ''] = /^ {4}default: "?(.*?)"?$/m.exec(part) ?? []
      return [part.slice(0, part.indexOf(':')), text.replace(/\$\{\{\s*github\.token\s*\}\}/g, GITHUB_TOKEN)]
    }),
  )
}

function runnerEnvironment(workspace, temp) {
  return {
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: '__self',
    GITHUB_ACTOR: 'octocat',
    GITHUB_API_URL: 'https://api.github.com',
    GITHUB_EVENT_NAME: 'workflow_dispatch',
    GITHUB_JOB: 'change',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REF_NAME: 'main',
    GITHUB_REPOSITORY: 'acme/infrastructure',
    GITHUB_REPOSITORY_OWNER: 'acme',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '1234567890',
    GITHUB_RUN_NUMBER: '1',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: '0'.repeat(40),
    GITHUB_WORKFLOW: 'Change a cluster',
    GITHUB_WORKSPACE: workspace,
    RUNNER_ARCH: 'X64',
    RUNNER_ENVIRONMENT: 'github-hosted',
    RUNNER_NAME: 'Runner 1',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: temp,
    RUNNER_TOOL_CACHE: temp,
    RUNNER_WORKSPACE: temp,
  }
}

/**
 * Reads the file of a step's outputs: `name=value` lines, and `name<<DELIMITER` blocks. Gives names and values in the order
 * written, doubles included; where the runner would fail the step, this throws.
 */
export function parseOutputs(text) {
  const outputs = []
  const lines = text.split(/\r?\n/)
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]
    if (line === '') continue
    const [, name, mark, rest] = /^(.*?)(=|<<)(.*)$/s.exec(line) ?? []
    if (!name) throw new Error(`Unable to process file command: ${line}`)
    if (mark === '=') {
      outputs.push([name, rest])
      continue
    }
    const end = lines.indexOf(rest, index + 1)
    if (rest === '' || end < 0) throw new Error(`Unable to process file command: ${line}`)
    outputs.push([name, lines.slice(index + 1, end).join('\n')])
    index = end
  }
  return outputs
}

function withoutUndefined(variables) {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined))
}
