import { statSync, truncateSync } from 'node:fs'
import * as core from '@actions/core'

/** Writes some outputs: all of them or, where that fails, none, and throws then. */
export type WriteOutputs = (outputs: Readonly<Record<string, string>>) => void

/**
 * Opens the file in which a step leaves its outputs. What was written of them before a disk was full is taken back: a runner might
 * take a half of it, `result=converged` say, for the whole.
 */
export function createOutputWriter(path: string | undefined): WriteOutputs {
  let bytesBefore: number | undefined
  return (outputs) => {
    // Without a file the toolkit would print a command that runners no longer obey.
    if (!path) throw new Error('GITHUB_OUTPUT names no file')
    bytesBefore ??= statSync(path).size
    // Nothing may stand behind the half of an output that could not be taken back.
    truncateTo(path, bytesBefore)
    try {
      for (const [name, value] of Object.entries(outputs)) core.setOutput(name, value)
    } catch (error) {
      truncateTo(path, bytesBefore)
      throw error
    }
  }
}

function truncateTo(path: string, bytes: number): void {
  if (statSync(path).size > bytes) truncateSync(path, bytes)
}
