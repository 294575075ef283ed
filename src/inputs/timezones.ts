import { isTimezone } from '../domain/window.js'
import type { Fault } from '../errors.js'
import { findNearest } from './nearest.js'
import { type Parsed, toFault } from './reader.js'
import { withoutQuotes } from './spelling.js'

/** Reads `UTC`, or the name of a time zone with its region. */
export function parseTimezone(text: string): Parsed<string> {
  return isTimezone(text) ? { value: text } : faultOf(withoutQuotes(text))
}

/** Where people who write an abbreviation are; some are used in several places, and some never change their clocks. */
const REGIONS: Readonly<Record<string, readonly string[]>> = {
  acst: ['Australia/Adelaide'],
  acdt: ['Australia/Adelaide'],
  aedt: ['Australia/Sydney'],
  aest: ['Australia/Sydney', 'Australia/Brisbane'],
  akdt: ['America/Anchorage'],
  akst: ['America/Anchorage'],
  ast: ['America/Halifax', 'Asia/Riyadh'],
  awst: ['Australia/Perth'],
  brt: ['America/Sao_Paulo'],
  bst: ['Europe/London', 'Asia/Dhaka'],
  cat: ['Africa/Maputo'],
  cdt: ['America/Chicago'],
  cest: ['Europe/Berlin', 'Europe/Paris'],
  cet: ['Europe/Berlin', 'Europe/Paris'],
  cst: ['America/Chicago', 'Asia/Shanghai'],
  cst6cdt: ['America/Chicago'],
  eat: ['Africa/Nairobi'],
  edt: ['America/New_York'],
  eest: ['Europe/Helsinki', 'Europe/Athens'],
  eet: ['Europe/Helsinki', 'Europe/Athens'],
  eire: ['Europe/Dublin'],
  est: ['America/New_York'],
  est5edt: ['America/New_York'],
  gb: ['Europe/London'],
  gmt: ['UTC', 'Europe/London'],
  hkt: ['Asia/Hong_Kong'],
  hst: ['Pacific/Honolulu'],
  ist: ['Asia/Kolkata', 'Europe/Dublin', 'Asia/Jerusalem'],
  japan: ['Asia/Tokyo'],
  jst: ['Asia/Tokyo'],
  kst: ['Asia/Seoul'],
  mdt: ['America/Denver'],
  met: ['Europe/Berlin', 'Europe/Paris'],
  mez: ['Europe/Berlin'],
  mesz: ['Europe/Berlin'],
  msk: ['Europe/Moscow'],
  mst: ['America/Denver', 'America/Phoenix'],
  mst7mdt: ['America/Denver'],
  nzdt: ['Pacific/Auckland'],
  nzst: ['Pacific/Auckland'],
  pdt: ['America/Los_Angeles'],
  pst: ['America/Los_Angeles'],
  pst8pdt: ['America/Los_Angeles'],
  sgt: ['Asia/Singapore'],
  singapore: ['Asia/Singapore'],
  west: ['Europe/Lisbon'],
  wet: ['Europe/Lisbon'],
}

const SAME_AS_UTC = /^(?:etc\/)?(?:utc|uct|z|zulu|universal|gmt|greenwich|(?:utc|gmt)[+-]?0)$/i
const OFFSET = /^(?:etc\/)?(?:utc|gmt)?\s*[+−-]\s*\d/i

function faultOf(text: string): Fault {
  const word = text.toLowerCase()
  if (Object.hasOwn(REGIONS, word)) {
    const reason = 'names no region, so it may mean another place or never change its clocks'
    return { reason, repaired: REGIONS[word] ?? [] }
  }
  if (SAME_AS_UTC.test(text)) return { reason: 'is not how UTC is written here', repaired: ['UTC'] }
  if (OFFSET.test(text)) {
    const sign = word.startsWith('etc/') ? ' with an inverted sign' : ''
    return { reason: `is an offset${sign}, which knows no summer time; name a region` }
  }
  return toFault('is not UTC, nor an IANA time zone with its region', [findPlace(text)])
}

/** A zone by its place alone, or by a name that is nearly right. */
function findPlace(text: string): string | undefined {
  const zones = Intl.supportedValuesOf('timeZone')
  const place = text.replaceAll(/\s+/g, '_').toLowerCase()
  return zones.find((zone) => zone.toLowerCase().endsWith(`/${place}`)) ?? findNearest(text, zones)
}
