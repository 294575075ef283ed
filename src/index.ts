import { main } from './main.js'

await main(process.env)
// A half-open connection, such as a proxy's, would keep the step running until the job's timeout. Only what is written leaves.
process.stdout.write('', () => setTimeout(() => process.exit(), 200).unref())
