// Reads the part of YAML that our own workflows are written in, since a library would have to be installed before the examples could
// run. What it does not know is an error; a test compares it with a real parser on every file that it is given.

/** The value of a text: maps, lists, texts in quotes or without, `|` and `>` blocks, `[…]` and `{…}` in one line. */
export function parsePlainYaml(source) {
  const lines = source.split('\n')
  let at = 0
  const value = readBlock(0)
  if (skipEmpty()) fail('this does not belong to anything above')
  return value

  function fail(why) {
    throw new Error(`line ${at + 1}: ${why}: ${lines[at]?.trim()}`)
  }

  /** Goes to the next line that says something; false where there is none. */
  function skipEmpty() {
    while (at < lines.length && /^\s*(#.*)?$/.test(lines[at])) at++
    return at < lines.length
  }

  function indentHere() {
    return skipEmpty() ? /^ */.exec(lines[at])[0].length : -1
  }

  function isListHere() {
    return /^ *- /.test(lines[at])
  }

  function readBlock(indent) {
    if (indentHere() !== indent) fail('this is not indented as expected')
    return isListHere() ? readList(indent) : readMap(indent)
  }

  function readList(indent) {
    const list = []
    while (indentHere() === indent && isListHere()) {
      const text = lines[at].slice(indent + 2)
      if (/^[\w-]+:( |$)/.test(text)) {
        // A map that begins in the dash's own line: the dash is as good as two blanks.
        lines[at] = `${' '.repeat(indent + 2)}${text}`
        list.push(readMap(indent + 2))
      } else {
        list.push(readInline(text))
        at++
      }
    }
    return list
  }

  function readMap(indent) {
    const map = {}
    while (indentHere() === indent && !isListHere()) {
      const [, key, rest] = /^([\w.-]+):(?: +(.*))?$/.exec(lines[at].slice(indent)) ?? []
      if (key === undefined) fail('this is no key with a value')
      if (Object.hasOwn(map, key)) fail('this key is there twice')
      map[key] = readValue(rest ?? '', indent)
    }
    if (indentHere() > indent) fail('this is indented too far')
    return map
  }

  /** What follows a key: in its own line, or in those below. */
  function readValue(rest, indent) {
    if (/^[|>]/.test(rest)) return readText(rest, indent)
    if (rest !== '' && !rest.startsWith('#')) {
      const found = readInline(rest)
      at++
      return found
    }
    at++
    const next = indentHere()
    if (next > indent) return readBlock(next)
    return next === indent && isListHere() ? readList(indent) : null
  }

  /** `|` keeps the ends of lines, `>` makes blanks of them; a `-` takes the last one away. */
  function readText(rest, indent) {
    const [, style, chomp] = /^([|>])(-?)$/.exec(rest) ?? fail('this kind of text is not known here')
    at++
    const inner = indentHere()
    const found = []
    for (; at < lines.length && (lines[at].trim() === '' || lines[at].startsWith(' '.repeat(indent + 1))); at++) {
      found.push(lines[at].slice(inner))
    }
    while (found.at(-1) === '') found.pop()
    if (style === '>' && found.some((line) => line === '' || line.startsWith(' '))) fail('this text is not known here')
    return found.join(style === '|' ? '\n' : ' ') + (chomp === '-' ? '' : '\n')
  }

  function readInline(text) {
    const reader = { text, at: 0 }
    const found = readFlow(reader, false)
    if (!/^\s*(\s#.*)?$/.test(text.slice(reader.at))) fail('this has more than one value')
    return found
  }

  function readFlow(reader, isInside) {
    const rest = reader.text.slice(reader.at)
    if (rest.startsWith('[')) return readItems(reader, ']', [], (list) => list.push(readFlow(reader, true)))
    if (rest.startsWith('{')) return readItems(reader, '}', {}, () => fail('a map in one line is not known here'))
    const quoted = /^"(?:[^"\\]|\\.)*"|^'(?:[^']|'')*'/.exec(rest)?.[0]
    const plain = quoted ?? (isInside ? /^[^,[\]{}]*/ : /^.*?(?= +#|$)/).exec(rest)[0]
    reader.at += plain.length
    if (quoted?.startsWith('"')) return JSON.parse(quoted)
    if (quoted !== undefined) return quoted.slice(1, -1).replaceAll("''", "'")
    if (/^[&*!%@`|>"']|: /.test(plain)) fail('this is not known here')
    return toScalar(plain.trim())
  }

  function readItems(reader, end, items, readItem) {
    const skip = () => {
      reader.at += /^ */.exec(reader.text.slice(reader.at))[0].length
    }
    reader.at++
    for (skip(); reader.text[reader.at] !== end; skip()) {
      readItem(items)
      skip()
      if (reader.text[reader.at] === ',') reader.at++
      else if (reader.text[reader.at] !== end) fail('this list does not end in its line')
      skip()
    }
    reader.at++
    return items
  }
}

function toScalar(text) {
  if (text === 'true' || text === 'false') return text === 'true'
  if (text === '' || text === 'null' || text === '~') return null
  return /^[-+]?(\d+|\d*\.\d+)$/.test(text) ? Number(text) : text
}
