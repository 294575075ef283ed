// What GitHub has understood since spring 2026, and neither actionlint 1.7.12 nor act 0.2.89 knows: they refuse the whole file.

/** A workflow's text without `queue` of a concurrency group and `timezone` of a schedule; its lines keep their numbers. */
export function withoutNewerSyntax(text) {
  return text.replace(/^ +queue: max(?: +#.*)?$/gm, '').replace(/^( +- cron: .*\n) +timezone: .*$/gm, '$1')
}
