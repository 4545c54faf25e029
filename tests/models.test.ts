/** The shipped models: their files are what `npm run models` makes, run anywhere, and give what their references say. */
import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import * as ort from 'onnxruntime-web/wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { presets, type Preset } from '../models'
import { makePresetFiles } from '../src/cli/presetFiles'
import { setDigitsSource } from '../src/lib/core/data/digits'
import { parseReference, valuesOfJson, type Reference, type TensorJson } from '../src/lib/core/export'
import { decodeModel } from '../src/lib/core/onnx'
import { complaintOf, findOnnxPython, missingOnnxPython } from './support/onnxChecker'

const python = findOnnxPython()
const megabyte = 2 ** 20
/** Between two engines, relative to the largest value of a tensor where that is above 1. */
const tolerance = 1e-5

const read = ({ name }: Preset, file: string) => new Uint8Array(readFileSync(`models/${name}/${file}`))
const referenceOf = (preset: Preset) =>
  parseReference(new TextDecoder().decode(read(preset, 'reference.json')))

/** The entry of that name; the tests that ask for it know that it is there. */
function entry<T>(entries: Readonly<Record<string, T>>, name: string): T {
  const found = entries[name]
  if (found === undefined) throw new Error(`expected ${name}, got ${Object.keys(entries).join(', ')}`)
  return found
}

function toTensor(json: TensorJson): ort.Tensor {
  return new ort.Tensor(json.dtype, valuesOfJson(json), json.shape)
}

function toTensors(tensors: Reference['model']['inputs']): Record<string, ort.Tensor> {
  return Object.fromEntries(Object.entries(tensors).map(([name, json]) => [name, toTensor(json)]))
}

async function run(bytes: Uint8Array, feeds: Record<string, ort.Tensor>) {
  const session = await ort.InferenceSession.create(bytes)
  try {
    return await session.run(feeds)
  } finally {
    await session.release()
  }
}

/** `count` rows, from the first again after the last. */
function repeatRows(json: TensorJson, count: number): { values: number[]; shape: number[] } {
  const [rows = 0, ...rest] = json.shape
  const all = valuesOfJson(json)
  const width = all.length / rows
  const values = Array.from({ length: count * width }, (_, index) => all[index % (rows * width)] ?? NaN)
  return { values, shape: [count, ...rest] }
}

function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual).toHaveLength(expected.length)
  const scale = Math.max(1, ...Array.from(expected, Math.abs))
  return Math.max(...Array.from(expected, (value, index) => Math.abs(value - (actual[index] ?? NaN)))) / scale
}

/** Values that a reference keeps of a long output. */
function kept({ data }: ort.Tensor, { every = 1 }: TensorJson): number[] {
  return Array.from(data as Float32Array).filter((_, index) => index % every === 0)
}

beforeAll(() => {
  ort.env.wasm.numThreads = 1
  execFileSync('node', ['scripts/packDigits.mjs'])
  setDigitsSource(() => Promise.resolve(readFileSync('static/data/digits.bin')))
})

describe.each(presets)('models/$name', (preset) => {
  it.each([1, 7, 64])(
    'model.onnx predicts what the trained model predicted, %i examples at a time',
    async (count) => {
      const { model } = referenceOf(preset)
      const input = entry(model.inputs, 'input')
      const expected = repeatRows(entry(model.outputs, 'output'), count)
      const { values, shape } = repeatRows(input, count)
      const { output } = await run(read(preset, 'model.onnx'), {
        input: new ort.Tensor(input.dtype, values, shape),
      })
      expect(output?.dims).toEqual(expected.shape)
      expect(largestDifference(output?.data as Float32Array, expected.values)).toBeLessThanOrEqual(tolerance)
    },
  )

  it('train-step.onnx gives the loss and the next state', async () => {
    const { trainStep } = referenceOf(preset)
    const outputs = await run(read(preset, 'train-step.onnx'), toTensors(trainStep.inputs))
    expect(Object.keys(trainStep.outputs)).toContain('loss')
    for (const [name, json] of Object.entries(trainStep.outputs)) {
      const output = entry<ort.Tensor>(outputs, name)
      expect(output.dims, name).toEqual(json.shape)
      expect(largestDifference(kept(output, json), valuesOfJson(json)), name).toBeLessThanOrEqual(tolerance)
    }
  })

  it('train-step.onnx changes the weights, so that equal states mean something', () => {
    const { inputs, outputs } = referenceOf(preset).trainStep
    const changed = Object.keys(outputs).find((name) => name.endsWith('/next')) ?? ''
    const [before, after] = [inputs[changed.replace('/next', '')], outputs[changed]] as [
      TensorJson,
      TensorJson,
    ]
    const start = Array.from(valuesOfJson(before)).filter((_, index) => index % (after.every ?? 1) === 0)
    expect(largestDifference(start, valuesOfJson(after))).toBeGreaterThan(10 * tolerance)
  })

  it.each(['model.onnx', 'train-step.onnx'])(
    '%s reads back as a graph that knows where its nodes came from',
    (file) => {
      const { nodes } = decodeModel(read(preset, file))
      expect(nodes.filter(({ origin }) => origin.layer !== '').length).toBeGreaterThan(0)
    },
  )

  it('is small', () => {
    const sizes = ['model.onnx', 'train-step.onnx', 'reference.json'].map(
      (file) => statSync(`models/${preset.name}/${file}`).size,
    )
    expect(Math.max(...sizes)).toBeLessThan(megabyte)
  })

  if (python === null) {
    it.skip(`the official checker: ${missingOnnxPython}`)
  } else {
    it.each(['model.onnx', 'train-step.onnx'])('%s satisfies the official checker', (file) => {
      expect(complaintOf(python, read(preset, file))).toBe('')
    })
  }
})

describe('npm run models', () => {
  const preset = entry(Object.fromEntries(presets.map((one) => [one.name, one])), 'moons-dropout')

  it('makes the files that are there, and the same ones whatever ran before', async () => {
    const first = await makePresetFiles(preset.name, preset.spec)
    const second = await makePresetFiles(preset.name, preset.spec)
    expect(second).toEqual(first)
    const there = referenceOf(preset)
    const made = first.reference
    for (const [ours, theirs] of [
      [entry(made.model.outputs, 'output'), entry(there.model.outputs, 'output')],
      [entry(made.trainStep.inputs, 'weights'), entry(there.trainStep.inputs, 'weights')],
    ] as const) {
      expect(largestDifference(valuesOfJson(ours), valuesOfJson(theirs))).toBeLessThanOrEqual(1e-6)
    }
    // Older files would show another graph than the one that lanes run.
    const advice = 'Run npm run models.'
    expect(decodeModel(first.model).nodes, advice).toEqual(decodeModel(read(preset, 'model.onnx')).nodes)
    expect(decodeModel(first.trainStep).nodes, advice).toEqual(
      decodeModel(read(preset, 'train-step.onnx')).nodes,
    )
  })
})
