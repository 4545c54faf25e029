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
      for (const each of value.slice(0, 2) as unknown[]) if (typeof each === 'string') names.add(each)
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

/** What computes nothing of its own: modules, bases, containers, modes, devices, types, data, files. */
const withoutNumbers = {
  torch:
    'nn optim lrScheduler autograd functional init utils Tensor Module Sequential ModuleDict ModuleList ParameterList ' +
    'Parameter Buffer Optimizer enableGrad inferenceMode isGradEnabled noGrad setGradEnabled cuda device compile ' +
    'tensor asTensor empty emptyLike isTensor DataLoader randomSplit Subset TensorDataset Generator Dataset load save ' +
    'manualSeed float32 float int32 int64 int long bool pi inf nan',
  keras:
    'losses optimizers callbacks utils schedules Input Model Sequential Variable Optimizer Layer Loss Metric ' +
    'LearningRateSchedule Initializer Callback LambdaCallback setRandomSeed',
}

/** What is compared elsewhere. */
const elsewhere = {
  // Gradients of every case of the table; the second names of two functions; a list of all parameters.
  torch: 'grad clipGradNorm_ clipGradValue_ parametersToVector',
  // Gradients and histories of every case of the table; events, which are files of the run.
  keras: 'GradientTape History TensorBoard',
}

const groups = {
  torch,
  'torch.nn': torch.nn,
  'torch.nn.functional': torch.nn.functional,
  'torch.nn.init': torch.nn.init,
  'torch.nn.utils': torch.nn.utils,
  'torch.optim': torch.optim,
  'torch.lrScheduler': torch.lrScheduler,
  'torch.autograd': torch.autograd,
  keras,
  'keras.layers': keras.layers,
  'keras.losses': keras.losses,
  'keras.metrics': keras.metrics,
  'keras.optimizers': keras.optimizers,
  'keras.optimizers.schedules': keras.optimizers.schedules,
  'keras.callbacks': keras.callbacks,
  'keras.activations': keras.activations,
  'keras.initializers': keras.initializers,
  'keras.regularizers': keras.regularizers,
  'keras.ops': keras.ops,
}

it.each(Object.entries(groups))('%s', (name, group) => {
  const style = name.startsWith('torch') ? 'torch' : 'keras'
  const excused = [withoutNumbers[style], elsewhere[style]].join(' ').split(' ')
  // Submodules have their own lines.
  const submodules = Object.keys(groups).map((each) => each.split('.').at(-1))
  const names = Object.keys(group).filter((each) => !submodules.includes(each))
  expect(names.filter((each) => !called[style].has(each) && !excused.includes(each))).toEqual([])
})

it.each(['torch', 'keras'] as const)('every name of %s that is excused is there', (style) => {
  const all = Object.entries(groups).flatMap(([name, group]) =>
    name.startsWith(style) ? Object.keys(group) : [],
  )
  const excused = [withoutNumbers[style], elsewhere[style]].join(' ').split(' ')
  expect(excused.filter((name) => !all.includes(name))).toEqual([])
})
