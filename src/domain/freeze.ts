/** Days on which nothing is sent, on the calendar of one time zone. */
export interface FreezeDates {
  readonly entries: readonly FreezeEntry[]
  readonly timezone: string
}

/** A day, or a range of days with both ends in it. */
export interface FreezeEntry {
  /** `2026-12-24`, or `2026-12-24..2027-01-02`. */
  readonly text: string
  readonly firstDay: string
  readonly lastDay: string
}

/** A frozen day, and the entry that freezes it. */
export interface FrozenDay {
  readonly day: string
  readonly entry: FreezeEntry
}

/**
 * The entries of a list: apart by commas, line breaks or a comma right before one. A line may be blank; any other empty entry is
 * given as such, since something was to stand there.
 */
export function splitFreezeDates(text: string): string[] {
  const lines = text
    .replace(/,(?=[\r\n]+\s*[^\s,])/g, '')
    .split(/[\r\n]/)
    .filter((line) => line.trim() !== '')
  return lines.flatMap((line) => line.split(',').map((entry) => entry.trim()))
}

/** Reads `2026-12-24` or `2026-12-24..2027-01-02`; gives what is wrong with anything else. */
export function parseFreezeEntry(text: string): FreezeEntry | { readonly reason: string } {
  const days = text.split('..').map((day) => day.trim())
  const [firstDay = '', lastDay = firstDay] = days
  if (days.length > 2 || !days.every((day) => DAY_FORM.test(day)))
    return { reason: 'is not a day (YYYY-MM-DD) or a range of days' }
  const impossible = days.find((day) => !isDay(day))
  if (impossible !== undefined) return { reason: `has a day that is in no calendar: ${impossible}` }
  if (lastDay < firstDay) return { reason: 'ends before it begins' }
  return { text: days.join('..'), firstDay, lastDay }
}

const DAY_FORM = /^\d{4}-\d{2}-\d{2}$/

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}

/** The day in the list's time zone at a moment, in milliseconds since 1970, where it is a frozen one. */
export function findFrozenDay({ entries, timezone }: FreezeDates, wallMs: number): FrozenDay | undefined {
  const day = calendarDay(wallMs, timezone)
  const entry = entries.find(({ firstDay, lastDay }) => firstDay <= day && day <= lastDay)
  return entry === undefined ? undefined : { day, entry }
}

/** `2026-12-24` on the calendar of a time zone; `wallMs` counts from 1970. */
export function calendarDay(wallMs: number, timezone: string): string {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  })
  const parts = Object.fromEntries(format.formatToParts(wallMs).map(({ type, value }) => [type, value]))
  return `${parts.year}-${parts.month}-${parts.day}`
}
