/** A stretch of the day on the clocks of one time zone; it may wrap past midnight, and its end is exclusive. */
export interface TimeWindow {
  readonly text: string
  readonly fromMinute: number
  readonly untilMinute: number
  readonly timezone: string
}

const FORM = /^(\d{1,2}):([0-5]\d)\s*-\s*(\d{1,2}):([0-5]\d)$/
const MINUTES_OF_DAY = 24 * 60

/** Reads `20:00-06:00`, also as `8:00 - 18:00`, and with `24:00` as an end; gives `undefined` for anything else. */
export function parseWindow(text: string, timezone: string): TimeWindow | undefined {
  const match = FORM.exec(text)
  if (match === null) return undefined
  const [fromHour = 0, fromMinutes = 0, untilHour = 0, untilMinutes = 0] = match.slice(1).map(Number)
  const [fromMinute, untilMinute] = [fromHour * 60 + fromMinutes, untilHour * 60 + untilMinutes]
  if (fromMinute >= MINUTES_OF_DAY || untilMinute > MINUTES_OF_DAY) return undefined
  return { text: `${toTime(fromMinute)}-${toTime(untilMinute)}`, fromMinute, untilMinute, timezone }
}

function toTime(minuteOfDay: number): string {
  const [hour, minute] = [Math.floor(minuteOfDay / 60), minuteOfDay % 60]
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}

/**
 * True for `UTC`, and for an IANA time zone named by region and place. A name without a region is none: `BST` means Dhaka to
 * some, and `EST` never changes its clocks. Nor is `Etc/GMT+5`, which lies west of Greenwich and reads as if it lay east.
 */
export function isTimezone(name: string): boolean {
  if (name === 'UTC' || name === 'Etc/UTC') return true
  if (!/^[A-Za-z_]+\/[A-Za-z]/.test(name) || /^etc\//i.test(name)) return false
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== ''
  } catch {
    return false
  }
}

/** `HH:MM` on the clocks of a time zone; `wallMs` counts from 1970. */
export function timeOfDay(wallMs: number, timezone: string): string {
  // The first format that a process makes costs as much as a third of all the rest of a run.
  if (timezone === 'UTC') return new Date(wallMs).toISOString().slice(-13, -8)
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(wallMs)
}

/** A moment for someone who reads of it at `nowMs`: `11:00 UTC`, with its day where that is another one. */
export function toMomentText(wallMs: number, nowMs: number): string {
  const [day, today] = [wallMs, nowMs].map((ms) => new Date(ms).toISOString().slice(0, -14))
  return `${day === today ? '' : `${day} `}${timeOfDay(wallMs, 'UTC')} UTC`
}

/** Whether a moment, in milliseconds since 1970, lies inside the window. Daylight saving moves the clocks, and the window with them. */
export function isWithinWindow({ fromMinute, untilMinute, timezone }: TimeWindow, wallMs: number): boolean {
  const [hour = 0, minute = 0] = timeOfDay(wallMs, timezone).split(':').map(Number)
  const now = hour * 60 + minute
  const isWrapped = fromMinute > untilMinute
  return isWrapped ? now >= fromMinute || now < untilMinute : now >= fromMinute && now < untilMinute
}
