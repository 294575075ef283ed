// Loaded into a process before its own code: writes down, now and then, what is alive in it after a garbage collection.
import { appendFileSync, readdirSync } from 'node:fs'

const { HEAP_FILE, HEAP_EVERY_MS } = process.env
const look = () => {
  globalThis.gc()
  const { heapUsed, rss } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  const handles = readdirSync('/proc/self/fd').length
  const sample = { atS: process.uptime(), heapUsed, rss, handles, cpuMs: (user + system) / 1000 }
  appendFileSync(HEAP_FILE, `${JSON.stringify(sample)}\n`)
}
setInterval(look, Number(HEAP_EVERY_MS)).unref()
