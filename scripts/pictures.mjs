// Shows summaries of every ending in a real browser, as GitHub would, and writes a picture of each into pictures/; with --check it
// writes none, and fails where a chart cannot be drawn or anything is wider than a phone. --docs also replaces the README's own.
// Names choose some of them.
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PICTURES, TO_CHECK } from '../lib/scripts/pictures/list.js'
import { findBrowser, openPage } from './pictures/browser.mjs'
import { chartProgram, toExpression } from './pictures/page.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const folder = join(root, 'pictures')
/** The README's pictures. */
const SHOWN = {
  'converged-both': 'summary',
  'rival-one-field': 'summary-conflict',
  'degraded-after-a-patch': 'summary-unhealthy',
}
const isCheck = process.argv.includes('--check')
const names = process.argv.slice(2).filter((name) => !name.startsWith('--'))

const program = findBrowser()
if (program === undefined) {
  console.error('pictures: no browser here: install chromium')
  process.exit(1)
}
const pictures = (isCheck ? TO_CHECK : PICTURES).filter(
  ({ name }) => names.length === 0 || names.some((part) => name.includes(part)),
)
const page = await openPage(program)
try {
  await page.evaluate(chartProgram())
  if (!isCheck && names.length === 0) rmSync(folder, { recursive: true, force: true })
  if (!isCheck) mkdirSync(folder, { recursive: true })
  let count = 0
  for (const picture of pictures) {
    const problems = await take(picture)
    for (const problem of problems) console.error(`${picture.name}: ${problem}`)
    count += problems.length
  }
  if (process.argv.includes('--docs')) {
    for (const [from, to] of Object.entries(SHOWN)) {
      copyFileSync(join(folder, `${from}.png`), join(root, 'docs', `${to}.png`))
    }
  }
  console.log(`pictures: ${pictures.length} summaries, ${count} problems`)
  if (pictures.length === 0 || count > 0) process.exitCode = 1
} finally {
  await page.close()
}

async function take(picture) {
  const size = { width: picture.width, height: 400, deviceScaleFactor: 1, mobile: false }
  await page.call('Emulation.setDeviceMetricsOverride', size)
  const { problems, height } = await page.evaluate(toExpression(picture))
  if (isCheck) return problems
  const clip = { x: 0, y: 0, width: picture.width, height, scale: 1 }
  const { data } = await page.call('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true, clip })
  writeFileSync(join(folder, `${picture.name}.png`), Buffer.from(data, 'base64'))
  return problems
}
