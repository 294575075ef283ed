/**
 * The word that a mistyped one is closest to, or `undefined` where none is close: unless said otherwise, one edit away for words
 * of up to five letters, two for longer ones.
 */
export function findNearest<Word extends string>(
  text: string,
  words: readonly Word[],
  mostEdits: (word: string) => number = (word) => (word.length <= 5 ? 1 : 2),
): Word | undefined {
  const [nearest] = words
    .filter((word) => Math.abs(word.length - text.length) <= mostEdits(word))
    .map((word) => ({ word, edits: countEdits(text, word) }))
    .filter(({ word, edits }) => edits <= mostEdits(word))
    .sort((left, right) => left.edits - right.edits)
  return nearest?.word
}

/** How many letters must be put in, taken out, replaced or swapped with their neighbour to turn one word into the other. */
function countEdits(from: string, to: string): number {
  let [older, row]: [number[], number[]] = [[], Array.from({ length: to.length + 1 }, (_, index) => index)]
  for (let i = 1; i <= from.length; i++) {
    const next = [i]
    for (let j = 1; j <= to.length; j++) {
      const replaced = at(row, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      next[j] = Math.min(at(row, j) + 1, at(next, j - 1) + 1, replaced, isSwap ? at(older, j - 2) + 1 : replaced)
    }
    older = row
    row = next
  }
  return at(row, to.length)
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
