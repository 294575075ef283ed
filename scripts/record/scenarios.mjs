// All scenarios, by name; the names' first part is the group.
import { cancels } from './scenarios/cancels.mjs'
import { inputs } from './scenarios/inputs.mjs'
import { plans } from './scenarios/plans.mjs'
import { reports } from './scenarios/reports.mjs'
import { trouble } from './scenarios/trouble.mjs'
import { untrusted } from './scenarios/untrusted.mjs'
import { waits } from './scenarios/waits.mjs'
import { writes } from './scenarios/writes.mjs'

const groups = { inputs, plans, writes, waits, trouble, untrusted, cancels, reports }

export const scenarios = Object.fromEntries(
  Object.entries(groups).flatMap(([group, table]) =>
    Object.entries(table).map(([name, scenario]) => [`${group}: ${name}`, scenario]),
  ),
)
