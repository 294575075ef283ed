export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [key: string]: JsonValue
}

/** The way to one value inside an object, key by key. */
export type KeyPath = readonly string[]

/** True for an object with keys: no array, no `null`. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The key's own value; never what an object inherits, so that a key named `constructor` is just a key. */
export function ownValue(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
}

/** The value at a key path, or `undefined`. */
export function valueAt(value: JsonValue | undefined, path: KeyPath): JsonValue | undefined {
  return path.reduce(ownValue, value)
}

/** Deep equality; the order of keys does not matter, the order of an array does. */
export function isSameJson(left: JsonValue | undefined, right: JsonValue | undefined): boolean {
  return canonicalJson(left) === canonicalJson(right)
}

/** One spelling for every equal JSON value: keys sorted. `undefined` has a spelling of its own. */
export function canonicalJson(value: JsonValue | undefined): string {
  if (value === undefined) return 'undefined'
  if (isJsonObject(value)) {
    const entries = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`)
    return `{${entries.join(',')}}`
  }
  return isArray(value) ? `[${value.map(canonicalJson).join(',')}]` : JSON.stringify(value)
}

/** A text as it is, anything else in one spelling of its JSON. */
export function toText(value: JsonValue): string {
  return typeof value === 'string' ? value : canonicalJson(value)
}

function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
