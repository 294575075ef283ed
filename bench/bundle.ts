import { readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ACTION } from './processes.js'
import { toTable } from './table.js'

/** Counted in the repositories, at the commits named: the file that every run loads, and the chunks beside it. */
const PEERS = [
  ['actions/checkout v7.0.1 (3d3c42e5aa)', 1_452_503, 0, 0],
  ['actions/deploy-pages v4.0.0 (f33f41b675)', 1_884_711, 0, 0],
  ['aws-actions/amazon-ecs-deploy-task-definition v2.6.3 (c465972ecb)', 2_628_630, 402_602, 16],
  ['aws-actions/aws-cloudformation-github-deploy v2.2.0 (81e3b03d22)', 3_404_544, 339_155, 11],
] as const

/** Bytes that a run loads before its first request, and bytes that may come later. */
export function bundles(): string {
  const folder = dirname(ACTION)
  const chunks = readdirSync(folder).filter((name) => /^\d+\.index\.js$/.test(name))
  const bytes = (name: string) => statSync(join(folder, name)).size
  const own = [
    [
      'this action, dist/index.js',
      bytes('index.js'),
      chunks.reduce((sum, name) => sum + bytes(name), 0),
      chunks.length,
    ],
  ] as const
  const rows = [...own, ...PEERS].map(([name, eager, lazy, count]) => [name, grouped(eager), grouped(lazy), `${count}`])
  const parts = chunks.map((name) => [`dist/${name}`, grouped(bytes(name))])
  return `${toTable(['bundle', 'bytes at every start', 'bytes in lazy chunks', 'chunks'], rows)}\n\n${toTable(['our chunks', 'bytes'], parts)}`
}

function grouped(count: number): string {
  return count.toLocaleString('en')
}
