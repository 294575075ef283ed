// Tells two recordings apart, scenario by scenario, in lines that can be read like a diff.

/**
 * The differences in words: which scenarios came or went, then each change once, with all the scenarios it happened in.
 * Empty where the recordings are the same.
 */
export function compareRecordings(before, after) {
  const [{ scenarios: old, ...oldCommon }, { scenarios: now, ...nowCommon }] = [before, after]
  const gone = Object.keys(old).filter((name) => now[name] === undefined)
  const added = Object.keys(now).filter((name) => old[name] === undefined)
  const both = Object.keys(old).filter((name) => now[name] !== undefined)
  const changes = [
    { name: '(all scenarios)', text: diffText(toLines(oldCommon), toLines(nowCommon)) },
    ...both.map((name) => ({ name, text: diffText(toLines(old[name]), toLines(now[name])) })),
  ].filter(({ text }) => text !== '')
  const groups = Map.groupBy(changes, ({ text }) => text)
  const count = changes.filter(({ name }) => both.includes(name)).length
  return [
    ...gone.map((name) => `only in the first: ${name}`),
    ...added.map((name) => `only in the second: ${name}`),
    ...[...groups].map(([text, those]) => `${those.map(({ name }) => `=== ${name}`).join('\n')}\n${text}`),
    ...(gone.length + added.length + changes.length === 0 ? [] : [`${count} of ${both.length} scenarios differ`]),
  ]
}

/** Each value on a line of its own, behind the way to it: no line loses its meaning when its neighbours are left out. */
function toLines(value, path = '') {
  if (Array.isArray(value)) return value.flatMap((item) => toLines(item, path))
  // A request is understood as a whole or not at all.
  if (typeof value?.request === 'string') return [`${path}: ${JSON.stringify(value)}`]
  if (typeof value !== 'object' || value === null)
    return [`${path}: ${typeof value === 'string' ? value : String(value)}`]
  return Object.entries(value).flatMap(([key, item]) => toLines(item, path === '' ? key : `${path} ${key}`))
}

/** The lines that only one side has, by the longest common subsequence. */
function diffText(old, now) {
  const lengths = Array.from({ length: old.length + 1 }, () => new Uint32Array(now.length + 1))
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      lengths[i][j] = old[i] === now[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1])
    }
  }
  const lines = []
  let [i, j] = [0, 0]
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      i++
      j++
    } else if (j === now.length || (i < old.length && lengths[i + 1][j] >= lengths[i][j + 1]))
      lines.push(`- ${old[i++]}`)
    else lines.push(`+ ${now[j++]}`)
  }
  return lines.join('\n')
}
