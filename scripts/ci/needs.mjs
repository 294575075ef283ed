// What the checks need beyond Node and npm, each with the sentence that says so where it is missing. CONTRIBUTING.md lists the same.
import { spawnSync } from 'node:child_process'
import { findBrowser } from '../pictures/browser.mjs'

const isPosix = process.platform !== 'win32'

/** @type {Record<string, { says: string, isMet: () => boolean }>} */
export const NEEDS = {
  git: {
    says: 'git is missing: it says whether dist/ is what is committed, and makes the repositories that act works in',
    isMet: () => runs('git', '--version'),
  },
  posix: {
    says: 'this is Windows: act, zizmor and the proxies are run on Linux and macOS only',
    isMet: () => isPosix,
  },
  bash: {
    says: 'bash is missing: the steps of the examples, and what installs act and zizmor, are written for it',
    isMet: () => runs('bash', '--version'),
  },
  curl: {
    says: 'curl is missing: an example tells a chat with it',
    isMet: () => runs('curl', '--version'),
  },
  jq: {
    says: 'jq is missing: in act, it stands in for the jq that gh has built in',
    isMet: () => runs('jq', '--version'),
  },
  go: {
    says: 'Go is missing: act, which runs the examples and the release, is built with it',
    isMet: () => runs('go', 'version'),
  },
  python: {
    says: 'python3 with venv is missing: zizmor, which judges the workflows’ security, is installed with it',
    isMet: () => runs('python3', '-c', 'import ensurepip, venv'),
  },
  network: {
    says: 'tinyproxy or openssl is missing, and so is apt-get as root or with sudo to install them: the network tests need both',
    isMet: () => missingNetworkTools().length === 0 || installer() !== undefined,
  },
  browser: {
    says: 'Chromium is missing, and so is apt-get as root or with sudo to install it: the pictures of the summaries need it',
    isMet: () => missingBrowser().length === 0 || installer() !== undefined,
  },
}

/** The programs of the network tests that are not there. */
export function missingNetworkTools() {
  const calls = { tinyproxy: ['-v'], openssl: ['version'] }
  return Object.entries(calls).flatMap(([tool, args]) => (runs(tool, ...args) ? [] : [tool]))
}

/** The packages of the browser, where there is none: with a font as wide as GitHub's, and one for the emoji. */
export function missingBrowser() {
  return findBrowser() === undefined ? ['chromium', 'fonts-liberation', 'fonts-noto-color-emoji'] : []
}

/** What must stand before apt-get here; undefined where nobody would be allowed to install anything without being asked. */
export function installer() {
  if (!isPosix || !runs('apt-get', '--version')) return undefined
  if (process.getuid() === 0) return []
  return spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n'] : undefined
}

function runs(command, ...args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}
