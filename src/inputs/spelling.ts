// What keyboards, copies from web pages and other tools put into a value besides what was meant.

/** Characters that leave no mark: zero-width ones, byte order marks and control characters, but no white space. */
const INVISIBLE = /[[\p{Default_Ignorable_Code_Point}\p{Cc}]--[\t\n\r]]/v
const ENDS =
  /^[\s\p{Default_Ignorable_Code_Point}]+|(?<![\s\p{Default_Ignorable_Code_Point}])[\s\p{Default_Ignorable_Code_Point}]+$/gu

const PRINTABLE = /^[ -~]*$/

/** A text without white space and zero-width characters at its ends. */
export function trimEnds(text: string): string {
  // The classes of Unicode are slow to compile, and next to no value needs them.
  if (PRINTABLE.test(text)) return text.trim()
  return text.replace(ENDS, '')
}

/**
 * A text like that of `trimEnds`, but with its line breaks and the indentation of its first line: YAML goes by the indentation, and
 * an error by the number of the line.
 */
export function trimAroundLines(text: string): string {
  const trimmed = trimEnds(text)
  if (trimmed === '') return ''
  const start = text.indexOf(trimmed)
  const before = text.slice(0, start)
  const lineStart = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1
  const indent = before.slice(lineStart).replace(/[^ \t]/g, '')
  return toLineBreaks(before) + indent + trimmed + toLineBreaks(text.slice(start + trimmed.length))
}

function toLineBreaks(text: string): string {
  return text.replace(/[^\r\n]/g, '')
}

/** True where a text has something in it that nobody can see. */
export function hasInvisible(text: string): boolean {
  return !PRINTABLE.test(text) && INVISIBLE.test(text)
}

/** A text with everything taken out that nobody can see. */
export function withoutInvisible(text: string): string {
  return text.replace(new RegExp(INVISIBLE, 'gv'), '')
}

/** A text without one pair of quotes around it: YAML takes away one pair, so a second one is part of the value. */
export function withoutQuotes(text: string): string {
  return trimEnds(text.replace(/^(["'`“”‘’])(.*)["'`“”‘’]$/su, '$2'))
}

/** True where blanks split a number: they may as well stand between two numbers, or between thousands. */
export function hasSplitNumber(text: string): boolean {
  return /\d\s+(?:[.,]\s*)?\d|\d[.,]\s+\d/.test(text)
}

/** A number's decimal comma as a point; `undefined` where the comma may as well stand between thousands (`1,024`). */
export function withDecimalPoint(text: string): string | undefined {
  return /,\d{3}(?!\d)/.test(text) ? undefined : text.replaceAll(',', '.')
}

/** A text without any white space, and with every kind of dash as a hyphen. */
export function withPlainDashes(text: string): string {
  return text.replace(/\s+/g, '').replace(/[\p{Pd}−]/gu, '-')
}
