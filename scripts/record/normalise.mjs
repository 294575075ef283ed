// Takes out of a recording what differs although the action did the same: times, ports, paths, and how often it polled.

/**
 * Makes the function that normalises a text of one scenario. No step runs for a minute, so a duration that depends on the run has
 * at most two digits of seconds; where no request was made, such a duration is one that the texts on inputs are about, and stays.
 */
export function createNormaliser({ folder, port, windows, hasRequests }) {
  const markdown = (text) => text.replaceAll(':', '&#58;')
  const known = [
    [folder, '<folder>'],
    ...Object.entries(windows).flatMap(([name, text]) => [
      [text, `{${name}}`],
      [markdown(text), `{${name}}`],
    ]),
  ]
  const rules = [
    [new RegExp(`\\b${port}\\b`, 'g'), '<port>'],
    [/\(node:\d+\)/g, '(node:<pid>)'],
    // The chart's bars, in milliseconds since 1970, and its axis.
    [/\b1\d{12}\b/g, '<ms>'],
    [/^( *tickInterval) .*/gm, '$1 <interval>'],
    [/^\[\d+s\] */gm, '[<time>] '],
    [/\b(Took|after) \d{1,2}s\b/g, '$1 <time>'],
    [/\b(It is) \d\d(?::|&#58;)\d\d\b/g, '$1 <time of day>'],
    [/\b\d\d(?::|&#58;)\d\d(?= UTC\b)/g, '<time of day>'],
    [/\b\d+ (tries|times)\b/g, '<n> $1'],
    ...(hasRequests ? [[/(?<![\w%.,])\d{1,2}(?:\.\d)? ?s\b/g, '<time>']] : []),
  ]
  return (text) => {
    const named = known.reduce((result, [from, to]) => result.replaceAll(from, to), text)
    return rules.reduce((result, [pattern, to]) => result.replace(pattern, to), named)
  }
}

/**
 * Makes one of several equal things in a row: how often the action polled depends on how fast the machine was. That there was more
 * than one is kept of requests, since it tells a try that was repeated from one that was not.
 */
export function collapsed(things, mayCollapse = () => true) {
  const kept = []
  for (const thing of things) {
    const before = kept.at(-1)
    const isSame = before !== undefined && JSON.stringify(before.thing) === JSON.stringify(thing)
    if (isSame && mayCollapse(thing)) before.isRow = true
    else kept.push({ thing, isRow: false })
  }
  return kept.map(({ thing, isRow }) => (isRow && typeof thing === 'object' ? { ...thing, repeated: true } : thing))
}
