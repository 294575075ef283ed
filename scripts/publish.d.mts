export interface Release {
  readonly tag: string
  readonly commit: string
  readonly repository: string
  readonly notes: string
  readonly sbom: string
  readonly tags: readonly string[]
  readonly isRehearsal: boolean
}

export interface Done {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

export function publish(
  release: Release,
  gh: (args: readonly string[], input?: string) => Done,
  log: (line: string) => void,
): void
