/** A lane that is asked for it exports its trained model, whatever its style and execution. */
import * as ort from 'onnxruntime-web/wasm'
import { beforeAll, expect, it } from 'vitest'
import { generateProgram } from '../codegen'
import { parseSpec } from '../spec/parse'
import { startTestRun } from '../../../../tests/support/testRun'

const spec = parseSpec({
  version: 1,
  name: 'Small',
  seed: 3,
  data: { kind: 'circle', samples: 60, noise: 0.1, trainFraction: 0.5 },
  model: {
    layers: [
      { type: 'dense', units: 4, activation: 'tanh' },
      { type: 'dense', units: 1, activation: 'sigmoid' },
    ],
  },
  loss: 'binaryCrossentropy',
  optimizer: { type: 'adam', learningRate: 0.03 },
  training: { batchSize: 8, epochs: 2 },
})

const resolution = 6

beforeAll(() => {
  ort.env.wasm.numThreads = 1
})

it.each([
  ['keras', 'eager'],
  ['keras', 'static'],
  ['torch', 'eager'],
  ['torch', 'static'],
] as const)('%s, %s: the file predicts what the lane predicts', async (style, execution) => {
  const run = await startTestRun(generateProgram(spec, style, { lane: 'A', execution }), {
    execution,
    exportExample: { shape: [2], dtype: 'float32' },
    probe: { kind: 'grid', extent: 1, resolution, activation: 'linear' },
  })
  await run.done
  const [file] = run.modelFiles
  if (!file) throw new Error(`nothing was exported: ${run.error?.message ?? run.statuses.join()}`)
  const centre = (cell: number) => (2 * cell + 1) / resolution - 1
  const points = Array.from({ length: resolution ** 2 }, (_, cell) => [
    centre(cell % resolution),
    -centre(Math.floor(cell / resolution)),
  ])
  const session = await ort.InferenceSession.create(file)
  const input = new ort.Tensor('float32', Float32Array.from(points.flat()), [points.length, 2])
  const { output } = await session.run({ input })
  await session.release()
  const expected = run.predictions.at(-1)?.values ?? []
  for (const [index, value] of (output?.data as Float32Array).entries())
    expect(value).toBeCloseTo(expected[index] ?? NaN, 5)
})
