// The licences of everything that may end up in the bundle, for dist/licenses.txt: of the packages, and of the parts that some of
// them have taken from others. ncc's own list leaves out what it merges into one module, and knows no such parts.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Parts that a package ships without their licence; licenses/ has it. */
const PARTS = { 'node_modules/undici': ['formdata-polyfill', 'llhttp', 'ws'] }
const IS_LICENSE = /^licen[sc]e(\.|-|$)/i

export function toLicenseTexts(root) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  const shipped = Object.entries(packages).filter(([path, { dev, optional }]) => path !== '' && !dev && !optional)
  const unknown = Object.keys(PARTS).filter((path) => !shipped.some(([each]) => each === path))
  if (unknown.length > 0) throw new Error(`licenses.mjs names parts of ${unknown}, which is not shipped`)
  return shipped
    .flatMap(([path, { version, license }]) => {
      const name = path.replace(/^.*node_modules\//, '')
      const files = licenseFiles(join(root, path))
      const own = files.find((file) => dirname(file) === '.')
      const inner = files.filter((file) => dirname(file) !== '.')
      return [
        section(
          `${name} ${version} (${license})`,
          own ? read(join(root, path, own)) : '(no licence file in the package)',
        ),
        ...inner.map((file) => section(`${dirname(file)}, in ${name} ${version}`, read(join(root, path, file)))),
        ...(PARTS[path] ?? []).map((part) =>
          section(`${part}, in ${name} ${version}`, read(join(root, 'scripts/licenses', `${part}.txt`))),
        ),
      ]
    })
    .join(`\n${'-'.repeat(80)}\n\n`)
}

/** The package's licence files, those deeper in it included, but not of packages of its own, which the lock file names. */
function licenseFiles(folder, within = '.') {
  return readdirSync(join(folder, within), { withFileTypes: true })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = within === '.' ? entry.name : `${within}/${entry.name}`
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : licenseFiles(folder, path)
      return IS_LICENSE.test(entry.name) ? [path] : []
    })
}

/** Parts that the bundle itself says are someone's, and that the licences do not name. */
export function unlicensedParts(bundles, licenses) {
  const banners = bundles.flatMap((text) => [...text.matchAll(/\/\*!\s*(?:\* )?([\w-]+)(?:\.|\n)[^/]*? Licen[sc]e/gi)])
  return [...new Set(banners.map(([, part]) => part))].filter((part) => !new RegExp(`^${part}[ ,]`, 'm').test(licenses))
}

function section(title, text) {
  return `${title}\n\n${text}\n`
}

function read(file) {
  return readFileSync(file, 'utf8').trim()
}
