/** What the catalogue says of each layer on wasm is what TensorFlow.js does there. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { beforeAll, expect, it } from 'vitest'
import { insertLayer, positionFor } from '../../lib/components/layerEdits'
import { layerFacts, layerTypes, type LayerType } from '../../lib/core/catalogue/layers'
import { generateProgram } from '../../lib/core/codegen/generateProgram'
import { setDigitsSource } from '../../lib/core/data/digits'
import { adaptToData } from '../../lib/core/spec/adaptToData'
import { defaultSpec } from '../../lib/core/spec/defaults'
import { parseSpec } from '../../lib/core/spec/parse'
import { styles, type Spec } from '../../lib/core/spec/schema'
import { startHeadless } from './headlessRun'

beforeAll(() => {
  execFileSync('node', ['scripts/packDigits.mjs'])
  setDigitsSource(() => Promise.resolve(readFileSync('static/data/digits.bin')))
})

/** A small model with such a layer, on the first data that it can read. */
function specWith(type: LayerType): Spec {
  const kinds = ['circle', 'digits', 'recall'] as const
  for (const kind of kinds) {
    const { data, ...rest } = adaptToData(defaultSpec(), kind)
    const spec = parseSpec({ ...rest, data: { ...data, samples: 40 }, training: { batchSize: 8 } })
    if (spec.model.layers.some((layer) => layer.type === type)) return spec
    const position = positionFor(spec, type, 0)
    if (position !== null) return insertLayer(spec, type, position)
  }
  throw new Error(`internal: no data for ${type}`)
}

it.each(layerTypes.flatMap((type) => styles.map((style) => [type, style] as const)))(
  '%s trains on wasm %s-style, unless its record says otherwise',
  async (type, style) => {
    const spec = specWith(type)
    const program = generateProgram(spec, style, { lane: 'A' })
    const limit = { kind: 'steps', count: 2 } as const
    const { outcome } = await startHeadless({
      program,
      execution: 'eager',
      backend: 'wasm',
      limit,
      initialWeights: null,
    })
    const { error, steps } = await outcome
    const trains = spec.model.layers.every((layer) => !layerFacts(layer).untrainableOn.includes('wasm'))
    expect({ steps, failed: error !== null }).toEqual({ steps: trains ? 2 : 0, failed: !trains })
  },
)
