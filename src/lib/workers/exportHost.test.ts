import { strFromU8, unzipSync } from 'fflate'
import { expect, it } from 'vitest'
import { batchOrder } from '../core/data/batches'
import { float32Values, readSafetensors } from '../core/export/safetensors'
import { defaultSpec } from '../core/spec/defaults'
import { ExportHost, writePart } from './exportHost'
import type { ExportMessage, ExportRequest } from './exportProtocol'

const spec = { ...defaultSpec(), training: { batchSize: 32, epochs: 3, shuffle: true } }

const request: ExportRequest = {
  part: 'archive',
  spec,
  style: 'torch',
  hasOrder: true,
  weights: {
    layout: 'torch',
    weights: [{ name: '0.runningMean', shape: [2], values: Float32Array.of(1, 2) }],
  },
  folder: 'circle-torch',
  texts: { 'program.py': 'print("ü")\n' },
}

it('writes one folder with the program, its data, its batches and its weights', async () => {
  const files = unzipSync(await writePart(request))
  expect(Object.keys(files).sort()).toEqual([
    'circle-torch/data.npz',
    'circle-torch/program.py',
    'circle-torch/weights.safetensors',
  ])
  expect(strFromU8(files['circle-torch/program.py'] ?? new Uint8Array())).toBe('print("ü")\n')
  const arrays = unzipSync(files['circle-torch/data.npz'] ?? new Uint8Array())
  expect(Object.keys(arrays).sort()).toEqual(
    ['order.npy', 'x_test.npy', 'x_train.npy', 'y_test.npy', 'y_train.npy'].sort(),
  )
  const order = arrays['order.npy'] ?? new Uint8Array()
  expect(new Int32Array(order.slice(-4 * 250).buffer)).toEqual(Int32Array.from(batchOrder(250, spec.seed, 3)))
  const [tensor] = readSafetensors(files['circle-torch/weights.safetensors'] ?? new Uint8Array())
  expect([tensor?.name, tensor && [...float32Values(tensor)]]).toEqual(['0.running_mean', [1, 2]])
})

it('writes the parts alone, and only what there is', async () => {
  const plain = { ...request, hasOrder: false, weights: null }
  expect(Object.keys(unzipSync(await writePart({ ...plain, part: 'data' })))).not.toContain('order.npy')
  expect(Object.keys(unzipSync(await writePart(plain)))).not.toContain('circle-torch/weights.safetensors')
  expect(readSafetensors(await writePart({ ...request, part: 'weights' }))).toHaveLength(1)
})

it('tells why a file cannot be written', async () => {
  const message = await new Promise<ExportMessage>((resolve) => {
    const columns = { features: ['a'], label: 'b', task: 'regression' } as const
    const data = { kind: 'csv', ...columns, standardise: false, trainFraction: 1 } as const
    new ExportHost(resolve).receive({ type: 'write', exportId: 4, ...request, spec: { ...spec, data } })
  })
  expect(message).toMatchObject({
    exportId: 4,
    outcome: { unavailable: expect.stringMatching(/^csv: expected a file, got none/) as string },
  })
})

it('takes the rows of a CSV file', async () => {
  const columns = { features: ['a'], label: 'b', task: 'regression' } as const
  const data = { kind: 'csv', ...columns, standardise: false, trainFraction: 1 } as const
  const csv = { hash: 'x', blob: new Blob(['a,b\n1,2\n3,4\n']) }
  const bytes = await writePart({ ...request, part: 'data', spec: { ...spec, data }, csv, hasOrder: false })
  const x = unzipSync(bytes)['x_train.npy'] ?? new Uint8Array()
  expect([...new Float32Array(x.slice(-8).buffer)]).toEqual([1, 3])
})
