const FORM = /^(?:(\d{1,6})h)?(?:(\d{1,7})m)?(?:(\d{1,9})s)?(?:(\d{1,9})ms)?$/

/** Milliseconds of `30s`, `15m`, `1h30m` or `250ms`; `undefined` for anything else, a bare number included. */
export function parseDuration(text: string): number | undefined {
  const match = FORM.exec(text)
  if (text === '' || match === null) return undefined
  const [hours = 0, minutes = 0, seconds = 0, milliseconds = 0] = match.slice(1).map((digits) => Number(digits ?? 0))
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + milliseconds
}

/** A duration for people: `45s`, `12m 30s`, `1h 5m`. */
export function toDurationText(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  if (seconds < 60) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m ${seconds % 60}s`
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${Math.floor(minutes / 60)}h ${minutes % 60}m`
}
