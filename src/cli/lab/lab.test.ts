import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { batchesPerEpoch } from '../../lib/core/data/generateSequences'
import { float32Values, readSafetensors, writeSafetensors } from '../../lib/core/export/safetensors'
import { contentHash } from '../../lib/core/data/contentHash'
import { defaultExperiment, defaultSpec } from '../../lib/core/spec/defaults'
import { parseSpec } from '../../lib/core/spec/parse'
import type { LabEvent, Summary } from './figures'
import { TestLab } from '../../../tests/support/testLab'

const testLab = new TestLab()
const { folder } = testLab

/** Runs without errors; gives the summary and the events. */
async function train(line: string, out: string): Promise<{ summary: Summary; events: LabEvent[] }> {
  const code = await testLab.run(`train ${line} --json --out ${out}`)
  expect([code, testLab.errors]).toEqual([0, []])
  return { summary: JSON.parse(testLab.printed.at(-1) ?? '') as Summary, events: eventsOf(out) }
}

function eventsOf(out: string): LabEvent[] {
  const lines = readFileSync(join(folder, out, 'events.jsonl'), 'utf8').split('\n')
  expect(lines.pop()).toBe('')
  return lines.map((line) => JSON.parse(line) as LabEvent)
}

function losses(events: readonly LabEvent[]): number[] {
  return events.filter(({ tag }) => tag === 'loss').map(({ value }) => value ?? NaN)
}

function weightsOf(out: string): Record<string, number[]> {
  const tensors = readSafetensors(readFileSync(join(folder, out, 'weights.safetensors')))
  return Object.fromEntries(tensors.map((tensor) => [tensor.name, [...float32Values(tensor)]]))
}

/** Largest difference relative to the first. */
function difference(one: readonly number[], other: readonly number[]): number {
  expect(other.length).toBe(one.length)
  return Math.max(...one.map((value, index) => Math.abs(value - (other[index] ?? NaN)) / Math.abs(value)))
}

const circle = defaultSpec()
testLab.write('circle.json', circle)

/** y = a + 2 b, batches of two rows in the order of the file. */
const table = ['a,b,y', '1,0,1', '0,1,2', '1,1,3', '2,1,4', '1,2,5'].join('\n')
testLab.write('table.csv', table)
const linear = {
  version: 1,
  data: { kind: 'csv', features: ['a', 'b'], label: 'y', task: 'regression', trainFraction: 1 },
  model: { layers: [{ type: 'dense', units: 1 }] },
  loss: 'meanSquaredError',
  optimizer: { type: 'sgd', learningRate: 0.125 },
  training: { batchSize: 2, epochs: 2, shuffle: false },
}
testLab.write('linear.json', linear)
testLab.write(
  'zeros.safetensors',
  writeSafetensors([
    { name: '0.weight', shape: [1, 2], values: new Float32Array(2) },
    { name: '0.bias', shape: [1], values: new Float32Array(1) },
  ]),
)

describe('lab train', () => {
  it('writes events, weights and program, and sums up', async () => {
    const { summary, events } = await train('circle.json --epochs 2', 'keras')
    expect(events.filter(({ tag }) => tag === 'loss').map(({ step }) => step)).toEqual(
      Array.from({ length: 16 }, (_, index) => index + 1),
    )
    expect(events.filter(({ step }) => step === 8).map(({ tag }) => tag)).toEqual([
      'loss',
      'epoch/loss',
      'epoch/accuracy',
      'epoch/valLoss',
      'epoch/valAccuracy',
    ])
    expect(Object.keys(summary)).toEqual([
      'steps',
      'loss',
      'metrics',
      'microsecondsPerStep',
      'traceMs',
      'compileMs',
      'nodes',
    ])
    expect(summary).toMatchObject({ steps: 16, loss: losses(events).at(-1), traceMs: null, nodes: null })
    expect(summary.metrics['valLoss']).toBe(events.at(-2)?.value)
    expect(Object.keys(weightsOf('keras'))).toContain('dense_2/kernel')
    expect(readFileSync(join(folder, 'keras/program.js'), 'utf8')).toContain('epochs: 2')
  })

  it('gives the same files again', async () => {
    await train('circle.json --steps 12', 'once')
    await train('circle.json --steps 12', 'again')
    for (const file of ['events.jsonl', 'initial-weights.safetensors', 'weights.safetensors', 'program.js']) {
      expect(readFileSync(join(folder, 'again', file))).toEqual(readFileSync(join(folder, 'once', file)))
    }
  })

  it('keeps the weights that the run began with, from which it trains alike', async () => {
    const first = await train('circle.json --style torch --steps 3', 'began')
    const init = 'began/initial-weights.safetensors'
    const again = await train(`circle.json --style torch --steps 3 --init ${init}`, 'again')
    // The file's names let PyTorch lead: its update rule is another, its first loss the same.
    expect(losses(again.events)[0]).toBe(losses(first.events)[0])
  })

  it('starts from a file of either naming, equal in both styles and executions', async () => {
    await train('circle.json --style torch --steps 3', 'start')
    expect(Object.keys(weightsOf('start'))).toEqual([0, 2, 4].flatMap((i) => [`${i}.weight`, `${i}.bias`]))
    const init = '--steps 20 --init start/weights.safetensors'
    const torch = await train(`circle.json --style torch ${init}`, 'torch20')
    const keras = await train(`circle.json --style keras ${init}`, 'keras20')
    expect(losses(torch.events).length).toBe(20)
    expect(difference(losses(keras.events), losses(torch.events))).toBeLessThan(1e-6)
    const replayed = await train(
      `circle.json --style torch --execution static --steps-per-execution 4 ${init}`,
      's20',
    )
    expect(difference(losses(torch.events), losses(replayed.events))).toBeLessThan(1e-5)
    expect(replayed.summary.nodes).toBeGreaterThan(10)
  })

  it('follows the framework whose names the file has, in both styles', async () => {
    for (const leader of ['keras', 'torch'] as const) {
      await train(`circle.json --style ${leader} --steps 3`, `from-${leader}`)
      const init = `--steps 20 --init from-${leader}/weights.safetensors`
      const runs = [
        await train(`circle.json --style keras ${init}`, `${leader}-in-keras`),
        await train(`circle.json --style torch ${init}`, `${leader}-in-torch`),
      ]
      const [keras = [], torch = []] = runs.map(({ events }) => losses(events))
      expect(difference(keras, torch)).toBeLessThan(1e-6)
      const follower = leader === 'keras' ? 'torch' : 'keras'
      const program = readFileSync(join(folder, `${leader}-in-${follower}/program.js`), 'utf8')
      expect(program).toContain(`formulation: '${leader}'`)
    }
    // A native lane follows its own style, whatever the names are.
    testLab.write('own.json', { ...circle, alignment: 'native' })
    await train('own.json --style torch --steps 3 --init from-keras/weights.safetensors', 'own')
    expect(readFileSync(join(folder, 'own/program.js'), 'utf8')).not.toContain('formulation')
  })

  it('is aligned to a Keras-style lane, or native', async () => {
    const keras = await train('circle.json --steps 20', 'lane-a')
    const torch = await train('circle.json --steps 20 --style torch', 'lane-b')
    expect(difference(losses(keras.events), losses(torch.events))).toBeLessThan(1e-6)
    testLab.write('native.json', { ...circle, alignment: 'native' })
    const native = await train('native.json --steps 20 --style torch', 'native')
    expect(difference(losses(keras.events), losses(native.events))).toBeGreaterThan(1e-3)
  })

  it.each(['keras', 'torch'])('trains on the rows of a CSV file in their order, %s-style', async (style) => {
    const out = `rows-${style}`
    const { events } = await train(
      `linear.json --data table.csv --init zeros.safetensors --style ${style}`,
      out,
    )
    // By hand: w += 2 · 0.125 · mean((y − w·x − b) x), the bias likewise.
    const rows = table
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').map(Number))
    let [u, v, bias] = [0, 0, 0]
    const expected: number[] = []
    for (let step = 0; step < 6; step++) {
      const batch = rows.slice((step % 3) * 2, (step % 3) * 2 + 2)
      const mean = (of: (row: number[], error: number) => number) =>
        batch.reduce((sum, row) => {
          const [a = 0, b = 0, y = 0] = row
          return sum + of(row, y - (u * a + v * b + bias))
        }, 0) / batch.length
      expected.push(mean((_, error) => error ** 2))
      const [du, dv, db] = [
        mean(([a = 0], error) => a * error),
        mean(([, b = 0], error) => b * error),
        mean((_, error) => error),
      ]
      u += 0.25 * du
      v += 0.25 * dv
      bias += 0.25 * db
    }
    expect(difference(expected, losses(events))).toBeLessThan(1e-5)
    const [weight, offset] = Object.values(weightsOf(out))
    expect(difference([u, v, bias], [...(weight ?? []), ...(offset ?? [])])).toBeLessThan(1e-5)
  })

  it('validates on rows of a CSV file', async () => {
    testLab.write('split.json', {
      ...linear,
      data: { ...linear.data, trainFraction: 0.6, standardise: true },
    })
    const { summary } = await train('split.json --data table.csv --style torch --execution static', 'split')
    expect(summary.steps).toBe(4)
    expect(Object.keys(summary.metrics)).toEqual(['valLoss', 'valMae'])
  })

  it('trains on what the page exported, and says when the rows are others than the spec was made with', async () => {
    const { spec, lanes } = defaultExperiment()
    const file = { name: 'table.csv', hash: contentHash(new TextEncoder().encode(table)), rows: 5 }
    const data = { ...linear.data, trainFraction: 0.6, standardiseLabel: true, file }
    const exported = { version: 1, lanes, spec: { ...spec, ...linear, data } }
    testLab.write('page.json', exported)
    expect(await testLab.run('train page.json --data table.csv --steps 2')).toBe(0)
    expect(testLab.errors).toEqual([])
    testLab.write('longer.csv', `${table}\n1,1,3\n`)
    expect(await testLab.run('train page.json --data longer.csv --steps 2')).toBe(0)
    expect(testLab.errors).toEqual([
      '--data: the spec was made with table.csv, and this is another content: expect other results.',
    ])
  })

  it('ends at a batch when it is interrupted, with complete files', async () => {
    testLab.onTerminal = (text) => {
      if (text.includes('steps, loss 0')) testLab.interrupt()
    }
    const code = await testLab.run('train circle.json --epochs 100000 --out cut --json')
    const { steps } = JSON.parse(testLab.printed.at(-1) ?? '') as Summary
    expect(code).toBe(130)
    expect(losses(eventsOf('cut')).length).toBe(steps)
    expect(Object.keys(weightsOf('cut'))).toHaveLength(6)
    expect(existsSync(join(folder, 'cut/program.js'))).toBe(true)
  })

  it('says why a program failed, and leaves no weights', async () => {
    testLab.write('diverges.json', {
      ...linear,
      optimizer: { type: 'sgd', learningRate: 10 },
      training: { batchSize: 1, epochs: 1000 },
    })
    const code = await testLab.run('train diverges.json --data table.csv --out diverged')
    expect([code, testLab.errors.length, testLab.printed]).toEqual([1, 1, []])
    expect(testLab.errors[0]).toMatch(/^lab: line \d+ of the program: /)
    expect(eventsOf('diverged').some(({ value }) => value === null)).toBe(true)
    expect(existsSync(join(folder, 'diverged/weights.safetensors'))).toBe(false)
  })

  it.each([
    ['train missing.json', 'lab: train: expected a file that can be read, got missing.json (there is none'],
    ['train table.csv', 'lab: table.csv: expected the JSON of a spec, got something else ('],
    ['train misspelt.json', 'lab: model.layers[0].unit: expected only the entries type, units, activation'],
    ['train wrong.json', 'lab: model.layers[0].units: expected a whole number from 1 to 1024, got 0.'],
    ['train linear.json', 'lab: --data: expected a CSV file for this spec, got none. Add --data FILE.csv.'],
    ['train linear.json --data none.csv', 'lab: --data: expected a file that can be read, got none.csv'],
    ['train linear.json --data bad.csv', 'lab: csv: row 3, column "b": expected a number, got "many".'],
    [
      'train circle.json --data table.csv',
      'lab: --data: expected none for the dataset circle, got table.csv.',
    ],
    ['train circle.json --init table.csv', 'lab: safetensors: expected a length, a JSON header and values'],
    [
      'train circle.json --init zeros.safetensors',
      "lab: --init: tensor '0.weight': expected [8, 2], got [1, 2].",
    ],
    ['train circle.json --out table.csv', 'lab: --out: expected a folder that can be written, got '],
    ['train circle.json --fast', 'lab: train: expected one of --style,'],
    ['race circle.json', 'lab: expected a command (train, export), got race.'],
  ])('%s is refused in one line', async (line, message) => {
    testLab.write('wrong.json', { ...circle, model: { layers: [{ type: 'dense', units: 0 }] } })
    testLab.write('misspelt.json', { ...circle, model: { layers: [{ type: 'dense', unit: 1 }] } })
    testLab.write('bad.csv', 'a,b,y\n1,2,3\n1,many,3\n')
    expect(await testLab.run(line)).toBe(2)
    expect(testLab.printed).toEqual([])
    expect(testLab.errors).toHaveLength(1)
    expect(testLab.errors[0]).toContain(message)
    expect(testLab.errors[0]).not.toContain('\n')
  })
})

it.each(['--help', 'train --help', 'export -h'])('%s shows how commands are written', async (line) => {
  expect(await testLab.run(line)).toBe(0)
  expect(testLab.errors).toEqual([])
  expect(testLab.printed.join('\n')).toContain('--steps-per-execution K')
})

describe('sequences of different length', () => {
  testLab.write('tokens.json', {
    ...circle,
    data: { kind: 'recall', samples: 120, minLength: 2, maxLength: 4, classes: 2 },
    model: {
      layers: [
        { type: 'embedding', inputDim: 3, outputDim: 4 },
        { type: 'gru', units: 4 },
        { type: 'dense', units: 1, activation: 'sigmoid' },
      ],
    },
    training: { batchSize: 16, epochs: 2 },
  })

  it('train as many steps as their batches of one length are, alike in both styles', async () => {
    const keras = await train('tokens.json --style keras', 'tokens-keras')
    const torch = await train('tokens.json --style torch', 'tokens-torch')
    const spec = parseSpec(JSON.parse(readFileSync(join(folder, 'tokens.json'), 'utf8')))
    expect(keras.summary.steps).toBe(2 * batchesPerEpoch(spec, 96))
    expect(losses(keras.events)).toHaveLength(keras.summary.steps)
    expect(difference(losses(keras.events), losses(torch.events))).toBeLessThan(1e-4)
    expect(keras.events.some(({ tag }) => tag === 'epoch/valLoss')).toBe(true)
  })

  it('validate at the end of an epoch that --steps fills', async () => {
    const spec = parseSpec(JSON.parse(readFileSync(join(folder, 'tokens.json'), 'utf8')))
    const { events } = await train(`tokens.json --steps ${batchesPerEpoch(spec, 96)}`, 'tokens-steps')
    expect(events.filter(({ tag }) => tag === 'epoch/valLoss')).toHaveLength(1)
  })
})
