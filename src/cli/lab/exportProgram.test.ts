import { unzipSync } from 'fflate'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pythonNotebook, pythonScript } from '../../lib/core/codegen'
import { batchOrder } from '../../lib/core/data/batches'
import { float32Values, readSafetensors, writeSafetensors } from '../../lib/core/export/safetensors'
import { defaultSpec } from '../../lib/core/spec/defaults'
import { TestLab } from '../../../tests/support/testLab'

const testLab = new TestLab()

const circle = defaultSpec()
testLab.write('circle.json', circle)

/** Runs without errors. */
async function exported(line: string): Promise<void> {
  const code = await testLab.run(`export ${line}`)
  expect([code, testLab.errors]).toEqual([0, []])
}

/** The numbers of an array in an .npz file, and its shape as the header tells it. */
function array(file: string, name: string): { readonly shape: string; readonly values: number[] } {
  const bytes = unzipSync(testLab.read(file))[`${name}.npy`] ?? new Uint8Array()
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = 10 + view.getUint16(8, true)
  const header = new TextDecoder().decode(bytes.subarray(10, start))
  const [, shape = ''] = /'shape': \(([^)]*)\)/.exec(header) ?? []
  const numbers = bytes.slice(start).buffer
  return {
    shape,
    values: [...(header.includes('<i4') ? new Int32Array(numbers) : new Float32Array(numbers))],
  }
}

function tensors(file: string): Record<string, number[]> {
  const read = readSafetensors(testLab.read(file))
  return Object.fromEntries(read.map((tensor) => [tensor.name, [...float32Values(tensor)]]))
}

/** y of 'b c' and "ü": text that wants quotes in a CSV file and in a spec. */
const table = ['"width, cm",ü,label', '1,10,b c', '2,20,a', '3,30,b c', '4,40,a'].join('\r\n')
testLab.write('table.csv', table)
const ofTable = {
  version: 1,
  data: {
    kind: 'csv',
    features: ['ü', 'width, cm'],
    label: 'label',
    task: 'classification',
    trainFraction: 1,
  },
  model: { layers: [{ type: 'dense', units: 2 }] },
  loss: 'sparseCategoricalCrossentropy',
  optimizer: { type: 'sgd', learningRate: 0.1 },
  training: { batchSize: 3, epochs: 2, shuffle: false },
}
testLab.write('table.json', ofTable)
testLab.write(
  'table.safetensors',
  writeSafetensors([
    { name: '0.weight', shape: [2, 2], values: Float32Array.of(1, 2, 3, 4) },
    { name: '0.bias', shape: [2], values: Float32Array.of(5, 6) },
  ]),
)

describe('lab export', () => {
  it.each([
    ['torch-py', 'torch', pythonScript],
    ['keras-py', 'keras', pythonScript],
    ['torch-ipynb', 'torch', pythonNotebook],
    ['keras-ipynb', 'keras', pythonNotebook],
  ] as const)('writes the translation as %s, and its data beside it', async (to, style, write) => {
    const out = `out-${to}`
    await exported(`circle.json --to ${to} --out ${out}/net.v1.py`)
    expect(testLab.text(`${out}/net.v1.py`)).toBe(write(circle, style, { dataFile: 'net.v1-data.npz' }))
    expect(readdirSync(join(testLab.folder, out)).sort()).toEqual(['net.v1-data.npz', 'net.v1.py'])
    expect(array(`${out}/net.v1-data.npz`, 'x_test').shape).toBe('250, 2')
    expect(testLab.printed).toEqual([`${out}/net.v1.py reads net.v1-data.npz beside it.`])
  })

  it('takes the rows of a CSV file in their order', async () => {
    await exported('table.json --to torch-py --data table.csv --out rows.py')
    expect(array('rows-data.npz', 'x_train')).toEqual({ shape: '4, 2', values: [10, 1, 20, 2, 30, 3, 40, 4] })
    expect(array('rows-data.npz', 'y_train').values).toEqual([1, 0, 1, 0])
    expect(array('rows-data.npz', 'x_test').shape).toBe('0, 2')
  })

  it('has images in the axes of the framework', async () => {
    testLab.write('digits.json', {
      ...ofTable,
      data: { kind: 'digits', samples: 10 },
      model: { layers: [{ type: 'flatten' }, { type: 'dense', units: 10 }] },
    })
    await exported('digits.json --to torch-py --out torch.py')
    await exported('digits.json --to keras-py --out keras.py')
    expect(array('torch-data.npz', 'x_train').shape).toBe('8, 1, 28, 28')
    expect(array('keras-data.npz', 'x_train').shape).toBe('8, 28, 28, 1')
  })

  it("follows PyTorch where an aligned program starts from PyTorch's weights, and Keras otherwise", async () => {
    const aligned = { ...ofTable, optimizer: { type: 'adam', learningRate: 0.1 } }
    testLab.write('adam.json', aligned)
    const shared = 'adam.json --to torch-py --data table.csv'
    await exported(`${shared} --weights table.safetensors --out follows/torch.py`)
    expect(testLab.text('follows/torch.py')).not.toContain('KerasAdam')
    await exported(`adam.json --to keras-py --weights table.safetensors --data table.csv --out follows/k.py`)
    await exported(`${shared} --weights follows/k-weights.safetensors --out follows/keras.py`)
    expect(testLab.text('follows/keras.py')).toContain('KerasAdam')
  })

  it('brings weights of either naming into those of the framework', async () => {
    const data = '--data table.csv'
    await exported(`table.json --to keras-py --weights table.safetensors ${data} --out k/net.py`)
    expect(tensors('k/net-weights.safetensors')).toEqual({
      'dense/kernel': [1, 3, 2, 4],
      'dense/bias': [5, 6],
    })
    expect(testLab.text('k/net.py')).toContain('load_safetensors(folder / "net-weights.safetensors")')
    await exported(
      `table.json --to torch-ipynb --weights k/net-weights.safetensors ${data} --out t/net.ipynb`,
    )
    expect(tensors('t/net-weights.safetensors')).toEqual({ '0.weight': [1, 2, 3, 4], '0.bias': [5, 6] })
    expect(testLab.text('t/net.ipynb')).toContain('net-weights.safetensors')
  })

  it('has the batches of our run where it is asked to', async () => {
    await exported('circle.json --to torch-py --out own.py --record-order')
    const order = array('own-data.npz', 'order')
    expect(order.shape).toBe('50, 250')
    expect(order.values.slice(250, 500)).toEqual([...batchOrder(250, circle.seed, 2)])
    expect(testLab.text('own.py')).toContain('RecordedOrder(data["order"])')
    await exported('table.json --to torch-py --data table.csv --out given.py --record-order')
    expect(testLab.text('given.py')).not.toContain('order')
  })

  const file = '--to torch-py --out a.py'
  it.each([
    [
      `missing.json ${file}`,
      'lab: export: expected a file that can be read, got missing.json (there is none',
    ],
    ['circle.json --to tf-py --out a.py', 'lab: --to: expected torch-py or keras-py or'],
    ['circle.json --to torch-py', 'lab: --out: expected the file to write, got nothing.'],
    [
      'circle.json --to torch-py --out circle.json/a.py',
      'lab: --out: expected a folder that can be written, got ',
    ],
    [
      'circle.json --to torch-py --out /proc/x/a.py',
      'lab: --out: expected a folder that can be written, got ',
    ],
    ['circle.json --to torch-py --out circle.json', 'lab: --out: expected files of its own, got circle.json'],
    [`table.json ${file}`, 'lab: --data: expected a CSV file for this spec, got none.'],
    [`circle.json --data table.csv ${file}`, 'lab: --data: expected none for the dataset circle'],
    [
      `circle.json --weights no ${file}`,
      'lab: --weights: expected a file that can be read, got no (there is none',
    ],
    [`circle.json --weights circle.json ${file}`, 'lab: safetensors: expected a length, a JSON header'],
    [
      `circle.json --weights table.safetensors ${file}`,
      "lab: --weights: tensor '0.weight': expected [8, 2], got [2, 2].",
    ],
    [`long.json --record-order ${file}`, 'lab: --record-order: expected at most 10000000 rows in all epochs'],
  ])('%s is refused in one line', async (line, message) => {
    testLab.write('long.json', { ...circle, training: { ...circle.training, epochs: 100_000 } })
    expect(await testLab.run(`export ${line}`)).toBe(2)
    expect(testLab.printed).toEqual([])
    expect(testLab.errors).toHaveLength(1)
    expect(testLab.errors[0]).toContain(message)
    expect(existsSync(join(testLab.folder, 'a.py'))).toBe(false)
    expect(JSON.parse(testLab.text('circle.json'))).toEqual(circle)
  })
})
