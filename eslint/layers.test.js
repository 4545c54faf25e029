import { Linter } from 'eslint'
import tseslint from 'typescript-eslint'
import { describe, expect, it } from 'vitest'
import plugin, { confinedPackages, layers } from './layers.js'

/**
 * Messages of the rule for `code` as if it stood in `file`.
 * @param {string} file
 * @param {string} code
 */
function lint(file, code) {
  const linter = new Linter({ cwd: '/repository' })
  /** @type {import('eslint').Linter.Config} */
  const config = {
    files: ['**/*.ts', '**/*.js'],
    languageOptions: {
      parser: /** @type {import('eslint').Linter.Parser} */ (tseslint.parser),
      sourceType: 'module',
    },
    plugins: { tandem: plugin },
    rules: { 'tandem/directions': 'error' },
  }
  return linter.verify(code, [config], `/repository/${file}`).map((message) => message.message)
}

describe('directions: forbidden', () => {
  it.each([
    ['src/lib/core/keras/fit.ts', `import { nn } from '../torch/index'`, 'styles stay independent'],
    ['src/lib/core/torch/nn.ts', `import { Sequential } from '../keras'`, 'styles stay independent'],
    ['src/lib/core/spec/schema.ts', `import { circle } from '../data/circle'`, 'plain data'],
    ['src/lib/core/eager/tape.ts', `import type { Weight } from '../nn/weights'`, 'not layers or runs'],
    ['src/lib/core/optim/sgd.ts', `import * as tf from '@tensorflow/tfjs-core'`, 'core/eager/tfjs.ts'],
    ['src/lib/core/nn/a.ts', `await import('@tensorflow/tfjs-layers')`, 'Keras style only'],
    ['src/lib/core/eager/wasm.ts', `import file from 'tfjs/x.wasm?url'`, 'inject'],
    ['src/lib/core/data/digits.ts', `import { base } from '$app/paths'`, 'neither the page nor Svelte'],
    ['src/lib/core/events/a.ts', `import A from './A.svelte'`, 'neither the page nor Svelte'],
    ['src/lib/core/nn/a.ts', `export * from '$lib/workers/protocol'`, 'not workers'],
    ['src/routes/page.ts', `import { Sequential } from '$lib/core/keras'`, 'never computes'],
    ['src/lib/state/lane.svelte.ts', `import { tf } from '../core/eager/tfjs'`, 'never computes'],
    ['src/lib/state/lane.svelte.ts', `import { run } from '../workers/lane.worker'`, "worker's client"],
    ['src/lib/charts/loss.ts', `import Button from '$lib/components/Button.svelte'`, 'not components'],
    ['src/lib/workers/laneClient.ts', `import { tf } from '../core/eager/tfjs'`, 'never computes'],
    ['src/lib/components/A.ts', `import { Chart } from 'chart.js'`, 'Only charts'],
    ['src/lib/core/invented/a.ts', `import { spec } from '../spec/schema'`, 'not in the table'],
    ['src/lib/core/keras/fit.test.ts', `import { nn } from '../torch'`, 'styles stay independent'],
    ['models/index.ts', `import { circle } from '../src/lib/core/data'`, 'no behaviour'],
  ])('%s: %s', (file, code, why) => {
    expect(lint(file, code).join()).toContain(why)
  })
})

describe('directions: allowed', () => {
  it.each([
    ['src/lib/core/keras/fit.ts', `import { Adam } from '../optim/adam'`],
    ['src/lib/core/keras/layers.ts', `import * as layers from '@tensorflow/tfjs-layers'`],
    ['src/lib/core/eager/tfjs.ts', `export * from '@tensorflow/tfjs-core'`],
    ['src/lib/core/spec/schema.ts', `import { SpecError } from '../util/errors'`],
    ['src/lib/core/program/run.ts', `import * as torch from '../torch'; import * as keras from '../keras'`],
    ['src/lib/core/torch/nn.ts', `import { Linear } from './linear'`],
    ['src/lib/workers/lane.worker.ts', `import { evaluate } from '../core/program/evaluate'`],
    ['src/lib/workers/laneClient.ts', `import type { Weight } from '../core/nn/weights'`],
    ['src/lib/state/lane.svelte.ts', `import { LaneClient } from '../workers/laneClient'`],
    ['src/lib/state/lane.svelte.ts', `import LaneWorker from '../workers/lane.worker?worker'`],
    ['src/lib/state/assets.ts', `import wasm from '@tensorflow/tfjs-backend-wasm/dist/a.wasm?url'`],
    ['src/lib/charts/loss.ts', `import type { ModelWeights } from '$lib/core/nn/weights'`],
    ['src/lib/charts/loss.ts', `import { type Weight } from '$lib/core/nn/weights'`],
    ['src/routes/page.ts', `import { presets } from '../../models'`],
    ['src/lib/core/program/run.test.ts', `import { parseSpec } from '../spec/parse'`],
    ['tests/parity/styles.test.ts', `import '../../src/lib/core/keras'; import '@tensorflow/tfjs-core'`],
  ])('%s: %s', (file, code) => {
    expect(lint(file, code)).toEqual([])
  })
})

it('every entry gives a reason and names folders of the table', () => {
  const known = [...Object.keys(layers), 'core', 'styles']
  for (const { may, reason } of Object.values(layers)) {
    expect(reason).toMatch(/\.$/)
    expect(known).toEqual(expect.arrayContaining(may))
  }
  for (const { reason } of confinedPackages) expect(reason).toMatch(/\.$/)
})
