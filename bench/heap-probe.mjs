// Loaded into a process before its own code: writes down, now and then, what is alive in it after a garbage collection.
import { appendFileSync, readdirSync } from 'node:fs'

const { HEAP_FILE, HEAP_EVERY_MS } = process.env
const look = () => {
  globalThis.gc()
  const { heapUsed, rss } = process.memoryUsage()
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  const handles = readdirSync('/proc/self/fd').length
  const cpuMs = (userCPUTime + systemCPUTime) / 1000
  const sample = { atS: process.uptime(), heapUsed, rss, peakRss: maxRSS * 1024, handles, cpuMs }
  appendFileSync(HEAP_FILE, `${JSON.stringify(sample)}\n`)
}
setInterval(look, Number(HEAP_EVERY_MS)).unref()
