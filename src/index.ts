import { main } from './main.js'

// A dependency's `new Buffer()` behind a proxy would put a warning into the job's log that nobody there can act on.
process.noDeprecation = true

void main(process.env).then(() => {
  // A half-open connection, such as a proxy's, would keep the step running until the job's timeout. The exit waits until all output is out.
  process.stdout.write('', () => process.exit())
})
