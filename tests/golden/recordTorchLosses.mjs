/**
 * `node tests/golden/recordTorchLosses.mjs`: runs the PyTorch scripts of all cases for real and records their losses in
 * torchLosses.json. Plain Node; needs python3 with torch (Debian: apt-get install python3-torch).
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'vite'

const runner = 'tests/golden/runTorchScripts.py'
const fixture = 'tests/golden/torchLosses.json'

/** @param {string} python @param {readonly string[]} folders */
const run = (python, folders) =>
  spawnSync(python, [runner, ...folders], { encoding: 'utf8', maxBuffer: 1 << 28 })

const python = ['python3', '/usr/bin/python3'].find((command) => run(command, []).status === 0)
if (python === undefined) throw new Error('recordTorchLosses: expected python3 with torch, got none.')

// Vite reads TypeScript; nothing is served.
const vite = await createServer({
  configFile: false,
  logLevel: 'warn',
  appType: 'custom',
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
})
const folder = mkdtempSync(join(tmpdir(), 'torch-'))
try {
  /** @type {typeof import('./pythonRuns')} */
  const { writeCases, scriptOf, fingerprint } = /** @type {any} */ (
    await vite.ssrLoadModule('/tests/golden/pythonRuns.ts')
  )
  /** @type {typeof import('./pythonCases')} */
  const { pythonCases } = /** @type {any} */ (await vite.ssrLoadModule('/tests/golden/pythonCases.ts'))
  const { status, stdout, stderr } = run(python, await writeCases(folder))
  if (status !== 0) throw new Error(`recordTorchLosses: a script failed.\n${stderr}`)
  /** @type {{ torch: string, figures: readonly object[] }} */
  const recorded = JSON.parse(stdout)
  const cases = pythonCases.map(({ name, spec }, index) => {
    return [name, { script: fingerprint(scriptOf(spec)), ...recorded.figures[index] }]
  })
  writeFileSync(fixture, JSON.stringify({ torch: recorded.torch, cases: Object.fromEntries(cases) }))
  spawnSync('npx', ['prettier', '--write', fixture], { stdio: 'inherit' })
} finally {
  rmSync(folder, { recursive: true })
  await vite.close()
}
