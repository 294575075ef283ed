// What GitHub has understood since autumn 2025, and actionlint 1.7.12 or act 0.2.89 does not know: they refuse the whole file.

/** A workflow's text without aliases, `queue` of a concurrency group and `timezone` of a schedule; its lines keep their numbers. */
export function withoutNewerSyntax(text) {
  return withoutAliases(text)
    .replace(/^ +queue: max(?: +#.*)?$/gm, '')
    .replace(/^( +- cron: .*\n) +timezone: .*$/gm, '$1')
}

/** The same text with each list that has a name (`&name […]`) written out where it is meant again (`*name`). */
export function withoutAliases(text) {
  const lists = new Map(Array.from(text.matchAll(/: &([\w-]+) (\[.*\])$/gm), ([, name, list]) => [name, list]))
  return text
    .replace(/: &[\w-]+ (?=\[.*\]$)/gm, ': ')
    .replace(/: \*([\w-]+)$/gm, (whole, name) => (lists.has(name) ? `: ${lists.get(name)}` : whole))
}
