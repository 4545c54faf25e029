/** Where tests find a Chromium, and the flags that give it software WebGPU and WebGL and keep it off the network. */
import { spawnSync } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'

export const chromiumFlags = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
]

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

/**
 * Path of an installed Chromium: `CHROMIUM_PATH`, else one on PATH, else null.
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<string | null>}
 */
export async function findChromium(environment = process.env) {
  return findExecutable(names, environment, environment['CHROMIUM_PATH'])
}

/**
 * The first of these names on PATH; where a path is named, that one or none.
 * @param {readonly string[]} names
 * @param {NodeJS.ProcessEnv} environment
 * @param {string | undefined} named
 * @returns {Promise<string | null>}
 */
export async function findExecutable(names, environment, named) {
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const onPath = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  for (const path of named ? [named] : onPath) {
    if (await isExecutable(path)) return path
  }
  return null
}

/** @param {string} path */
async function isExecutable(path) {
  try {
    await access(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Whether Playwright has downloaded its own Chromium. Needs installed packages. */
async function hasPlaywrightChromium() {
  const { chromium } = await import('playwright')
  return isExecutable(chromium.executablePath())
}

/** Whether packages can be installed unasked. */
export const isDebianRoot = async () => process.getuid?.() === 0 && (await isExecutable('/usr/bin/apt-get'))

/**
 * Makes sure that tests have a browser, installing one where that can be done unasked.
 * @param {(line: string) => void} print
 * @returns {Promise<string | null>} what to do by hand, in one sentence, or null if there is a browser
 */
export async function ensureChromium(print) {
  const named = process.env['CHROMIUM_PATH']
  if (named && !(await isExecutable(named))) {
    return `CHROMIUM_PATH names no executable (${named}): correct it or unset it.`
  }
  if ((await findChromium()) !== null || (await hasPlaywrightChromium())) return null
  const attempts = ['npx playwright install chromium']
  if (await isDebianRoot()) attempts.push('apt-get update && apt-get install -y chromium')
  for (const command of attempts) {
    print(`no Chromium found, trying: ${command}`)
    spawnSync(command, { shell: true, stdio: ['ignore', 'ignore', 'inherit'], timeout: 240_000 })
    if ((await findChromium()) !== null || (await hasPlaywrightChromium())) return null
  }
  return 'The tests need a browser: install Chromium or Chrome, or set CHROMIUM_PATH to one.'
}
