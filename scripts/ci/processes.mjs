// Runs the commands of CI, each ended with all that it started when its time is over.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const isPosix = process.platform !== 'win32'
let running

// A group of its own hears nothing of Ctrl+C.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    if (running !== undefined) end(running)
    process.exit(128 + constants.signals[signal])
  })
}

/** Runs a command without a terminal; gives whether it went well, and what it wrote unless that was shown as it came. */
export function runCommand([command, ...args], { cwd, env, limitSeconds, isShown }) {
  const output = isShown ? 'inherit' : 'pipe'
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: ['ignore', output, output],
    detached: isPosix,
    // npm is a batch file there, which nothing but a shell can start.
    shell: !isPosix,
  })
  running = child
  const chunks = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => chunks.push(chunk))
  let problem = ''
  const timer = setTimeout(() => {
    problem = `it took longer than ${limitSeconds} s\n`
    end(child)
  }, limitSeconds * 1000)
  return new Promise((resolve) => {
    child.once('error', (error) => {
      problem = `${error.message}\n`
    })
    child.once('close', (status) => {
      clearTimeout(timer)
      running = undefined
      resolve({ isOk: status === 0 && problem === '', text: Buffer.concat(chunks).toString() + problem })
    })
  })
}

function end(child) {
  if (isPosix && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  else child.kill()
}
