/** Nets on sequences of tokens in the lab: a CSV file, and weights under either framework's names. */
import { describe, expect, it } from 'vitest'
import { float32Values, readSafetensors, writeSafetensors } from '../../lib/core/export/safetensors'
import { randomStream } from '../../lib/core/util/random'
import { sizeOf, type Shape } from '../../lib/core/util/shapes'
import type { LabEvent } from './figures'
import { TestLab } from '../../../tests/support/testLab'

const testLab = new TestLab()
const tokens = ['t0', 't1', 't2', 't3']

function csvText(): string {
  const random = randomStream(5, 'rows')
  const rows = Array.from({ length: 20 }, () => {
    const row = tokens.map(() => Math.floor(random() * 6))
    return [...row, Number((row[0] ?? 0) > 2)].join(',')
  })
  return [[...tokens, 'y'].join(','), ...rows].join('\n')
}

function specOf(layers: readonly object[]): object {
  return {
    version: 1,
    data: { kind: 'csv', features: tokens, label: 'y', task: 'classification', trainFraction: 1 },
    model: { layers },
    loss: 'binaryCrossentropy',
    optimizer: { type: 'sgd', learningRate: 0.3 },
    training: { batchSize: 6, epochs: 1, shuffle: false },
  }
}

const embedding = { type: 'embedding', inputDim: 6, outputDim: 3 }
const output = { type: 'dense', units: 1, activation: 'sigmoid' }

/** PyTorch's parameters of a recurrent layer, [gates · units, …]. */
const recurrentShapes = (index: number, gates: number, units: number, features: number) => ({
  [`${index}.weight_ih_l0`]: [gates * units, features],
  [`${index}.weight_hh_l0`]: [gates * units, units],
  [`${index}.bias_ih_l0`]: [gates * units],
  [`${index}.bias_hh_l0`]: [gates * units],
})

const nets: Readonly<Record<string, { layers: readonly object[]; shapes: Readonly<Record<string, Shape>> }>> =
  {
    LSTM: {
      layers: [embedding, { type: 'lstm', units: 4 }, output],
      shapes: { '0.weight': [6, 3], ...recurrentShapes(1, 4, 4, 3), '2.weight': [1, 4], '2.bias': [1] },
    },
    'simple RNN': {
      layers: [embedding, { type: 'simpleRnn', units: 4 }, output],
      shapes: { '0.weight': [6, 3], ...recurrentShapes(1, 1, 4, 3), '2.weight': [1, 4], '2.bias': [1] },
    },
    'GRU of all steps': {
      layers: [embedding, { type: 'gru', units: 2, returnSequences: true }, { type: 'flatten' }, output],
      shapes: { '0.weight': [6, 3], ...recurrentShapes(1, 3, 2, 3), '3.weight': [1, 8], '3.bias': [1] },
    },
  }

function randomFile(shapes: Readonly<Record<string, Shape>>): Uint8Array {
  const random = randomStream(2, 'weights')
  return writeSafetensors(
    Object.entries(shapes).map(([name, shape]) => ({
      name,
      shape,
      values: Float32Array.from({ length: sizeOf(shape) }, () => random() - 0.5),
    })),
  )
}

async function losses(line: string, out: string): Promise<number[]> {
  const code = await testLab.run(`train ${line} --data tokens.csv --steps 40 --out ${out}`)
  expect([code, testLab.errors]).toEqual([0, []])
  const events = testLab
    .text(`${out}/events.jsonl`)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as LabEvent)
  return events.filter(({ tag }) => tag === 'loss').map(({ value }) => value ?? NaN)
}

function difference(a: readonly number[], b: readonly number[]): number {
  expect(b).toHaveLength(a.length)
  return Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? NaN))))
}

const weightsIn = (file: string) => readSafetensors(testLab.read(file))
const namesIn = (file: string) => weightsIn(file).map(({ name }) => name)

testLab.write('tokens.csv', csvText())

describe.each(Object.entries(nets))('lab train of an embedding and a %s', (name, { layers, shapes }) => {
  const id = name.split(' ')[0] ?? ''
  testLab.write(`${id}.json`, specOf(layers))
  testLab.write(`${id}.safetensors`, randomFile(shapes))

  it('gives the same losses from a PyTorch file in both styles and executions', async () => {
    const init = `${id}.json --init ${id}.safetensors`
    const torch = await losses(`${init} --style torch`, `${id}-torch`)
    const others = ['--style torch --execution static', '--style keras', '--style keras --execution static']
    for (const [index, how] of others.entries()) {
      expect(difference(torch, await losses(`${init} ${how}`, `${id}-${index}`))).toBeLessThan(1e-5)
    }
    // Real PyTorch loads it: a bias that is not learned is there too.
    expect(namesIn(`${id}-torch/weights.safetensors`)).toEqual(Object.keys(shapes))
  })

  it.each(['keras', 'torch'])('goes on from the weights that a %s-style lane wrote', async (writer) => {
    await losses(`${id}.json --style ${writer}`, `${id}-by-${writer}`)
    const init = `--init ${id}-by-${writer}/weights.safetensors`
    const keras = await losses(`${id}.json --style keras ${init}`, `${id}-${writer}-keras`)
    const torch = await losses(`${id}.json --style torch ${init}`, `${id}-${writer}-torch`)
    expect(difference(keras, torch)).toBeLessThan(1e-5)
  })
})

describe('weights of recurrent layers', () => {
  it("may be named by Keras' paths, and keep Keras' shapes", async () => {
    await losses('LSTM.json --style keras', 'named')
    const tensors = weightsIn('named/weights.safetensors')
    expect(tensors.map(({ name, shape }) => [name, shape])).toEqual([
      ['embedding/embeddings', [6, 3]],
      ['lstm/kernel', [3, 16]],
      ['lstm/recurrent_kernel', [4, 16]],
      ['lstm/bias', [16]],
      ['dense/kernel', [4, 1]],
      ['dense/bias', [1]],
    ])
    const paths = tensors.map((tensor) => ({
      name: tensor.name.replace('lstm/', 'lstm/lstm_cell/'),
      shape: tensor.shape,
      values: float32Values(tensor),
    }))
    testLab.write('paths.safetensors', writeSafetensors(paths))
    const one = await losses('LSTM.json --init named/weights.safetensors', 'by-name')
    expect(await losses('LSTM.json --init paths.safetensors --style torch', 'by-path')).toHaveLength(40)
    expect(difference(one, await losses('LSTM.json --init paths.safetensors', 'by-path'))).toBe(0)
  })

  it('names the row and the column of what is no token', async () => {
    testLab.write('bad.csv', csvText().replace('\n', '\n9,0,0,0,1\n'))
    expect(await testLab.run('train LSTM.json --data bad.csv --steps 1')).toBe(2)
    expect(testLab.errors.join()).toContain(
      'csv: row 2, column "t0": expected an integer from 0 to 5, got 9. Correct it, or give the embedding more rows.',
    )
  })
})
