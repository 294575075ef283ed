import { toHarmlessLine } from '../redact.js'

/** A text as inline code in markdown, where it can form no markup, table, link or mention. */
export function toMarkdownCode(text: string): string {
  return `<code>${toEntities(toHarmlessLine(text))}</code>`
}

/** A text as plain words in markdown, where it can form no markup, link or mention. */
export function toMarkdownText(text: string): string {
  return toEntities(toHarmlessLine(text).replaceAll('@', '@\u200b'))
}

/** Characters that form nothing in the middle of a line; `www.` and what begins a list are looked after one by one. */
const PLAIN = /[^\p{L}\p{N} ,.;()?%+'’…–—→\u200b-]/gu

function toEntities(text: string): string {
  return text
    .replace(PLAIN, toEntity)
    .replace(/(?<=www)\./gi, toEntity)
    .replace(/^[-+]+/, (marks) => [...marks].map(toEntity).join(''))
    .replace(/^(\d+)([.)])(?=\s|$)/, (_, digits: string, mark: string) => digits + toEntity(mark))
}

function toEntity(character: string): string {
  return `&#${character.codePointAt(0)};`
}
