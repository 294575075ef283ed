/** What the server says of a fault, in an error's body or as a warning. */
export interface ServerWords {
  readonly message?: string | undefined
  /** The server's own name for it, such as `HA_DISABLE_UNSUPPORTED`. */
  readonly code?: string | undefined
  /** The path of the field it is about. */
  readonly field?: string | undefined
}

/** What a warning of the server's begins with, to tell it from ours. */
export const SERVER_WARNS = 'The server warns: '

/** What the warning of an unhealthy cluster begins with, before the server says why; it is read when that may be over. */
export const WAS_DEGRADED = 'The cluster was Degraded when this was planned'

/** One line: `it cannot be turned off (code HA_DISABLE_UNSUPPORTED, field spec.highAvailability)`. */
export function toWordsText({ message, code, field }: ServerWords): string {
  const names = [...(code ? [`code ${code}`] : []), ...(field ? [`field ${field}`] : [])].join(', ')
  if (!message) return names
  return names === '' ? message : `${message} (${names})`
}

/** One spelling for all texts that differ only in their numbers. */
export function toKind(text: string): string {
  return text.replace(/\d+(?:[.,:]\d+)*/g, '0')
}
