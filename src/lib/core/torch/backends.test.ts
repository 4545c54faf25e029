import { expect, it } from 'vitest'
import { disposeBackend, initialiseBackend, type BackendName } from '../eager/backends'
import { randomStream } from '../util/random'
import { manualSeed, nn, optim, tensor } from './index'

function uniform(shape: number[], name: string) {
  const random = randomStream(1, name)
  const size = shape.reduce((product, each) => product * each, 1)
  return {
    values: Float32Array.from({ length: size }, () => 2 * random() - 1),
    shape,
    dtype: 'float32' as const,
  }
}

async function losses(backend: BackendName): Promise<number[]> {
  await initialiseBackend(backend)
  manualSeed(1)
  const model = new nn.Sequential(
    new nn.Linear(2, 8),
    new nn.Tanh(),
    new nn.Linear(8, 8),
    new nn.GELU(),
    new nn.Linear(8, 3),
    new nn.LeakyReLU(),
    new nn.Linear(3, 1),
  )
  const optimizer = new optim.Adam(model.parameters(), { lr: 0.01 })
  const criterion = new nn.BCEWithLogitsLoss()
  const x = tensor(uniform([32, 2], 'x'))
  const y = tensor(uniform([32, 1], 'y'))
    .gt(0)
    .float()
  const seen: number[] = []
  for (let step = 0; step < 10; step++) {
    optimizer.zeroGrad()
    const loss = criterion.forward(model.forward(x), y)
    loss.backward()
    optimizer.step()
    seen.push(await loss.item())
  }
  disposeBackend()
  return seen
}

it('trains alike on cpu and wasm', async () => {
  const [cpu, wasm] = [await losses('cpu'), await losses('wasm')]
  cpu.forEach((loss, step) => expect(Math.abs(loss - (wasm[step] ?? NaN))).toBeLessThan(1e-5))
})
