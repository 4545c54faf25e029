/**
 * `node tests/golden/recordLosses.mjs`: runs the scripts of all cases in PyTorch and Keras and records their losses in
 * torchLosses.json and kerasLosses.json. Plain Node; needs the packages of requirements.txt.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runPython, withModules, writeJson } from './recording.mjs'

const root = mkdtempSync(join(tmpdir(), 'scripts-'))
try {
  await withModules(async (load) => {
    /** @type {typeof import('./pythonRuns')} */
    const { writeCases, scriptOf, fingerprint } = await load('/tests/golden/pythonRuns.ts')
    /** @type {typeof import('./pythonCases')} */
    const { pythonCases } = await load('/tests/golden/pythonCases.ts')
    for (const style of /** @type {const} */ (['torch', 'keras'])) {
      const folders = await writeCases(root, style)
      /** @type {{ version: string, figures: readonly object[] }} */
      const { version, figures } = JSON.parse(runPython('tests/golden/runScripts.py', style, ...folders))
      const cases = pythonCases.map(({ name, spec }, index) => {
        return [name, { script: fingerprint(scriptOf(spec, style)), ...figures[index] }]
      })
      writeJson(`tests/golden/${style}Losses.json`, { version, cases: Object.fromEntries(cases) })
    }
  })
} finally {
  rmSync(root, { recursive: true })
}
