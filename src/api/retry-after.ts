/**
 * Milliseconds that a `Retry-After` asks for: seconds, or a date measured against the answer's own `Date`, since this
 * machine's clock may differ. Past, negative and unreadable values count as absent.
 */
export function parseRetryAfter(retryAfter: string | undefined, date: string | undefined): number | undefined {
  const text = retryAfter?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000 || undefined
  if (!/^[A-Z][a-z]{2}/.test(text)) return undefined
  const waitMs = parseHttpDate(text) - parseHttpDate(date ?? '')
  return waitMs > 0 ? waitMs : undefined
}

/** The oldest of the three forms that a date may have names no zone, and means GMT as the others do. */
function parseHttpDate(text: string): number {
  return Date.parse(/\d{4}$/.test(text.trim()) ? `${text} GMT` : text)
}
