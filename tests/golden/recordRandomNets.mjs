/**
 * `node tests/golden/recordRandomNets.mjs`: trains the nets of randomNets.ts in PyTorch and Keras, with trainRandomNets.py,
 * and records initial weights and losses in randomNets.json. `node tests/golden/recordRandomNets.mjs --check FROM TO` trains
 * nets of other seeds there and in the lab and prints how far they are from each other, without recording them.
 * Plain Node; needs the packages of requirements.txt.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runPython, withModules, writeJson } from './recording.mjs'

const recordedNets = 24

const root = mkdtempSync(join(tmpdir(), 'nets-'))
const isCheck = process.argv[2] === '--check'
const [from = 0, to = recordedNets] = isCheck ? process.argv.slice(3).map(Number) : []
const seeds = Array.from({ length: to - from }, (_, index) => from + index)

/** @param {(path: string) => Promise<any>} load */
async function record(load) {
  /** @type {typeof import('./randomNets')} */
  const { randomNet } = await load('/tests/golden/randomNets.ts')
  /** @type {typeof import('./randomNetRuns')} */
  const { difference, fingerprint, labLosses, runsOf, writeNet } = await load(
    '/tests/golden/randomNetRuns.ts',
  )
  const folders = seeds.map((seed) => join(root, String(seed)))
  for (const [index, folder] of folders.entries()) writeNet(folder, randomNet(seeds[index] ?? 0))
  const versions = JSON.parse(runPython('tests/golden/trainRandomNets.py', ...folders))
  const nets = seeds.map((seed, index) => {
    const folder = folders[index] ?? ''
    const base64 = (/** @type {string} */ naming) =>
      readFileSync(join(folder, `${naming}.safetensors`)).toString('base64')
    const losses = JSON.parse(readFileSync(join(folder, 'losses.json'), 'utf8'))
    const weights = { torch: base64('torch'), keras: base64('keras') }
    return { seed, net: fingerprint(randomNet(seed)), ...losses, weights }
  })
  if (!isCheck) {
    writeJson('tests/golden/randomNets.json', { versions, nets })
    return
  }
  for (const [index, { seed, rounding, ...losses }] of nets.entries()) {
    for (const each of runsOf(randomNet(seed))) {
      const ours = await labLosses(folders[index] ?? '', each)
      const gap = difference(ours, losses[each.follows])
      console.log(
        `net ${seed}, ${each.arguments}: ${gap.toExponential(1)}, rounding ${rounding[each.follows]}`,
      )
    }
  }
}

try {
  await withModules(record)
} finally {
  rmSync(root, { recursive: true })
}
