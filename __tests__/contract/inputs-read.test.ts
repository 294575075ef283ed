import { expect, test } from '@jest/globals'
import { INPUT_NAMES } from '../../src/inputs/names.js'
import { parseInputs } from '../../src/inputs/parse.js'
import { parseReportInputs } from '../../src/inputs/report-inputs.js'

test('every input is read by somebody: one that is only listed would silently do nothing', async () => {
  const read = new Set<string | symbol>()
  const given = {
    'INPUT_API-KEY': 'kupe_k1_0123456789',
    INPUT_TENANT: 'acme',
    INPUT_CLUSTER: 'production',
    INPUT_CPU: '8',
    'INPUT_ONLY-BETWEEN': '00:00-24:00',
  }
  const env = new Proxy<Record<string, string>>(given, {
    get: (target, name) => {
      read.add(name)
      return Reflect.get(target, name)
    },
  })
  await parseInputs(env)
  parseReportInputs(env)
  const unread = INPUT_NAMES.filter((name) => !read.has(`INPUT_${name.toUpperCase()}`))
  expect(unread).toEqual([])
})
