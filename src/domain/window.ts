/** A stretch of the day on the clocks of one time zone; it may wrap past midnight, and its end is exclusive. */
export interface TimeWindow {
  readonly text: string
  readonly fromMinute: number
  readonly untilMinute: number
  readonly timezone: string
}

const FORM = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/

/** Reads `20:00-06:00`; gives `undefined` for anything else. */
export function parseWindow(text: string, timezone: string): TimeWindow | undefined {
  const match = FORM.exec(text)
  if (match === null) return undefined
  const [fromHour = 0, fromMinute = 0, untilHour = 0, untilMinute = 0] = match.slice(1).map(Number)
  return { text, fromMinute: fromHour * 60 + fromMinute, untilMinute: untilHour * 60 + untilMinute, timezone }
}

/** True for an IANA time zone that this runtime knows. */
export function isTimezone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== ''
  } catch {
    return false
  }
}

/** `HH:MM` on the clocks of a time zone; `wallMs` counts from 1970. */
export function timeOfDay(wallMs: number, timezone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(wallMs)
}

/** Whether a moment, in milliseconds since 1970, lies inside the window. Daylight saving moves the clocks, and the window with them. */
export function isWithinWindow({ fromMinute, untilMinute, timezone }: TimeWindow, wallMs: number): boolean {
  const [hour = 0, minute = 0] = timeOfDay(wallMs, timezone).split(':').map(Number)
  const now = hour * 60 + minute
  const isWrapped = fromMinute > untilMinute
  return isWrapped ? now >= fromMinute || now < untilMinute : now >= fromMinute && now < untilMinute
}
