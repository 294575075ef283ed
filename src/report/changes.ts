import { type Outcome, toShortList } from '../domain/outcome.js'
import type { Edit } from '../domain/plan.js'
import { LONGEST } from '../policy.js'

/** Changes in a few words: `cpu 4 → 8, 3 alert settings`; as many as a title has room for, then their number. */
export function toChangesText(edits: readonly Edit[], toText: (edit: Edit) => string = toEditText): string {
  const alerts = edits.filter(({ field }) => isAlert(field)).length
  const words = [
    ...edits.filter(({ field }) => !isAlert(field)).map(toText),
    ...(alerts === 0 ? [] : [alerts === 1 ? '1 alert setting' : `${alerts} alert settings`]),
  ]
  for (let shown = words.length; shown > 0; shown--) {
    const text = toShortList(words, shown)
    if (text.length <= LONGEST.changes) return text
  }
  return words.length === 0 ? '' : `${words.length} ${words.length === 1 ? 'change' : 'changes'}`
}

function toEditText({ field, from, to }: Edit): string {
  return `${field} ${from ?? 'absent'} → ${to ?? 'absent'}`
}

/** Whether a field stands inside `alerts`, where values are not shown. */
export function isAlert(field: string): boolean {
  return /^alerts\b/.test(field)
}

/** The fields that an ending is about, in as few words. */
export function fieldsOf({ fieldNames = [] }: Outcome): string {
  return toChangesText(
    fieldNames.map((field) => ({ field })),
    ({ field }) => field,
  )
}
