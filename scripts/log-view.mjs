// Shows a step's log and summary in a terminal, much as GitHub shows them in a browser.

const STYLES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 }
const hasColours = process.stdout.isTTY === true && !process.env.NO_COLOR

/** A text in a style, where the output is a terminal and NO_COLOR is not set. */
export function styled(style, text) {
  return hasColours ? `\u001b[${STYLES[style]}m${text}\u001b[0m` : text
}

/**
 * Makes a function that returns a raw line of a step as GitHub's log shows it, or `undefined` where the log leaves it out.
 * Titles of errors and warnings are left out too: GitHub shows them in annotations only.
 */
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

/** A summary's markdown as plain text: tables aligned, collapsed sections by their titles only, markup left out. */
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
