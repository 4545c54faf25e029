/** Where the smoke test finds a Firefox. */
import { spawnSync } from 'node:child_process'
import { findExecutable, isDebianRoot } from './chromium.mjs'

/**
 * Path of an installed Firefox: `FIREFOX_PATH`, else one on PATH, else null.
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<string | null>}
 */
export function findFirefox(environment = process.env) {
  return findExecutable(['firefox', 'firefox-esr'], environment, environment['FIREFOX_PATH'])
}

/**
 * Installs a Firefox where there is none and that can be done unasked; without one its test is skipped.
 * @param {(line: string) => void} print
 * @returns {Promise<void>}
 */
export async function ensureFirefox(print) {
  if ((await findFirefox()) !== null || !(await isDebianRoot())) return
  const command = 'apt-get update && apt-get install -y firefox-esr'
  print(`no Firefox found, trying: ${command}`)
  spawnSync(command, { shell: true, stdio: ['ignore', 'ignore', 'inherit'], timeout: 240_000 })
}
