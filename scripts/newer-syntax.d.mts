export function withoutNewerSyntax(text: string): string

export function withoutAliases(text: string): string
