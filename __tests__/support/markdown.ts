/** A summary as it reads on the page: its text is full of numeric entities, so that a server's words are no markdown. */
export function decodeEntities(markdown: string): string {
  return markdown.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
}

/** What is left of a markdown text once its entities are taken out: that must form nothing. */
export function withoutEntities(markdown: string): string {
  return markdown.replace(/&#\d+;/g, '')
}
