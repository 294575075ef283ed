// mutation-score.mjs [REPORT...]: what mutation tests found, room by room, in a Markdown table. Mutants that no test reaches count as
// not noticed.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const given = process.argv.slice(2)
const reports = (given.length > 0 ? given : [join(root, 'reports/mutation.json')]).map((file) =>
  JSON.parse(readFileSync(file, 'utf8')),
)
const NOTICED = ['Killed', 'Timeout']
const MISSED = ['Survived', 'NoCoverage']

const rooms = { All: [] }
for (const [file, { mutants }] of reports.flatMap(({ files }) => Object.entries(files))) {
  const judged = mutants.filter(({ status }) => [...NOTICED, ...MISSED].includes(status))
  if (judged.length === 0) continue
  const room = /^(src\/[^/]+)\//.exec(file)?.[1] ?? 'src'
  rooms[room] = [...(rooms[room] ?? []), ...judged]
  rooms.All.push(...judged)
}
console.log(`## Mutation score on ${new Date().toISOString().slice(0, 10)}\n`)
console.log('| Room | Score | Mutants | Survived | Not reached |\n| --- | --- | --- | --- | --- |')
for (const [room, mutants] of Object.entries(rooms)) {
  const count = (...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length
  const score = ((100 * count(...NOTICED)) / mutants.length).toFixed(1)
  console.log(`| ${room} | ${score} % | ${mutants.length} | ${count('Survived')} | ${count('NoCoverage')} |`)
}
