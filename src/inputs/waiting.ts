import { toDurationText } from '../domain/duration.js'
import type { Task } from '../domain/task.js'
import { WAITING_DEFAULTS } from '../policy.js'
import { parseBoolean, parseChoice } from './choices.js'
import { type DurationRules, parseDurationInput } from './durations.js'
import type { InputReader } from './reader.js'

type Waiting = Pick<
  Task,
  'wait' | 'timeoutMs' | 'pollIntervalMs' | 'settleTimeMs' | 'degradedGraceMs' | 'onBusy' | 'onConflict'
>

/** Reads whether, how long and for what a run waits. */
export function readWaiting(read: InputReader, mode: Task['mode'] | undefined): Waiting {
  const timeoutMs = read.read('timeout', parseDurationInput({ bareUnits: unitsOfTimeout }))
  return {
    wait: readWait(read, mode),
    timeoutMs: timeoutMs ?? Number.NaN,
    pollIntervalMs: readShare(read, 'poll-interval', timeoutMs, WAITING_DEFAULTS.pollInterval),
    settleTimeMs: readShare(read, 'settle-time', timeoutMs, { ...WAITING_DEFAULTS.settleTime, zero: true }),
    degradedGraceMs: read.read('degraded-grace', parseDurationInput({ zero: true })) ?? Number.NaN,
    onBusy:
      read.read('on-busy', parseChoice(['wait', 'fail'], { retry: 'wait', queue: 'wait', ...FAIL_WORDS })) ?? 'wait',
    onConflict: read.read('on-conflict', parseChoice(['retry', 'fail'], FAIL_WORDS)) ?? 'retry',
  }
}

const FAIL_WORDS = { abort: 'fail', cancel: 'fail', error: 'fail', exit: 'fail', stop: 'fail' } as const

/** Where GitHub's own `timeout-minutes` counts minutes, a bare number means them; no job lasts longer than six hours of them. */
function unitsOfTimeout(count: number): readonly string[] {
  return count <= 360 ? ['m'] : ['s', 'm']
}

function readWait(read: InputReader, mode: Task['mode'] | undefined): boolean {
  const wait = read.read('wait', parseBoolean) ?? true
  if (mode === 'verify' && !wait) {
    const reason = 'makes no sense with mode verify, which does nothing but wait'
    return read.fail('wait', { reason, repaired: ['true'] }, { text: read.text('wait') ?? '' }) ?? false
  }
  return wait
}

interface ShareRules extends DurationRules {
  readonly ms: number
  readonly shareOfTimeout: number
}

/** A time that is part of the whole: a share of `timeout` at most where it was not given, and below it where it was. */
function readShare(
  read: InputReader,
  name: 'poll-interval' | 'settle-time',
  timeoutMs: number | undefined,
  { ms, shareOfTimeout, ...rules }: ShareRules,
): number {
  const given = read.read(name, parseDurationInput(rules))
  if (timeoutMs === undefined) return Number.NaN
  const byDefault = Math.min(ms, timeoutMs * shareOfTimeout)
  if (given !== undefined && given >= timeoutMs) {
    const text = read.text('timeout')
    const reason = `must be below timeout, which is ${text ?? `${toDurationText(timeoutMs)} when not given`}`
    const example = byDefault < 1_000 ? `${Math.ceil(byDefault)}ms` : toDurationText(byDefault)
    read.fail(name, { reason, example }, { text: read.text(name) ?? '' })
  }
  return given ?? byDefault
}
