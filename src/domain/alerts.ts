import { isJsonObject, isSameJson, type JsonObject, type JsonValue, type KeyPath, valueAt } from './json.js'

/** The paths of all values asked for: objects are walked key by key, an empty object, an array and a scalar are values. */
export function leafPaths(asked: JsonObject): KeyPath[] {
  return Object.keys(asked).flatMap((key) => {
    const value = asked[key]
    const isBranch = isJsonObject(value) && Object.keys(value).length > 0
    return isBranch ? leafPaths(value).map((path) => [key, ...path]) : [[key]]
  })
}

/** A key path for people: `alerts.a.b` for two keys, `alerts["a.b"]` for one that has a dot in it. */
export function toAlertName(path: KeyPath): string {
  return path.reduce((name, key) => name + (/^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`), 'alerts')
}

/** Whether `null` is asked for anywhere: that is met by absence, so a read must be able to show what is absent. */
export function asksForAbsence(asked: JsonObject | undefined): boolean {
  return asked !== undefined && leafPaths(asked).some((path) => valueAt(asked, path) === null)
}

/** True when the live value is what was asked: an empty object asks only for an object, `null` is met by absence. */
export function isValueMet(asked: JsonValue | undefined, live: JsonValue | undefined): boolean {
  if (asked === null) return live === undefined || live === null
  if (isJsonObject(asked) && Object.keys(asked).length === 0) return isJsonObject(live)
  return isSameJson(asked, live)
}

/** The same keys with every value hidden, since values inside `alerts` may be secrets. */
export function withoutValues(alerts: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.keys(alerts).map((key) => {
      const value = alerts[key]
      return [key, isJsonObject(value) ? withoutValues(value) : '***']
    }),
  )
}

/** A shorter number is a threshold, and stands in too many other places. */
const LONG_NUMBER_DIGITS = 6

/** Every text inside a JSON value, however deep, and every number long enough to be a secret. */
export function textsIn(value: JsonValue | undefined): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number' && String(value).length >= LONG_NUMBER_DIGITS) return [String(value)]
  if (value === undefined || value === null || typeof value !== 'object') return []
  return Object.values(value).flatMap(textsIn)
}
