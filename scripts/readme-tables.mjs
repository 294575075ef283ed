// Writes README.md's tables of inputs and outputs from action.yml, and of failures from the code; with --check it only says
// whether they are current.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { FAILURE_REASONS } from '../src/domain/failure-reasons.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const readme = join(root, 'README.md')
const action = parse(readFileSync(join(root, 'action.yml'), 'utf8'))

const cell = (text) => String(text).trim().replace(/\s+/g, ' ').replaceAll('|', '\\|')
const code = (text) => `\`${cell(text)}\``

function described(kind, name, entry) {
  const description = entry?.description
  if (typeof description !== 'string' || description.trim() === '')
    throw new Error(`${kind} ${name} has no description`)
  return cell(description)
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

/** Where a group of inputs begins, in the order of action.yml. */
const GROUPS = {
  'api-key': 'Which cluster',
  mode: 'What to change',
  wait: 'How to wait',
  'on-conflict': 'What protects',
  'hourly-rates': 'Reports',
  'job-summary': 'Reports',
}

function inputs() {
  let current
  const rows = Object.entries(action.inputs ?? {}).flatMap(([name, input]) => {
    const group = GROUPS[name] ?? current
    const head = group === current ? [] : [[`**${group}**`, '', '']]
    current = group
    const description = described('input', name, input)
    const absent = description.startsWith('Required') ? '**required**' : '–'
    return [...head, [code(name), input.default ? code(input.default) : absent, description]]
  })
  return table(['Input', 'Default', 'Meaning'], rows)
}

function outputs() {
  const rows = Object.entries(action.outputs ?? {}).map(([name, output]) => [
    code(name),
    described('output', name, output),
  ])
  return table(['Output', 'Meaning'], rows)
}

/** Each reason can be linked to: the summary of a red run does. */
function failures() {
  const rows = Object.entries(FAILURE_REASONS).map(([reason, { meaning, nextStep }]) => [
    `<a name="${reason}"></a>${code(reason)}`,
    cell(meaning),
    cell(nextStep),
  ])
  return table(['`failure-reason`', 'What happened', 'What to do'], rows)
}

function between(text, name, content) {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`]
  const parts = [text.indexOf(start), text.indexOf(end)]
  if (parts[0] < 0 || parts[1] < parts[0]) throw new Error(`README.md lacks ${start} … ${end}`)
  return `${text.slice(0, parts[0])}${start}\n${content}\n${text.slice(parts[1])}`
}

const before = readFileSync(readme, 'utf8')
const sections = { inputs: inputs(), outputs: outputs(), failures: failures() }
const after = Object.entries(sections).reduce((text, [name, content]) => between(text, name, content), before)
if (after === before) {
  console.log('README.md: the tables are current')
} else if (process.argv.includes('--check')) {
  console.error('README.md: the tables are not current: run npm run readme')
  process.exitCode = 1
} else {
  writeFileSync(readme, after)
  console.log('README.md: the tables are written anew')
}
