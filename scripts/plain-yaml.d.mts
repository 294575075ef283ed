export function parsePlainYaml(source: string): unknown
