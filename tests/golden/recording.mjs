/** What the scripts that record losses share: a Python with the frameworks, and our own TypeScript. Plain Node. */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { createServer } from 'vite'

/**
 * Runs a Python script, in the Python of the variable PYTHON if there is one; gives what it printed. Throws where it fails.
 * @param {readonly string[]} given the script and its arguments
 */
export function runPython(...given) {
  const python = process.env['PYTHON'] ?? 'python3'
  const { status, stdout, stderr } = spawnSync(python, given, { encoding: 'utf8', maxBuffer: 1 << 28 })
  if (status === 0) return stdout
  throw new Error(
    `${given[0]}: expected a run to the end, got an error. Set PYTHON to one with the packages of tests/golden/requirements.txt.\n${stderr}`,
  )
}

/**
 * Calls `use` with a function that loads modules of TypeScript; nothing is served.
 * @param {(load: (path: string) => Promise<any>) => Promise<void>} use
 */
export async function withModules(use) {
  const vite = await createServer({
    configFile: false,
    logLevel: 'warn',
    appType: 'custom',
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
  })
  try {
    await use((path) => vite.ssrLoadModule(path))
  } finally {
    await vite.close()
  }
}

/** @param {string} path @param {unknown} value */
export function writeJson(path, value) {
  writeFileSync(path, JSON.stringify(value))
  spawnSync('npx', ['prettier', '--write', path], { stdio: 'inherit' })
}
