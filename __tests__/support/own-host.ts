import { lookup } from 'node:dns/promises'
import { hostname, networkInterfaces } from 'node:os'

/**
 * A name of this machine that is not `localhost`: the HTTP client never uses a proxy for `localhost`, 127.x and [::1], so with
 * these nothing could be shown here. A stock machine has one without any change to it: Debian's /etc/hosts has the machine's own
 * name at 127.0.1.1, systemd-resolved (Ubuntu) answers for everything below `localhost`, a container's /etc/hosts has
 * `ip6-localhost`, or else its own name at its own address. A name that leads to the loopback is preferred; that of an own
 * address, which the kernel serves by the loopback too, comes last. The process under test and the proxy both resolve it.
 */
export async function findOwnName(): Promise<string> {
  const own = new Set(
    Object.values(networkInterfaces()).flatMap((addresses) => addresses?.map((it) => it.address) ?? []),
  )
  const isLoopback = (address: string) => address.startsWith('127.') || (address === '::1' && own.has(address))
  const isOwn = (address: string) => isLoopback(address) || own.has(address)
  const names = ['kupe.test', hostname().toLowerCase(), 'kupe.localhost', 'ip6-localhost'].filter(
    (it) => it !== 'localhost',
  )
  const found = await Promise.all(
    names.map(async (name) => ({ name, addresses: await lookup(name, { all: true }).catch(() => []) })),
  )
  for (const isGood of [isLoopback, isOwn]) {
    const good = found.find(({ addresses }) => addresses.length > 0 && addresses.every((it) => isGood(it.address)))
    if (good !== undefined) return good.name
  }
  throw new Error(`None of ${names.join(', ')} is a name of this machine. Add "127.0.0.1 kupe.test" to /etc/hosts.`)
}
