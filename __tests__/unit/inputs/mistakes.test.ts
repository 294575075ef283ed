import { describe, expect, test } from '@jest/globals'
import { errorOf, faultsOf, REQUIRED } from '../../support/inputs.js'

/** What a person typed for one input, and every word that they get for it. */
type Mistake = readonly [input: string, value: string, message: string]

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: workflow expressions
const MISTAKES: Readonly<Record<string, readonly Mistake[]>> = {
  'quantities of memory and storage': [
    [
      'memory',
      '32GB',
      'memory "32GB" has a unit that the API does not take (G counts in 1000s, Gi in 1024s): did you mean 32G or 32Gi?',
    ],
    [
      'memory',
      '32gb',
      'memory "32gb" has a unit that the API does not take (G counts in 1000s, Gi in 1024s): did you mean 32G or 32Gi?',
    ],
    [
      'memory',
      '32 GB',
      'memory "32 GB" has a unit that the API does not take (G counts in 1000s, Gi in 1024s): did you mean 32G or 32Gi?',
    ],
    [
      'memory',
      '32g',
      'memory "32g" has a unit that the API does not take (G counts in 1000s, Gi in 1024s): did you mean 32G or 32Gi?',
    ],
    [
      'memory',
      '32K',
      'memory "32K" has a unit that the API does not take (k counts in 1000s, Ki in 1024s): did you mean 32k or 32Ki?',
    ],
    [
      'memory',
      '500m',
      'memory "500m" has a unit that the API does not take (M counts in 1000s, Mi in 1024s): did you mean 500M or 500Mi?',
    ],
    [
      'memory',
      '16 gigs',
      'memory "16 gigs" has a unit that the API does not take (G counts in 1000s, Gi in 1024s): did you mean 16G or 16Gi?',
    ],
    [
      'memory',
      '2 terabytes',
      'memory "2 terabytes" has a unit that the API does not take (T counts in 1000s, Ti in 1024s): did you mean 2T or 2Ti?',
    ],
    ['memory', '8 Gi', 'memory "8 Gi" is not a quantity of bytes: did you mean 8Gi?'],
    ['memory', '8\u00a0Gi', 'memory "8\\u00a0Gi" is not a quantity of bytes: did you mean 8Gi?'],
    ['memory', '8,5Gi', 'memory "8,5Gi" is not a quantity of bytes: did you mean 8.5Gi?'],
    [
      'memory',
      '1,024Mi',
      'memory "1,024Mi" has a comma that may be a decimal point or stand between thousands (example: 32Gi)',
    ],
    ['memory', '32gi', 'memory "32gi" is not a quantity of bytes: did you mean 32Gi?'],
    ['memory', '32GiB', 'memory "32GiB" is not a quantity of bytes: did you mean 32Gi?'],
    ['memory', '32 gibibytes', 'memory "32 gibibytes" is not a quantity of bytes: did you mean 32Gi?'],
    ['memory', '"8"', 'memory "\\"8\\"" has no unit: did you mean 8Gi?'],
    ['memory', '"32Gi"', 'memory "\\"32Gi\\"" is not a quantity of bytes: did you mean 32Gi?'],
    ['memory', '+32Gi', 'memory "+32Gi" is not a quantity of bytes: did you mean 32Gi?'],
    ['memory', '.5Gi', 'memory ".5Gi" is not a quantity of bytes: did you mean 0.5Gi?'],
    ['memory', '32', 'memory "32" has no unit: did you mean 32Gi?'],
    ['memory', '512', 'memory "512" has no unit: did you mean 512Gi or 512Mi?'],
    ['memory', '34359738368', 'memory "34359738368" has no unit: did you mean 32Gi?'],
    ['memory', '536870912', 'memory "536870912" has no unit: did you mean 512Mi?'],
    ['memory', '0', 'memory "0" must be above zero (example: 32Gi)'],
    ['memory', '0Gi', 'memory "0Gi" must be above zero (example: 32Gi)'],
    ['memory', '-1Gi', 'memory "-1Gi" is not a quantity of bytes (example: 32Gi)'],
    ['memory', '1e9', 'memory "1e9" is not a quantity of bytes (example: 32Gi)'],
    ['memory', '16Gi-32Gi', 'memory "16Gi-32Gi" is not a quantity of bytes (example: 32Gi)'],
    ['memory', 'lots', 'memory "lots" is not a quantity of bytes (example: 32Gi)'],
    [
      'storage',
      '1TB',
      'storage "1TB" has a unit that the API does not take (T counts in 1000s, Ti in 1024s): did you mean 1T or 1Ti?',
    ],
    ['storage', '200', 'storage "200" has no unit: did you mean 200Gi?'],
    [
      'storage',
      '100 gb',
      'storage "100 gb" has a unit that the API does not take (G counts in 1000s, Gi in 1024s): did you mean 100G or 100Gi?',
    ],
    ['max-memory', '64', 'max-memory "64" has no unit: did you mean 64Gi?'],
    [
      'min-storage',
      '100gb',
      'min-storage "100gb" has a unit that the API does not take (G counts in 1000s, Gi in 1024s): did you mean 100G or 100Gi?',
    ],
  ],

  CPUs: [
    ['cpu', '8 cores', 'cpu "8 cores" is not a CPU quantity: did you mean 8?'],
    ['cpu', '8 vCPUs', 'cpu "8 vCPUs" is not a CPU quantity: did you mean 8?'],
    ['cpu', '8c', 'cpu "8c" is not a CPU quantity: did you mean 8?'],
    ['cpu', '"8"', 'cpu "\\"8\\"" is not a CPU quantity: did you mean 8?'],
    ['cpu', "'8'", 'cpu "\'8\'" is not a CPU quantity: did you mean 8?'],
    ['cpu', '1,5', 'cpu "1,5" is not a CPU quantity: did you mean 1.5?'],
    [
      'cpu',
      '1,500m',
      'cpu "1,500m" has a comma that may be a decimal point or stand between thousands (example: "8", "1.5" or "500m")',
    ],
    ['cpu', '500M', 'cpu "500M" is not a CPU quantity: did you mean 500m?'],
    ['cpu', '500 m', 'cpu "500 m" is not a CPU quantity: did you mean 500m?'],
    ['cpu', '500 millicores', 'cpu "500 millicores" is not a CPU quantity: did you mean 500m?'],
    ['cpu', '.5', 'cpu ".5" is not a CPU quantity: did you mean 0.5?'],
    ['cpu', '8Gi', 'cpu "8Gi" is an amount of bytes, not of CPUs (example: "8", "1.5" or "500m")'],
    ['cpu', '0', 'cpu "0" must be above zero (example: "8", "1.5" or "500m")'],
    ['cpu', '0.5m', 'cpu "0.5m" is finer than 1m, a thousandth of a CPU (example: "8", "1.5" or "500m")'],
    ['cpu', '0.0001', 'cpu "0.0001" is finer than 1m, a thousandth of a CPU (example: "8", "1.5" or "500m")'],
    ['cpu', '-2', 'cpu "-2" is not a CPU quantity (example: "8", "1.5" or "500m")'],
    ['cpu', '1e3', 'cpu "1e3" is not a CPU quantity (example: "8", "1.5" or "500m")'],
    ['cpu', 'four', 'cpu "four" is not a CPU quantity (example: "8", "1.5" or "500m")'],
    ['cpu', '50%', 'cpu "50%" is not a CPU quantity (example: "8", "1.5" or "500m")'],
    ['cpu', '2-4', 'cpu "2-4" is not a CPU quantity (example: "8", "1.5" or "500m")'],
    ['max-cpu', '8cores', 'max-cpu "8cores" is not a CPU quantity: did you mean 8?'],
    ['min-cpu', '0', 'min-cpu "0" must be above zero (example: "4")'],
  ],

  versions: [
    [
      'version',
      '1.3',
      'version "1.3" is too old to be meant; YAML reads an unquoted 1.30 as the number 1.3, so quote the version: did you mean "1.30"?',
    ],
    [
      'version',
      'v1.3',
      'version "v1.3" is too old to be meant; YAML reads an unquoted 1.30 as the number 1.3, so quote the version: did you mean "1.30"?',
    ],
    [
      'version',
      '1.2',
      'version "1.2" is too old to be meant; YAML reads an unquoted 1.30 as the number 1.3, so quote the version: did you mean "1.20"?',
    ],
    [
      'version',
      '1.19',
      'version "1.19" is too old to be meant; YAML reads an unquoted 1.30 as the number 1.3, so quote the version (example: "1.32")',
    ],
    [
      'version',
      '1.1',
      'version "1.1" is too old to be meant; YAML reads an unquoted 1.30 as the number 1.3, so quote the version (example: "1.32")',
    ],
    ['version', '1', 'version "1" is not a Kubernetes version (example: "1.32")'],
    ['version', '32', 'version "32" is not a Kubernetes version: did you mean "1.32"?'],
    ['version', '1.32.x', 'version "1.32.x" is not a Kubernetes version: did you mean "1.32"?'],
    ['version', '1.32.*', 'version "1.32.*" is not a Kubernetes version: did you mean "1.32"?'],
    ['version', '1.32.', 'version "1.32." is not a Kubernetes version: did you mean "1.32"?'],
    ['version', '1,32', 'version "1,32" is not a Kubernetes version: did you mean "1.32"?'],
    ['version', 'V1.32', 'version "V1.32" is not a Kubernetes version: did you mean "1.32"?'],
    ['version', 'v 1.32', 'version "v 1.32" is not a Kubernetes version: did you mean "1.32"?'],
    ['version', '"1.32"', 'version "\\"1.32\\"" is not a Kubernetes version: did you mean "1.32"?'],
    ['version', 'k8s 1.32', 'version "k8s 1.32" is not a Kubernetes version: did you mean "1.32"?'],
    [
      'version',
      'Kubernetes v1.32.3',
      'version "Kubernetes v1.32.3" is not a Kubernetes version: did you mean "1.32.3"?',
    ],
    ['version', 'kubernetes-1.32', 'version "kubernetes-1.32" is not a Kubernetes version: did you mean "1.32"?'],
    ['version', '>=1.32', 'version ">=1.32" is not a Kubernetes version: did you mean "1.32"?'],
    ['version', '~1.32.1', 'version "~1.32.1" is not a Kubernetes version: did you mean "1.32.1"?'],
    ['version', '1.32.3-rc.1', 'version "1.32.3-rc.1" is not a Kubernetes version: did you mean "1.32.3"?'],
    ['version', '1.32-gke.100', 'version "1.32-gke.100" is not a Kubernetes version: did you mean "1.32"?'],
    ['version', '1.032', 'version "1.032" is not a Kubernetes version: did you mean "1.32"?'],
    ['version', '1.32.3.4', 'version "1.32.3.4" is not a Kubernetes version (example: "1.32")'],
    ['version', 'latest', 'version "latest" is not a Kubernetes version (example: "1.32")'],
    ['version', 'stable', 'version "stable" is not a Kubernetes version (example: "1.32")'],
  ],

  durations: [
    ['timeout', '30', 'timeout "30" has no unit: did you mean 30m?'],
    ['timeout', '45', 'timeout "45" has no unit: did you mean 45m?'],
    ['timeout', '900', 'timeout "900" has no unit: did you mean 900s or 900m?'],
    ['timeout', '30min', 'timeout "30min" is not a duration: did you mean 30m?'],
    ['timeout', '30 minutes', 'timeout "30 minutes" is not a duration: did you mean 30m?'],
    ['timeout', '30 m', 'timeout "30 m" is not a duration: did you mean 30m?'],
    ['timeout', '30M', 'timeout "30M" is not a duration: did you mean 30m?'],
    ['timeout', '30mins', 'timeout "30mins" is not a duration: did you mean 30m?'],
    ['timeout', '1h 30m', 'timeout "1h 30m" is not a duration: did you mean 1h30m?'],
    ['timeout', '1.5h', 'timeout "1.5h" is not a duration: did you mean 1h30m?'],
    ['timeout', '1,5h', 'timeout "1,5h" is not a duration: did you mean 1h30m?'],
    ['timeout', '1 hour and 30 minutes', 'timeout "1 hour and 30 minutes" is not a duration: did you mean 1h30m?'],
    ['timeout', '1d', 'timeout "1d" is not a duration: did you mean 24h?'],
    ['timeout', 'PT30M', 'timeout "PT30M" is not a duration: did you mean 30m?'],
    ['timeout', '"30m"', 'timeout "\\"30m\\"" is not a duration: did you mean 30m?'],
    ['timeout', '30m1h', 'timeout "30m1h" is not a duration: did you mean 1h30m?'],
    ['timeout', '0', 'timeout "0" must be above zero (example: 30m)'],
    ['timeout', '0s', 'timeout "0s" must be above zero (example: 30m)'],
    ['timeout', '-5m', 'timeout "-5m" is not a duration (example: 30m)'],
    ['timeout', '00:30:00', 'timeout "00:30:00" is not a duration (example: 30m)'],
    ['timeout', 'forever', 'timeout "forever" is not a duration (example: 30m)'],
    ['poll-interval', '5', 'poll-interval "5" has no unit: did you mean 5s or 5m?'],
    ['poll-interval', '5sec', 'poll-interval "5sec" is not a duration: did you mean 5s?'],
    ['poll-interval', '0s', 'poll-interval "0s" must be above zero (example: 12s)'],
    ['poll-interval', '500 ms', 'poll-interval "500 ms" is not a duration: did you mean 500ms?'],
    ['settle-time', '30', 'settle-time "30" has no unit: did you mean 30s or 30m?'],
    ['settle-time', '0', 'settle-time "0" has no unit: did you mean 0s?'],
    ['degraded-grace', '5', 'degraded-grace "5" has no unit: did you mean 5s or 5m?'],
    ['degraded-grace', '5 min', 'degraded-grace "5 min" is not a duration: did you mean 5m?'],
  ],

  'times of day': [
    ['only-between', '20-6', 'only-between "20-6" is not a time window: did you mean 20:00-06:00?'],
    ['only-between', '8-18', 'only-between "8-18" is not a time window: did you mean 08:00-18:00?'],
    ['only-between', '8pm-6am', 'only-between "8pm-6am" is not a time window: did you mean 20:00-06:00?'],
    ['only-between', '8 PM - 6 AM', 'only-between "8 PM - 6 AM" is not a time window: did you mean 20:00-06:00?'],
    ['only-between', '12am-6am', 'only-between "12am-6am" is not a time window: did you mean 00:00-06:00?'],
    ['only-between', '20:00–06:00', 'only-between "20:00–06:00" is not a time window: did you mean 20:00-06:00?'],
    ['only-between', '20:00 to 06:00', 'only-between "20:00 to 06:00" is not a time window: did you mean 20:00-06:00?'],
    ['only-between', '20:00..06:00', 'only-between "20:00..06:00" is not a time window: did you mean 20:00-06:00?'],
    ['only-between', '20.00-06.00', 'only-between "20.00-06.00" is not a time window: did you mean 20:00-06:00?'],
    ['only-between', '20h-6h', 'only-between "20h-6h" is not a time window: did you mean 20:00-06:00?'],
    ['only-between', '2000-0600', 'only-between "2000-0600" is not a time window: did you mean 20:00-06:00?'],
    [
      'only-between',
      '20:00:00-06:00:00',
      'only-between "20:00:00-06:00:00" is not a time window: did you mean 20:00-06:00?',
    ],
    ['only-between', '24:00-06:00', 'only-between "24:00-06:00" is not a time window: did you mean 00:00-06:00?'],
    [
      'only-between',
      '00:00-00:00',
      'only-between "00:00-00:00" starts where it ends, which may mean all day or never: did you mean 00:00-24:00?',
    ],
    [
      'only-between',
      '08:00-08:00',
      'only-between "08:00-08:00" starts where it ends, which may mean all day or never (example: 20:00-06:00)',
    ],
    ['only-between', '20:00', 'only-between "20:00" is not a time window (example: 20:00-06:00)'],
    ['only-between', '25:00-06:00', 'only-between "25:00-06:00" is not a time window (example: 20:00-06:00)'],
    ['only-between', '20:60-06:00', 'only-between "20:60-06:00" is not a time window (example: 20:00-06:00)'],
    [
      'only-between',
      '20:00-06:00, 12:00-13:00',
      'only-between "20:00-06:00, 12:00-13:00" is more than one time window, and one is all that it takes (example: 20:00-06:00)',
    ],
    [
      'only-between',
      '20:00-06:00, ',
      'only-between "20:00-06:00," is more than one time window, and one is all that it takes (example: 20:00-06:00)',
    ],
    ['only-between', '20:00-', 'only-between "20:00-" is not a time window (example: 20:00-06:00)'],
    ['only-between', 'Mon-Fri', 'only-between "Mon-Fri" is not a time window (example: 20:00-06:00)'],
    ['only-between', '0 20 * * *', 'only-between "0 20 * * *" is not a time window (example: 20:00-06:00)'],
    ['only-between', 'never', 'only-between "never" is not a time window (example: 20:00-06:00)'],
  ],

  days: [
    [
      'freeze-dates',
      '24.12.2026',
      'freeze-dates "24.12.2026" is not a day (YYYY-MM-DD) or a range of days: did you mean 2026-12-24?',
    ],
    [
      'freeze-dates',
      '2026/12/24',
      'freeze-dates "2026/12/24" is not a day (YYYY-MM-DD) or a range of days: did you mean 2026-12-24?',
    ],
    [
      'freeze-dates',
      '20261224',
      'freeze-dates "20261224" is not a day (YYYY-MM-DD) or a range of days: did you mean 2026-12-24?',
    ],
    [
      'freeze-dates',
      '2026-1-5',
      'freeze-dates "2026-1-5" is not a day (YYYY-MM-DD) or a range of days: did you mean 2026-01-05?',
    ],
    [
      'freeze-dates',
      '12/24/2026',
      'freeze-dates "12/24/2026" is not a day (YYYY-MM-DD) or a range of days: did you mean 2026-12-24?',
    ],
    [
      'freeze-dates',
      '24/12/2026',
      'freeze-dates "24/12/2026" is not a day (YYYY-MM-DD) or a range of days: did you mean 2026-12-24?',
    ],
    [
      'freeze-dates',
      '01/02/2027',
      'freeze-dates "01/02/2027" is not a day (YYYY-MM-DD) or a range of days (example: 2026-12-24..2027-01-02, 2027-03-30)',
    ],
    [
      'freeze-dates',
      '2026-12-24T00:00:00Z',
      'freeze-dates "2026-12-24T00:00:00Z" is not a day (YYYY-MM-DD) or a range of days: did you mean 2026-12-24?',
    ],
    [
      'freeze-dates',
      '2026-12-24 # Christmas Eve',
      'freeze-dates "2026-12-24 # Christmas Eve" is not a day (YYYY-MM-DD) or a range of days: did you mean 2026-12-24?',
    ],
    [
      'freeze-dates',
      '2026-12-24 - 2027-01-02',
      'freeze-dates "2026-12-24 - 2027-01-02" is not a day (YYYY-MM-DD) or a range of days: did you mean 2026-12-24..2027-01-02?',
    ],
    [
      'freeze-dates',
      '2026-12-24 to 2027-01-02',
      'freeze-dates "2026-12-24 to 2027-01-02" is not a day (YYYY-MM-DD) or a range of days: did you mean 2026-12-24..2027-01-02?',
    ],
    [
      'freeze-dates',
      '2026-12-24/2027-01-02',
      'freeze-dates "2026-12-24/2027-01-02" is not a day (YYYY-MM-DD) or a range of days: did you mean 2026-12-24..2027-01-02?',
    ],
    [
      'freeze-dates',
      '2026-12-24...2027-01-02',
      'freeze-dates "2026-12-24...2027-01-02" is not a day (YYYY-MM-DD) or a range of days: did you mean 2026-12-24..2027-01-02?',
    ],
    [
      'freeze-dates',
      '24.12.2026 – 2.1.2027',
      'freeze-dates "24.12.2026 – 2.1.2027" is not a day (YYYY-MM-DD) or a range of days: did you mean 2026-12-24..2027-01-02?',
    ],
    [
      'freeze-dates',
      '2027-01-02..2026-12-24',
      'freeze-dates "2027-01-02..2026-12-24" ends before it begins: did you mean 2026-12-24..2027-01-02?',
    ],
    [
      'freeze-dates',
      '2026-02-30',
      'freeze-dates "2026-02-30" has a day that is in no calendar: 2026-02-30 (example: 2026-12-24..2027-01-02, 2027-03-30)',
    ],
    [
      'freeze-dates',
      '2026-12-24..2026-12-32',
      'freeze-dates "2026-12-24..2026-12-32" has a day that is in no calendar: 2026-12-32 (example: 2026-12-24..2027-01-02, 2027-03-30)',
    ],
    [
      'freeze-dates',
      '2027-02-29',
      'freeze-dates "2027-02-29" has a day that is in no calendar: 2027-02-29 (example: 2026-12-24..2027-01-02, 2027-03-30)',
    ],
    ['freeze-dates', '12-24', 'freeze-dates "12-24" has no year (example: 2026-12-24..2027-01-02, 2027-03-30)'],
    ['freeze-dates', '24.12.', 'freeze-dates "24.12." has no year (example: 2026-12-24..2027-01-02, 2027-03-30)'],
    [
      'freeze-dates',
      '2026-12',
      'freeze-dates "2026-12" is not a day (YYYY-MM-DD) or a range of days (example: 2026-12-24..2027-01-02, 2027-03-30)',
    ],
    [
      'freeze-dates',
      'Christmas',
      'freeze-dates "Christmas" is not a day (YYYY-MM-DD) or a range of days (example: 2026-12-24..2027-01-02, 2027-03-30)',
    ],
    [
      'freeze-dates',
      ',',
      'freeze-dates "," has an entry that is empty: a comma is one too many, or what it comes from (a step output, a variable, an expression) produced nothing (example: 2026-12-24..2027-01-02, 2027-03-30)',
    ],
    [
      'freeze-dates',
      '2026-12-24, ',
      'freeze-dates "2026-12-24," has an entry that is empty: a comma is one too many, or what it comes from (a step output, a variable, an expression) produced nothing (example: 2026-12-24..2027-01-02, 2027-03-30)',
    ],
    [
      'freeze-dates',
      '2026-12-24..',
      'freeze-dates "2026-12-24.." is not a day (YYYY-MM-DD) or a range of days (example: 2026-12-24..2027-01-02, 2027-03-30)',
    ],
    [
      'freeze-dates',
      '2026-12-24 2027-03-30',
      'freeze-dates "2026-12-24 2027-03-30" is not a day (YYYY-MM-DD) or a range of days: did you mean 2026-12-24, 2027-03-30?',
    ],
    [
      'freeze-dates',
      '2026-12-24..2026-12-26..2026-12-28',
      'freeze-dates "2026-12-24..2026-12-26..2026-12-28" is not a day (YYYY-MM-DD) or a range of days (example: 2026-12-24..2027-01-02, 2027-03-30)',
    ],
  ],

  'time zones': [
    [
      'timezone',
      'BST',
      'timezone "BST" names no region, so it may mean another place or never change its clocks: did you mean Europe/London or Asia/Dhaka?',
    ],
    [
      'timezone',
      'EST',
      'timezone "EST" names no region, so it may mean another place or never change its clocks: did you mean America/New_York?',
    ],
    [
      'timezone',
      'CET',
      'timezone "CET" names no region, so it may mean another place or never change its clocks: did you mean Europe/Berlin or Europe/Paris?',
    ],
    [
      'timezone',
      'CEST',
      'timezone "CEST" names no region, so it may mean another place or never change its clocks: did you mean Europe/Berlin or Europe/Paris?',
    ],
    [
      'timezone',
      'PST8PDT',
      'timezone "PST8PDT" names no region, so it may mean another place or never change its clocks: did you mean America/Los_Angeles?',
    ],
    [
      'timezone',
      'GMT',
      'timezone "GMT" names no region, so it may mean another place or never change its clocks: did you mean UTC or Europe/London?',
    ],
    [
      'timezone',
      'GB',
      'timezone "GB" names no region, so it may mean another place or never change its clocks: did you mean Europe/London?',
    ],
    ['timezone', 'utc', 'timezone "utc" is not how UTC is written here: did you mean UTC?'],
    ['timezone', 'Z', 'timezone "Z" is not how UTC is written here: did you mean UTC?'],
    ['timezone', 'Etc/GMT', 'timezone "Etc/GMT" is not how UTC is written here: did you mean UTC?'],
    [
      'timezone',
      'Etc/GMT+5',
      'timezone "Etc/GMT+5" is an offset with an inverted sign, which knows no summer time; name a region (example: Europe/London)',
    ],
    [
      'timezone',
      'UTC+1',
      'timezone "UTC+1" is an offset, which knows no summer time; name a region (example: Europe/London)',
    ],
    [
      'timezone',
      '+01:00',
      'timezone "+01:00" is an offset, which knows no summer time; name a region (example: Europe/London)',
    ],
    [
      'timezone',
      'GMT-05:00',
      'timezone "GMT-05:00" is an offset, which knows no summer time; name a region (example: Europe/London)',
    ],
    [
      'timezone',
      'London',
      'timezone "London" is not UTC, nor an IANA time zone with its region: did you mean Europe/London?',
    ],
    [
      'timezone',
      'New York',
      'timezone "New York" is not UTC, nor an IANA time zone with its region: did you mean America/New_York?',
    ],
    [
      'timezone',
      'Europe/Londn',
      'timezone "Europe/Londn" is not UTC, nor an IANA time zone with its region: did you mean Europe/London?',
    ],
    [
      'timezone',
      'Europe-London',
      'timezone "Europe-London" is not UTC, nor an IANA time zone with its region: did you mean Europe/London?',
    ],
    [
      'timezone',
      'Central European Time',
      'timezone "Central European Time" is not UTC, nor an IANA time zone with its region (example: Europe/London)',
    ],
    [
      'timezone',
      'local',
      'timezone "local" is not UTC, nor an IANA time zone with its region (example: Europe/London)',
    ],
  ],

  choices: [
    ['mode', 'dry-run', 'mode "dry-run" is none of apply, plan, verify: did you mean plan?'],
    ['mode', 'dryrun', 'mode "dryrun" is none of apply, plan, verify: did you mean plan?'],
    ['mode', 'Plan', 'mode "Plan" is none of apply, plan, verify: did you mean plan?'],
    ['mode', 'paln', 'mode "paln" is none of apply, plan, verify: did you mean plan?'],
    ['mode', 'deploy', 'mode "deploy" is none of apply, plan, verify: did you mean apply?'],
    ['mode', 'check', 'mode "check" is none of apply, plan, verify: did you mean plan?'],
    ['wait', 'yes', 'wait "yes" is neither true nor false: did you mean true?'],
    ['wait', 'on', 'wait "on" is neither true nor false: did you mean true?'],
    ['wait', '1', 'wait "1" is neither true nor false: did you mean true?'],
    ['wait', 'no', 'wait "no" is neither true nor false: did you mean false?'],
    ['wait', 'off', 'wait "off" is neither true nor false: did you mean false?'],
    ['wait', 'tRUE', 'wait "tRUE" is neither true nor false: did you mean true?'],
    ['wait', '"true"', 'wait "\\"true\\"" is neither true nor false: did you mean true?'],
    ['wait', 'ture', 'wait "ture" is neither true nor false: did you mean true?'],
    ['wait', 'maybe', 'wait "maybe" is neither true nor false (example: true)'],
    ['allow-downgrade', 'y', 'allow-downgrade "y" is neither true nor false: did you mean true?'],
    ['comment', 'always', 'comment "always" is none of true, false, changes (example: false)'],
    ['comment', 'change', 'comment "change" is none of true, false, changes: did you mean changes?'],
    ['comment', 'on', 'comment "on" is none of true, false, changes: did you mean true?'],
    ['job-summary', 'off', 'job-summary "off" is neither true nor false: did you mean false?'],
    ['on-busy', 'queue', 'on-busy "queue" is none of wait, fail: did you mean wait?'],
    ['on-busy', 'retry', 'on-busy "retry" is none of wait, fail: did you mean wait?'],
    ['on-busy', 'abort', 'on-busy "abort" is none of wait, fail: did you mean fail?'],
    ['on-busy', 'true', 'on-busy "true" is none of wait, fail (example: wait)'],
    ['on-conflict', 'error', 'on-conflict "error" is none of retry, fail: did you mean fail?'],
    ['on-conflict', 'overwrite', 'on-conflict "overwrite" is none of retry, fail (example: retry)'],
  ],

  'locks and plans': [
    [
      'if-match',
      '*',
      'if-match "*" would match any state of the cluster, which protects nothing (example: \'"294810"\')',
    ],
    [
      'if-match',
      '"294810", "294811"',
      'if-match "\\"294810\\", \\"294811\\"" is a list of ETags; a run can be held to one only (example: \'"294810"\')',
    ],
    ['if-match', '42, ', 'if-match "42," is a list of ETags; a run can be held to one only (example: \'"294810"\')'],
    ['if-match', '42,43', 'if-match "42,43" is a list of ETags; a run can be held to one only (example: \'"294810"\')'],
    ['if-match', '"ü"', 'if-match "\\"ü\\"" has characters that no ETag has (example: \'"294810"\')'],
    [
      'expected-plan',
      '0123',
      'expected-plan "0123" is neither the digest of a plan, which has 16 hex digits, nor pull-request (example: ${{ steps.plan.outputs.plan-digest }})',
    ],
    [
      'expected-plan',
      'sha256:0123456789abcdef',
      'expected-plan "sha256:0123456789abcdef" is neither the digest of a plan, which has 16 hex digits, nor pull-request (example: ${{ steps.plan.outputs.plan-digest }})',
    ],
    [
      'expected-plan',
      '{"edits":[],"refusals":[]}',
      'expected-plan "{\\"edits\\":[],\\"refusals\\":[]}" is a whole plan; its digest is asked for here, the output plan-digest (example: ${{ steps.plan.outputs.plan-digest }})',
    ],
    [
      'expected-plan',
      'true',
      'expected-plan "true" is neither the digest of a plan, which has 16 hex digits, nor pull-request (example: ${{ steps.plan.outputs.plan-digest }})',
    ],
    ...['pr', 'pull_request', 'Pull Request', 'pull-requests'].map(
      (text) =>
        [
          'expected-plan',
          text,
          `expected-plan "${text}" is neither the digest of a plan, which has 16 hex digits, nor pull-request: did you mean pull-request?`,
        ] as const,
    ),
    ['expected-plan', 'None', 'expected-plan "None" is not how a guard is switched off: did you mean none?'],
    ['max-cpu', 'None', 'max-cpu "None" is not how a guard is switched off: did you mean none?'],
    ['max-cpu', 'unlimited', 'max-cpu "unlimited" is not how a guard is switched off: did you mean none?'],
    ['only-between', 'off', 'only-between "off" is not how a guard is switched off: did you mean none?'],
  ],

  'whose cluster it is': [
    ['tenant', '.', 'tenant "." is not a tenant’s name (example: acme)'],
    ['tenant', '..', 'tenant ".." is not a tenant’s name (example: acme)'],
    [
      'tenant',
      'acme/production',
      'tenant "acme/production" is not a tenant’s name: it has a slash, and the cluster is an input of its own (example: acme)',
    ],
    [
      'tenant',
      'https://console.kupe.cloud/acme',
      'tenant "https://console.kupe.cloud/acme" is not a tenant’s name: it has a slash, and the cluster is an input of its own (example: acme)',
    ],
    [
      'tenant',
      'a'.repeat(65),
      'tenant "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" is longer than 64 characters, so it is no tenant’s name (example: acme)',
    ],
    [
      'tenant',
      'a'.repeat(300),
      'tenant (300 characters) is longer than 64 characters, so it is no tenant’s name (example: acme)',
    ],
    [
      'cluster',
      'Production',
      'cluster "Production" is not a cluster’s name, which has 2 to 63 of a-z, 0-9 and - (but no - at an end): did you mean production?',
    ],
    [
      'cluster',
      'PROD',
      'cluster "PROD" is not a cluster’s name, which has 2 to 63 of a-z, 0-9 and - (but no - at an end): did you mean prod?',
    ],
    [
      'cluster',
      'prod_eu',
      'cluster "prod_eu" is not a cluster’s name, which has 2 to 63 of a-z, 0-9 and - (but no - at an end): did you mean prod-eu?',
    ],
    [
      'cluster',
      'prod eu',
      'cluster "prod eu" is not a cluster’s name, which has 2 to 63 of a-z, 0-9 and - (but no - at an end): did you mean prod-eu?',
    ],
    [
      'cluster',
      'prod.eu',
      'cluster "prod.eu" is not a cluster’s name, which has 2 to 63 of a-z, 0-9 and - (but no - at an end): did you mean prod-eu?',
    ],
    [
      'cluster',
      'acme/production',
      'cluster "acme/production" is not a cluster’s name, which has 2 to 63 of a-z, 0-9 and - (but no - at an end): did you mean production?',
    ],
    [
      'cluster',
      '-prod',
      'cluster "-prod" is not a cluster’s name, which has 2 to 63 of a-z, 0-9 and - (but no - at an end) (example: production)',
    ],
    [
      'cluster',
      'x',
      'cluster "x" is not a cluster’s name, which has 2 to 63 of a-z, 0-9 and - (but no - at an end) (example: production)',
    ],
    [
      'cluster',
      '"production"',
      'cluster "\\"production\\"" is not a cluster’s name, which has 2 to 63 of a-z, 0-9 and - (but no - at an end): did you mean production?',
    ],
  ],

  addresses: [
    ['api-url', 'api.kupe.cloud', 'api-url "api.kupe.cloud" is not a URL: did you mean https://api.kupe.cloud?'],
    ['api-url', 'API.kupe.cloud/', 'api-url "API.kupe.cloud/" is not a URL: did you mean https://api.kupe.cloud?'],
    [
      'api-url',
      'http://api.kupe.cloud',
      'api-url "http://api.kupe.cloud" is not https (http is for a loopback host only): did you mean https://api.kupe.cloud?',
    ],
    [
      'api-url',
      'https://api.kupe.cloud/api/v2',
      'api-url "https://api.kupe.cloud/api/v2" has a path other than /api/v1: did you mean https://api.kupe.cloud?',
    ],
    [
      'api-url',
      'https://api.kupe.cloud/api/v1/tenants/acme',
      'api-url "https://api.kupe.cloud/api/v1/tenants/acme" has a path other than /api/v1: did you mean https://api.kupe.cloud?',
    ],
    [
      'api-url',
      'https://api.kupe.cloud?tenant=acme',
      'api-url must not carry a query or fragment: did you mean https://api.kupe.cloud?',
    ],
    [
      'api-url',
      'https://me:secret@api.kupe.cloud',
      'api-url must not carry a user or password (example: https://api.kupe.cloud)',
    ],
    ['api-url', 'localhost:8080', 'api-url "localhost:8080" is not a URL: did you mean http://localhost:8080?'],
    [
      'api-url',
      '127.0.0.1:8080/api/v1',
      'api-url "127.0.0.1:8080/api/v1" is not a URL: did you mean http://127.0.0.1:8080?',
    ],
    [
      'api-url',
      'http://10.0.0.1',
      'api-url "http://10.0.0.1" is not https (http is for a loopback host only) (example: https://api.kupe.cloud)',
    ],
    [
      'api-url',
      '"https://api.kupe.cloud"',
      'api-url "\\"https://api.kupe.cloud\\"" is not a URL: did you mean https://api.kupe.cloud?',
    ],
    [
      'api-url',
      'ftp://api.kupe.cloud',
      'api-url "ftp://api.kupe.cloud" is not https (http is for a loopback host only): did you mean https://api.kupe.cloud?',
    ],
    ['api-url', 'https://', 'api-url "https://" is not a URL (example: https://api.kupe.cloud)'],
    ['api-url', 'production', 'api-url "production" is not a URL (example: https://api.kupe.cloud)'],
  ],

  'the API key, which is never shown': [
    [
      'api-key',
      '"kupe_key_0123456789"',
      'api-key has quotes around it, and a key has none (example: kupe_<id>_<secret>)',
    ],
    [
      'api-key',
      "'kupe_key_0123456789'",
      'api-key has quotes around it, and a key has none (example: kupe_<id>_<secret>)',
    ],
    [
      'api-key',
      'Bearer kupe_key_0123456789',
      'api-key begins with Bearer, which this action puts before the key itself (example: kupe_<id>_<secret>)',
    ],
    [
      'api-key',
      'secrets.KUPE_API_KEY',
      'api-key is the name of the place where the key is kept, not the key: did it lose its ${{ }}? (example: ${{ secrets.KUPE_API_KEY }})',
    ],
    [
      'api-key',
      '${{ secrets.KUPE_API_KEY }}',
      'api-key is the name of the place where the key is kept, not the key: did it lose its ${{ }}? (example: ${{ secrets.KUPE_API_KEY }})',
    ],
    [
      'api-key',
      '$KUPE_API_KEY',
      'api-key is the name of the place where the key is kept, not the key: did it lose its ${{ }}? (example: ${{ secrets.KUPE_API_KEY }})',
    ],
    [
      'api-key',
      'KUPE_API_KEY',
      'api-key is the name of the place where the key is kept, not the key: did it lose its ${{ }}? (example: ${{ secrets.KUPE_API_KEY }})',
    ],
    ['api-key', 'short', 'api-key is shorter than 8 characters, so it is no API key (example: kupe_<id>_<secret>)'],
    ['api-key', '***', 'api-key is shorter than 8 characters, so it is no API key (example: kupe_<id>_<secret>)'],
    [
      'api-key',
      'kupe_key 0123456789',
      'api-key has white space or control characters inside; was it pasted with a line break? (example: kupe_<id>_<secret>)',
    ],
    [
      'api-key',
      'kupe_key\n0123456789',
      'api-key has white space or control characters inside; was it pasted with a line break? (example: kupe_<id>_<secret>)',
    ],
    ['api-key', 'kupe_key\u200b0123456789', 'api-key has invisible characters inside (example: kupe_<id>_<secret>)'],
    [
      'api-key',
      'kupe_key_…0123456789',
      'api-key has characters that no HTTP header can carry (example: kupe_<id>_<secret>)',
    ],
  ],

  'alerts, whose values are never shown': [
    [
      'alerts',
      '{}',
      'alerts is an empty object, which asks for nothing (example: {"podCrashLooping": {"enabled": true}})',
    ],
    ['alerts', '[]', 'alerts is not an object (keys with values) (example: {"podCrashLooping": {"enabled": true}})'],
    [
      'alerts',
      '- enabled',
      'alerts is not an object (keys with values) (example: {"podCrashLooping": {"enabled": true}})',
    ],
    ['alerts', 'on', 'alerts is not an object (keys with values) (example: {"podCrashLooping": {"enabled": true}})'],
    ['alerts', 'null', 'alerts is not an object (keys with values) (example: {"podCrashLooping": {"enabled": true}})'],
    [
      'alerts',
      'podCrashLooping',
      'alerts is not an object (keys with values) (example: {"podCrashLooping": {"enabled": true}})',
    ],
    [
      'alerts',
      '{"a": {"b": 1}',
      'alerts lacks a comma, or a closing quote or bracket (line 1) (example: {"podCrashLooping": {"enabled": true}})',
    ],
    [
      'alerts',
      'a:\n  b: 1\n b: 2',
      'alerts is indented in a way that YAML cannot read (line 3) (example: {"podCrashLooping": {"enabled": true}})',
    ],
    [
      'alerts',
      'a: 1\na: 2',
      'alerts has the same key twice (line 2) (example: {"podCrashLooping": {"enabled": true}})',
    ],
    [
      'alerts',
      'a:\n\tb: 1',
      'alerts is indented by a tab, which YAML does not take (line 2) (example: {"podCrashLooping": {"enabled": true}})',
    ],
    [
      'alerts',
      'a: "x',
      'alerts lacks a comma, or a closing quote or bracket (line 1) (example: {"podCrashLooping": {"enabled": true}})',
    ],
    [
      'alerts',
      '{"a": "x"\n"b": 2}',
      'alerts lacks a comma, or a closing quote or bracket (line 2) (example: {"podCrashLooping": {"enabled": true}})',
    ],
    [
      'alerts',
      'a: *base',
      'alerts has an alias or a merge key (<<) that leads nowhere, or too many of them (example: {"podCrashLooping": {"enabled": true}})',
    ],
    [
      'alerts',
      '<<: 5',
      'alerts has an alias or a merge key (<<) that leads nowhere, or too many of them (example: {"podCrashLooping": {"enabled": true}})',
    ],
    [
      'alerts',
      'a: &a {b: *a}',
      'alerts refers to itself, or is nested too deeply (example: {"podCrashLooping": {"enabled": true}})',
    ],
    [
      'alerts',
      'a: 1\n---\nb: 2',
      'alerts is more than one YAML document (line 2) (example: {"podCrashLooping": {"enabled": true}})',
    ],
    [
      'alerts',
      '{\n  "cpuHigh": {"threshold": 80}, // percent\n  "memHigh": {"threshold": 85}\n}',
      'alerts has a comment that begins with // or /*, which neither JSON nor YAML knows; take it out, or put the text in quotes (line 2) (example: {"podCrashLooping": {"enabled": true}})',
    ],
    [
      'alerts',
      '{"a": 1, /* percent */ "b": 2}',
      'alerts has a comment that begins with // or /*, which neither JSON nor YAML knows; take it out, or put the text in quotes (line 1) (example: {"podCrashLooping": {"enabled": true}})',
    ],
    [
      'alerts',
      '{"a": "x" // percent\n}',
      'alerts has a comment that begins with // or /*, which neither JSON nor YAML knows; take it out, or put the text in quotes (line 1) (example: {"podCrashLooping": {"enabled": true}})',
    ],
    [
      'alerts',
      '{"msg": say "hi"}',
      'alerts has a quote inside a text that has none around it; a comma may be missing, or a quote is a curly one (line 1) (example: {"podCrashLooping": {"enabled": true}})',
    ],
    [
      'alerts',
      '"a": 80,\n"b": 90',
      'alerts has a comma or a semicolon at the end of a value, which YAML takes for a part of it; take it out, or use JSON with { } (line 1) (example: {"podCrashLooping": {"enabled": true}})',
    ],
    [
      'alerts',
      "{'a': None}",
      'alerts has a word that JSON does not have at alerts.a (line 1, None): write null where a setting is to be removed, or put the text in quotes (example: {"podCrashLooping": {"enabled": true}})',
    ],
    [
      'alerts',
      'oncall:\n  phone: +447700900123\n  pin: 0123',
      'alerts has a number in a form that JSON does not have, and that would be sent changed, at alerts.oncall.phone (line 2, without its plus sign), alerts.oncall.pin (line 3, without its leading zeros): put it in quotes where it is a text, such as a phone number, or write the plain number (example: pin: "0123" or pin: 123)',
    ],
    [
      'alerts',
      '{"a": 0x1F}',
      'alerts has a number in a form that JSON does not have, and that would be sent changed, at alerts.a (line 1, as a decimal number): put it in quotes where it is a text, such as a phone number, or write the plain number (example: pin: "0123" or pin: 123)',
    ],
    [
      'alerts',
      '007: bond',
      'alerts has a key that YAML takes for a number, or for true or false, and that would be sent as alerts.7 (line 1): put it in quotes (example: {"podCrashLooping": {"enabled": true}})',
    ],
    [
      'alerts',
      'versions:\n  1.10: old',
      'alerts has a key that YAML takes for a number, or for true or false, and that would be sent as alerts.versions["1.1"] (line 2): put it in quotes (example: {"podCrashLooping": {"enabled": true}})',
    ],
    [
      'alerts',
      '  a:\n  b: 1\n',
      'alerts has no value at alerts.a (line 1): what it comes from may be empty. Write null where a setting is to be removed (example: {"podCrashLooping": {"enabled": true}})',
    ],
    [
      'alerts',
      '\n  a: 1\nb: 2\n',
      'alerts is indented in a way that YAML cannot read (line 3) (example: {"podCrashLooping": {"enabled": true}})',
    ],
    [
      'alerts',
      '{"a": 9007199254740993}',
      'alerts has a number that JSON cannot carry exactly; write it as a text (example: {"podCrashLooping": {"enabled": true}})',
    ],
    [
      'alerts',
      'a: .inf',
      'alerts has a number that JSON cannot carry exactly; write it as a text (example: {"podCrashLooping": {"enabled": true}})',
    ],
  ],

  'what cannot be seen': [
    ['cpu', '8\u200b0', 'cpu "8\\u200b0" has invisible characters inside: did you mean 80?'],
    ['memory', '32\u200bGB', 'memory "32\\u200bGB" has invisible characters inside: did you mean 32G or 32Gi?'],
    ['tenant', 'ac\ufeffme', 'tenant "ac\\ufeffme" has invisible characters inside: did you mean acme?'],
    [
      'cluster',
      'prod\u00aduction',
      'cluster "prod\\u00aduction" has invisible characters inside: did you mean production?',
    ],
    ['version', '1.3\u200d2', 'version "1.3\\u200d2" has invisible characters inside: did you mean "1.32"?'],
    [
      'timezone',
      'Europe/\u2060London',
      'timezone "Europe/\\u2060London" has invisible characters inside: did you mean Europe/London?',
    ],
    [
      'expected-plan',
      'fedcba98\u200b76543210',
      'expected-plan "fedcba98\\u200b76543210" has invisible characters inside: did you mean fedcba9876543210?',
    ],
    ['cpu', '\u200blots\u200b', 'cpu "lots" is not a CPU quantity (example: "8", "1.5" or "500m")'],
    ['mode', 'pl\u0000an', 'mode "pl\\u0000an" has invisible characters inside: did you mean plan?'],
  ],

  'given, but empty': [
    [
      'max-cpu',
      '',
      "max-cpu is given, but empty: what it comes from (a step output, a variable, an expression) produced nothing. Where it may be empty, write ${{ … || 'none' }}",
    ],
    [
      'min-storage',
      '  ',
      "min-storage is given, but empty: what it comes from (a step output, a variable, an expression) produced nothing. Where it may be empty, write ${{ … || 'none' }}",
    ],
    [
      'only-between',
      '\u200b',
      "only-between is given, but empty: what it comes from (a step output, a variable, an expression) produced nothing. Where it may be empty, write ${{ … || 'none' }}",
    ],
    [
      'freeze-dates',
      '',
      "freeze-dates is given, but empty: what it comes from (a step output, a variable, an expression) produced nothing. Where it may be empty, write ${{ … || 'none' }}",
    ],
    [
      'if-match',
      '',
      "if-match is given, but empty: the step or job output that it comes from produced nothing, so there is no ETag to hold this run to. Mend that output (GitHub drops a job output that holds a masked value); none belongs here only as a fixed text, never as || 'none'",
    ],
    [
      'expected-plan',
      '',
      "expected-plan is given, but empty: the step or job output that it comes from produced nothing, so there is no plan to hold this run to. Mend that output (GitHub drops a job output that holds a masked value); none belongs here only as a fixed text, never as || 'none'",
    ],
    [
      'mode',
      '',
      'mode is given, but empty: what it comes from (a step output, a variable, an expression) produced nothing, and that is not taken for apply. Give apply, plan or verify',
    ],
    [
      'timezone',
      '',
      "timezone is given, but empty: what it comes from (a step output, a variable, an expression) produced nothing. Where it may be empty, write ${{ … || 'UTC' }}",
    ],
    [
      'api-key',
      '',
      'api-key is required; it is empty, and KUPE_API_KEY and KUPE_API_TOKEN in the environment are too. Runs of forks and of Dependabot get no secrets, and the secrets of an environment need environment: in the job (example: ${{ secrets.KUPE_API_KEY }})',
    ],
    ['tenant', '', 'tenant is required; it is empty, and KUPE_TENANT in the environment is too (example: acme)'],
    [
      'cluster',
      ' ',
      'cluster is required; it is empty, and KUPE_CLUSTER in the environment is too (example: production)',
    ],
  ],

  names: [
    ['memmory', '64Gi', 'memmory is not an input: did you mean memory?'],
    ['cpus', '16', 'cpus is not an input: did you mean cpu?'],
    ['clustr', 'x', 'clustr is not an input: did you mean cluster?'],
    ['time-zone', 'x', 'time-zone is not an input: did you mean timezone?'],
    ['max_cpu', '8', 'max_cpu is not an input: did you mean max-cpu?'],
    ['dry-run', 'true', 'dry-run is not an input: did you mean mode: plan?'],
    ['dry_run', 'true', 'dry_run is not an input: did you mean mode: plan?'],
    ['kubernetes-version', '1.32', 'kubernetes-version is not an input: did you mean version?'],
    ['k8s-version', '1.32', 'k8s-version is not an input: did you mean version?'],
    ['token', 'x', 'token is not an input: did you mean api-key?'],
    ['api-token', 'x', 'api-token is not an input: did you mean api-key?'],
    ['name', 'x', 'name is not an input: did you mean cluster?'],
    ['tenant-name', 'x', 'tenant-name is not an input: did you mean tenant?'],
    ['host', 'x', 'host is not an input: did you mean api-url?'],
    ['resources', 'x', 'resources is not an input: did you mean cpu, memory or storage?'],
    ['mem', 'x', 'mem is not an input: did you mean memory?'],
    ['disk', 'x', 'disk is not an input: did you mean storage?'],
    ['etag', 'x', 'etag is not an input: did you mean if-match?'],
    ['wait-timeout', 'x', 'wait-timeout is not an input: did you mean timeout?'],
    ['wait-for', 'x', 'wait-for is not an input: did you mean wait?'],
    ['replicas', '3', 'replicas is not an input: a cluster is scaled by cpu, memory and storage'],
    ['nodes', '3', 'nodes is not an input: a cluster is scaled by cpu, memory and storage'],
    [
      'force',
      'true',
      'force is not an input: nothing goes past the ETag here, so a change by someone else is never overwritten',
    ],
    [
      'max-pods',
      '100',
      'max-pods is not an input, so it would guard nothing: did you mean max-cpu, max-memory or max-storage?',
    ],
    [
      'min-replicas',
      '1',
      'min-replicas is not an input, so it would guard nothing: did you mean min-cpu, min-memory or min-storage?',
    ],
    [
      'only-on-weekdays',
      'true',
      'only-on-weekdays is not an input, so it would guard nothing: did you mean only-between?',
    ],
    ['freeze', '2026-12-24', 'freeze is not an input, so it would guard nothing: did you mean freeze-dates?'],
    [
      'allow-scale-down',
      'false',
      'allow-scale-down is not an input, so it would guard nothing: did you mean allow-downgrade, allow-version-skip or allow-storage-shrink?',
    ],
    ['expected-digest', 'x', 'expected-digest is not an input, so it would guard nothing: did you mean expected-plan?'],
    ['if-none-match', 'x', 'if-none-match is not an input, so it would guard nothing: did you mean if-match?'],
    ['window', 'x', 'window is not an input: did you mean only-between?'],
    ['maintenance-window', 'x', 'maintenance-window is not an input: did you mean only-between?'],
    ['blackout', 'x', 'blackout is not an input: did you mean freeze-dates?'],
    ['plan-digest', 'x', 'plan-digest is not an input: did you mean expected-plan?'],
    ['tz', 'Europe/London', 'tz is not an input: did you mean timezone?'],
  ],
}
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: see above

describe.each(Object.entries(MISTAKES))('%s', (_, mistakes) => {
  test.each(mistakes)('%s: %j', async (input, value, message) => {
    const { problems, message: said } = await errorOf({ ...REQUIRED, cpu: '8', [input]: value })
    expect(problems).toHaveLength(1)
    expect(said).toBe(message)
  })
})

test.each(Object.entries(MISTAKES).flatMap(([title, mistakes]) => (title === 'names' ? [] : mistakes)))(
  '%s: %j is offered only what would be accepted',
  async (input, value) => {
    const { problems } = await errorOf({ ...REQUIRED, cpu: '8', [input]: value })
    for (const repaired of problems.flatMap((problem) => problem.repaired ?? [])) {
      // The quotes are YAML's.
      expect(await faultsOf({ timeout: '2h', [input]: repaired.replace(/^"(.*)"$/, '$1') })).toEqual([])
    }
  },
)
