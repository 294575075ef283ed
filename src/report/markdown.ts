import { LONGEST } from '../policy.js'
import { cutOff, toHarmlessLine } from '../redact.js'

/** A text as inline code in markdown, where it can form no markup, table, link or mention. */
export function toMarkdownCode(text: string): string {
  return `<code>${toEntities(toHarmlessLine(text))}</code>`
}

/** A text as plain words in markdown, where it can form no markup, link or mention. */
export function toMarkdownText(text: string): string {
  return toEntities(toHarmlessLine(text).replaceAll('@', '@\u200b'))
}

/** Characters that form nothing in the middle of a line; `www.` and what begins a list are looked after one by one. */
const NOT_PLAIN = /[^A-Za-z0-9 ,.;()?%+'’…–—→\u200b-]/gu

function toEntities(text: string): string {
  return text
    .replace(NOT_PLAIN, (character) => (isLetterOrDigit(character) ? character : toEntity(character)))
    .replace(/(?<=www)\./gi, toEntity)
    .replace(/^[-+]+/, (marks) => [...marks].map(toEntity).join(''))
    .replace(/^(\d+)([.)])(?=\s|$)/, (_, digits: string, mark: string) => digits + toEntity(mark))
}

/** Whether one character is a letter or a digit of any script. The classes of Unicode are slow to compile, so ASCII goes without. */
export function isLetterOrDigit(character: string): boolean {
  return character < '\u0080' ? /[A-Za-z0-9]/.test(character) : /[\p{L}\p{N}]/u.test(character)
}

function toEntity(character: string): string {
  return `&#${character.codePointAt(0)};`
}

/** The rows and columns of a table; every cell is markdown already. */
export function toTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const toRow = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [toRow(head), toRow(head.map(() => '---')), ...rows.map(toRow)].join('\n')
}

/** A text in a cell of a table, as plain words: cut off before it becomes markup, which must stay whole. */
export function toMarkdownCell(text: string): string {
  return toBreakable(cutOff(toHarmlessLine(text), LONGEST.cell), toMarkdownText)
}

/** A text in a cell of a table, as inline code; nothing where there is none. */
export function toCodeCell(text: string | null | undefined): string {
  if (text === undefined || text === null) return ''
  return `<code>${toBreakable(cutOff(toHarmlessLine(text), LONGEST.cell), toEntities)}</code>`
}

/** Lets a browser break words that would make a table wider than a phone. */
function toBreakable(text: string, toMarkup: (part: string) => string): string {
  return text
    .split(LONG_WORD)
    .map((part, index) => (index % 2 === 0 ? toMarkup(part) : toParts(part).map(toMarkup).join('<wbr>')))
    .join('')
}

const LONG_WORD = /(\S{17,})/
const LONGEST_PART = 8

function toParts(word: string): string[] {
  const characters = [...word]
  const starts = characters.flatMap((_, index) => (index % LONGEST_PART === 0 ? [index] : []))
  return starts.map((start) => characters.slice(start, start + LONGEST_PART).join(''))
}

/** How long a markdown text may be where it is to go: a file counts bytes, a comment characters. */
export type SizeLimit = { readonly bytes: number } | { readonly characters: number }

/**
 * Joins sections to one text within a limit. What is too long loses whole sections from its end, never a part of one; the first
 * two, title and lead, are always there.
 */
export function joinSections(sections: readonly string[], limit: SizeLimit): string {
  const isShort = (text: string) =>
    'bytes' in limit ? Buffer.byteLength(text) <= limit.bytes : text.length <= limit.characters
  const join = (parts: readonly string[]) => {
    const text = parts.filter((part) => part !== '').join('\n\n')
    return text === '' ? '' : `${text}\n`
  }
  const whole = join(sections)
  if (isShort(whole)) return whole
  for (let kept = sections.length - 1; kept >= 2; kept--) {
    const text = join([...sections.slice(0, kept), toLeftOut(sections.length - kept)])
    if (isShort(text)) return text
  }
  // Not even the lead is short enough, which the limits of its parts are there to prevent: it loses whole lines.
  const lines = join(sections.slice(0, 2)).split('\n')
  while (lines.length > 1 && !isShort(`${lines.join('\n')}\n`)) lines.pop()
  return `${lines.join('\n')}\n`
}

function toLeftOut(count: number): string {
  return `*Left out, as it would be too long: the ${count === 1 ? 'last section' : `last ${count} sections`} of this report.*`
}

/** A link; its text is markdown already. */
export function toLink(text: string, url: string): string {
  return `[${text}](${encodeURI(url).replaceAll('(', '%28').replaceAll(')', '%29')})`
}
