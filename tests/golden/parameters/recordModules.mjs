/**
 * `node tests/golden/parameters/recordModules.mjs [PYTHON]`: what PyTorch gives for each parameter of its modules, losses,
 * functions, optimizers and loaders, recorded in modules.json with the order of their parameters. Plain Node; needs Python
 * with torch.
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { format, resolveConfig } from 'prettier'
import { callsOf } from './rows.mjs'
import { snakeCase, toPython } from './toPython.mjs'
import { functionRows } from './torchFunctions.mjs'
import { moduleRows } from './torchModules.mjs'
import { trainingRows } from './torchTraining.mjs'

const rows = { ...moduleRows, ...functionRows, ...trainingRows }
const calls = Object.fromEntries(callsOf(rows).map(([key, expression]) => [key, toPython(expression)]))
const signatures = Object.fromEntries(
  Object.keys(rows).map((name) => [
    name,
    name.replace('optim.lrScheduler', 'lr_scheduler').split('.').map(snakeCase).join('.'),
  ]),
)

const file = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url))
const { status, stdout, stderr } = spawnSync(process.argv[2] ?? 'python3', [file('recordModules.py')], {
  input: JSON.stringify({ calls, signatures }),
  encoding: 'utf8',
  maxBuffer: 1e8,
})
if (status !== 0) throw new Error(`recordModules: expected Python with torch, got an error.\n${stderr}`)
const target = file('modules.json')
const options = await resolveConfig(target)
writeFileSync(
  target,
  await format(stdout.replaceAll(/(\.\d{9})\d+/g, '$1'), { ...options, filepath: target }),
)
