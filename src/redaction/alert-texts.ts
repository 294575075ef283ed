import { type AlertLeaf, alertLeaves, isTelling, secretTextsIn } from '../domain/alerts.js'
import type { JsonValue } from '../domain/json.js'
import { LONGEST, MOST } from '../policy.js'
import { type TextLevel, unescapedForms } from './escapes.js'
import { placesOf, type Span } from './spans.js'

/** Long texts are searched for in chunks of this length, so that a part of one is found, too, and no search takes long. */
const CHUNK = 32

/** Shorter texts are taken out only where they are whole words, as they may be part of longer ones. */
const SHORTEST_PART = 12

/** What every text to take out begins with, at the least. */
const PREFIX = 6

const WORD_CHARACTER = /[\p{L}\p{N}_]/u

/**
 * The texts from inside `alerts`. They are never made into one expression, which would overflow and put them all into its error;
 * instead, each place of a text is looked up by its first characters, so that it takes one walk however many there are.
 */
export class AlertTexts {
  /** Values that gave texts before: a poll brings the same ones again and again. */
  private readonly values = new Set<string>()
  private readonly known = new Set<string>()
  private readonly keys = new Set<string>()
  private readonly chunks = new Set<string>()
  /** How long the chunks with these first characters are, the longest first. */
  private readonly lengthsByPrefix = new Map<string, number[]>()
  private characters = 0
  /** What is shown whatever the reads show, and what the first read and the last one have shown. */
  private readonly alwaysShown: string[] = []
  private firstShown: readonly string[] | undefined
  private lastShown: readonly string[] = []
  private readonly shownChunks = new Map<string, boolean>()

  get isOverwhelmed(): boolean {
    return this.known.size > MOST.alertTexts || this.characters > MOST.alertCharacters
  }

  learn(alerts: JsonValue | undefined): void {
    if (this.isOverwhelmed) return
    for (const leaf of alertLeaves(alerts)) {
      if (leaf.kind === 'key') this.learnKey(leaf.text)
      else this.learnLeaf(leaf)
      if (!this.isOverwhelmed) continue
      this.forget()
      return
    }
  }

  showAlways(words: readonly string[]): void {
    this.alwaysShown.push(...words.flatMap(shownForms))
    this.shownChunks.clear()
  }

  showRead(words: readonly string[]): void {
    const texts = words.flatMap(shownForms)
    if (texts.join('\n') === this.lastShown.join('\n')) return
    this.firstShown ??= texts
    this.lastShown = texts
    this.shownChunks.clear()
  }

  /** The places of these texts; a member that can be passed on by itself. */
  readonly find = function* (this: AlertTexts, { text }: TextLevel): Generator<Span> {
    const blanked = toBlanked(text)
    for (let from = 0; from + PREFIX <= blanked.length; from++) {
      const lengths = this.lengthsByPrefix.get(blanked.slice(from, from + PREFIX))
      if (lengths === undefined) continue
      for (const length of lengths) {
        const to = from + length
        const chunk = blanked.slice(from, to)
        if (!this.chunks.has(chunk) || this.isShown(chunk)) continue
        if (length < SHORTEST_PART && !isWholeWord(blanked, from, to)) continue
        yield { from, to }
        // Those that follow are shorter.
        break
      }
    }
  }.bind(this)

  /** Key paths are shown, so a value that is one of the keys is none of the secrets. */
  private learnKey(key: string): void {
    const text = toBlanked(key)
    if (key.length < PREFIX || this.keys.has(text)) return
    this.keys.add(text)
    this.shownChunks.clear()
  }

  private learnLeaf(leaf: AlertLeaf): void {
    if (this.values.has(leaf.text)) return
    for (const text of secretTextsIn(leaf)) {
      this.values.add(leaf.text)
      if (this.known.has(text)) continue
      this.known.add(text)
      this.characters += text.length
      if (this.isOverwhelmed) return
      // A text that is escaped itself is repeated as it is, or without its escapes.
      const forms = unescapedForms(text).filter(isTelling).map(toBlanked)
      for (const chunk of forms.flatMap(chunksOf)) this.addChunk(chunk)
    }
  }

  private addChunk(chunk: string): void {
    if (this.chunks.has(chunk)) return
    this.chunks.add(chunk)
    const prefix = chunk.slice(0, PREFIX)
    const lengths = this.lengthsByPrefix.get(prefix) ?? []
    if (lengths.includes(chunk.length)) return
    this.lengthsByPrefix.set(
      prefix,
      [...lengths, chunk.length].sort((left, right) => right - left),
    )
  }

  private isShown(chunk: string): boolean {
    const isKnown = this.shownChunks.get(chunk)
    if (isKnown !== undefined) return isKnown
    const words = [...this.alwaysShown, ...(this.firstShown ?? []), ...this.lastShown]
    const isShown = this.keys.has(chunk) || words.some((word) => isPartOf(chunk, word))
    this.shownChunks.set(chunk, isShown)
    return isShown
  }

  /** Nothing is searched for any more; that there was too much stays known. */
  private forget(): void {
    this.chunks.clear()
    this.lengthsByPrefix.clear()
  }
}

/** A value as an output shows it, with its escapes and without; a version is `v1.32.3` or `1.32.3`. */
function shownForms(word: string): string[] {
  const [text = '', ...forms] = unescapedForms(word.slice(0, LONGEST.scalar))
  return [text, text.replace(/^v(?=\d)/, ''), ...forms]
}

/** Blanks of any kind are one: whoever repeats a text may break its lines, and in a URL a blank is a plus. */
function toBlanked(text: string): string {
  return text.replace(/[\s+]/g, ' ')
}

function chunksOf(text: string): string[] {
  if (text.length <= CHUNK) return [text]
  const whole = Array.from({ length: Math.floor(text.length / CHUNK) }, (_, index) =>
    text.slice(index * CHUNK, (index + 1) * CHUNK),
  )
  return [...whole, text.slice(-CHUNK)]
}

function isPartOf(text: string, word: string): boolean {
  for (const { from, to } of placesOf(text, toBlanked(word))) {
    if (text.length >= SHORTEST_PART || isWholeWord(word, from, to)) return true
  }
  return false
}

/** Whether no word goes on beyond either end. */
function isWholeWord(text: string, from: number, to: number): boolean {
  const isInWord = (index: number) => WORD_CHARACTER.test(text.charAt(index))
  return !(isInWord(from - 1) && isInWord(from)) && !(isInWord(to - 1) && isInWord(to))
}
