/** Every layer, loss, optimizer and schedule that programs can use has a fixture, or a reason why it has none. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import * as keras from '../../src/lib/core/keras'
import * as torch from '../../src/lib/core/torch'

const textOf = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')
const torchText = textOf('torchFixtures.json')
const kerasText = textOf('kerasFixtures.json')

/** What computes nothing of its own, and what draws numbers, which are tested by their statistics. */
const withoutFixture = {
  torchModules: ['Module', 'Sequential', 'ModuleDict', 'ModuleList', 'ParameterList', 'Parameter', 'Buffer'],
  torchNamespaces: ['functional', 'init', 'utils'],
  torchSchedulers: ['LambdaLR', 'MultiplicativeLR'],
  kerasLayers: ['Layer', 'Dropout'],
  kerasLosses: ['Loss'],
  kerasSchedules: ['LearningRateSchedule'],
}

/** The names that no fixture mentions as a JSON text, in either spelling of their first letter. */
function missing(names: readonly string[], text: string, excused: readonly string[]): string[] {
  const spellings = (name: string) => [name, name.charAt(0).toLowerCase() + name.slice(1)]
  return names.filter(
    (name) => !excused.includes(name) && !spellings(name).some((each) => text.includes(`"${each}"`)),
  )
}

it.each([
  [
    'PyTorch modules and losses',
    Object.keys(torch.nn),
    torchText,
    [...withoutFixture.torchModules, ...withoutFixture.torchNamespaces],
  ],
  ['PyTorch optimizers', Object.keys(torch.optim), torchText, ['Optimizer', 'lrScheduler']],
  ['PyTorch schedulers', Object.keys(torch.lrScheduler), torchText, withoutFixture.torchSchedulers],
  ['Keras layers', Object.keys(keras.layers), kerasText, withoutFixture.kerasLayers],
  ['Keras losses', Object.keys(keras.losses), kerasText, withoutFixture.kerasLosses],
  ['Keras optimizers', Object.keys(keras.optimizers).filter((name) => name !== 'schedules'), kerasText, []],
  ['Keras schedules', Object.keys(keras.optimizers.schedules), kerasText, withoutFixture.kerasSchedules],
] as const)('%s', (_, names, text, excused) => {
  expect(missing(names, text, excused)).toEqual([])
})
