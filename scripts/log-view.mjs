// Shows a step's log and summary in a terminal, near enough to how GitHub shows them in a browser.

const STYLES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 }
const hasColours = process.stdout.isTTY === true && !process.env.NO_COLOR

/** A text in a style, where the terminal and the person in front of it want styles. */
export function styled(style, text) {
  return hasColours ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text
}

/** Makes a function that gives a raw line of a step as GitHub's log shows it, or `undefined` where it shows none; titles stand in its annotations only. */
export function createLogView() {
  const masks = new Set()
  const masked = (text) => [...masks].reduce((shown, mask) => shown.replaceAll(mask, '***'), text)
  return (line) => {
    const [, command, data = ''] = /^\s*::([\w-]+)(?: .*?)?::(.*)$/.exec(line) ?? []
    if (command === undefined) return masked(line)
    const text = unescaped(data)
    if (command === 'add-mask') masks.add(text)
    const label = ANNOTATIONS[command]
    if (label === undefined) return undefined
    return styled(label.style, masked(`${label.word}: ${text}`))
  }
}

const ANNOTATIONS = {
  error: { word: 'Error', style: 'red' },
  warning: { word: 'Warning', style: 'yellow' },
  notice: { word: 'Notice', style: 'cyan' },
}

function unescaped(text) {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
}

/** A summary's markdown as text to read: tables aligned, folds left folded, markup left out. */
export function toReadableText(markdown) {
  const blocks = markdown
    .replace(/^```mermaid\n[\s\S]*?^```$/gm, '[a chart of the phases]')
    .replace(/<details>\s*<summary>(.*?)<\/summary>[\s\S]*?<\/details>/g, '▸ $1')
    .split(/\n{2,}/)
  return blocks
    .map((block) => block.trim())
    .filter((block) => block !== '')
    .map(toReadableBlock)
    .join('\n\n')
}

function toReadableBlock(block) {
  if (block.startsWith('|')) return toAlignedTable(block)
  if (block.startsWith('#')) return styled('bold', withoutMarkup(block.replace(/^#+ /, '')))
  return withoutMarkup(block.replace(/^> ?/gm, '').replace(/^\[!(\w+)\]$/m, (_, kind) => styled('red', kind)))
}

function toAlignedTable(block) {
  const rows = block
    .split('\n')
    .filter((line) => !/^[|\s:-]+$/.test(line))
    .map((line) =>
      line
        .replace(/^\||\|$/g, '')
        .split('|')
        .map((cell) => withoutMarkup(cell).trim()),
    )
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows
    .map((row, index) => {
      const line = row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('   ')
        .trimEnd()
      return index === 0 ? styled('dim', line) : line
    })
    .join('\n')
}

function withoutMarkup(text) {
  return text
    .replace(/<[^>]*>/g, '')
    .replaceAll('**', '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replaceAll('\u200b', '')
}
