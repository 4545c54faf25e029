/**
 * `node tests/golden/recordRandomNets.mjs`: trains the nets of randomNets.ts in PyTorch, with trainRandomNets.py, and
 * records initial weights and losses in randomNets.json. `node tests/golden/recordRandomNets.mjs --check FROM TO` trains nets
 * of other seeds in PyTorch and in the lab and prints how far they are from each other, without recording them.
 * Plain Node; needs python3 with torch (Debian: apt-get install python3-torch).
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer } from 'vite'

const trainer = 'tests/golden/trainRandomNets.py'
const fixture = 'tests/golden/randomNets.json'
const recordedNets = 24

/** @param {string} python @param {readonly string[]} folders */
const run = (python, folders) => spawnSync(python, [trainer, ...folders], { encoding: 'utf8' })

const python = ['python3', '/usr/bin/python3'].find((command) => run(command, []).status === 0)
if (python === undefined) throw new Error('recordRandomNets: expected python3 with torch, got none.')

// Vite reads TypeScript; nothing is served.
const vite = await createServer({
  configFile: false,
  logLevel: 'warn',
  appType: 'custom',
  optimizeDeps: { noDiscovery: true },
  server: { middlewareMode: true, hmr: false, ws: false, watch: null },
})
const root = mkdtempSync(join(tmpdir(), 'nets-'))
const isCheck = process.argv[2] === '--check'
const [from = 0, to = recordedNets] = isCheck ? process.argv.slice(3).map(Number) : []
const seeds = Array.from({ length: to - from }, (_, index) => from + index)
try {
  /** @type {typeof import('./randomNets')} */
  const { randomNet } = /** @type {any} */ (await vite.ssrLoadModule('/tests/golden/randomNets.ts'))
  /** @type {typeof import('./randomNetRuns')} */
  const { difference, fingerprint, labLosses, runsOf, writeNet } = /** @type {any} */ (
    await vite.ssrLoadModule('/tests/golden/randomNetRuns.ts')
  )
  const folders = seeds.map((seed) => join(root, String(seed)))
  for (const [index, folder] of folders.entries()) writeNet(folder, randomNet(seeds[index] ?? 0))
  const { status, stderr } = run(python, folders)
  if (status !== 0) throw new Error(`recordRandomNets: PyTorch failed.\n${stderr}`)
  const trained = seeds.map((seed, index) => {
    const folder = folders[index] ?? ''
    const base64 = (/** @type {string} */ naming) =>
      readFileSync(join(folder, `${naming}.safetensors`)).toString('base64')
    const losses = JSON.parse(readFileSync(join(folder, 'losses.json'), 'utf8'))
    const weights = { torch: base64('torch'), keras: base64('keras') }
    return { seed, net: fingerprint(randomNet(seed)), ...losses, weights }
  })
  if (isCheck) {
    for (const [index, { seed, rounding, ...losses }] of trained.entries()) {
      for (const each of runsOf(randomNet(seed))) {
        const ours = await labLosses(folders[index] ?? '', each)
        const gap = difference(ours, losses[each.follows])
        console.log(
          `net ${seed}, ${each.arguments}: ${gap.toExponential(1)}, rounding ${rounding[each.follows]}`,
        )
      }
    }
  } else {
    writeFileSync(fixture, JSON.stringify(trained))
    spawnSync('npx', ['prettier', '--write', fixture], { stdio: 'inherit' })
  }
} finally {
  rmSync(root, { recursive: true })
  await vite.close()
}
