type Variables = Readonly<Record<string, string | undefined>>

export const GITHUB_TOKEN: string

export function prepareStep(
  folder: string,
  step?: { readonly inputs?: Readonly<Record<string, string>>; readonly env?: Variables },
): {
  readonly workspace: string
  readonly env: Record<string, string>
  readFiles(): { readonly output: string; readonly summary: string; readonly others: string }
}

export function machineEnvironment(): Record<string, string>

export function inputEnvironment(given: Readonly<Record<string, string>>, actionYml?: string): Record<string, string>

export function defaultsOfInputs(actionYml?: string): Record<string, string>

export function parseOutputs(text: string): [name: string, value: string][]
