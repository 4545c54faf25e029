import { expect, it } from 'vitest'
import * as keras from '../keras/index'
import type * as torch from '../torch/index'
import { ArgumentError } from '../util/errors'
import { programModules } from './modules'

const modules = programModules(() => Promise.reject(new Error('no leader')))
const { layers, losses, optimizers, callbacks, initializers, activations, ops, Sequential, Model } = modules[
  'tandem/keras'
] as typeof keras
const { nn, optim } = modules['tandem/torch'] as typeof torch

/** What a program writes that TypeScript refuses. */
const written = (group: object, name: string) => Reflect.get(group, name) as (...given: unknown[]) => unknown

it.each<readonly [run: () => unknown, message: string]>([
  [
    () => written(layers, 'Conv2D')({ filters: 2, kernelSize: 3 }),
    'layers.Conv2D: expected new before it, got a call. Write new layers.Conv2D(…).',
  ],
  [
    () => written(layers, 'dense')({ units: 2 }),
    'layers: expected a name that it has, got dense. Write new layers.Dense(…).',
  ],
  [
    () => written(layers, 'Desne'),
    'layers: expected a name that it has, got Desne. Write new layers.Dense(…).',
  ],
  [() => written(layers, 'maxPooling2d'), 'Write new layers.MaxPooling2D(…).'],
  [() => written(layers, 'Linear'), 'Write new layers.Dense(…).'],
  [() => written(losses, 'MeanSquareError'), 'Write new losses.MeanSquaredError(…).'],
  [() => written(optimizers, 'adam'), 'Write new optimizers.Adam(…).'],
  [() => written(optimizers.schedules, 'CosineDecy'), 'Write new optimizers.schedules.CosineDecay(…).'],
  [() => written(callbacks, 'EarlyStoping'), 'Write new callbacks.EarlyStopping(…).'],
  [() => written(initializers, 'he_normal'), 'Write new initializers.HeNormal(…).'],
  [() => written(activations, 'tanhh'), 'Write activations.tanh.'],
  [() => written(ops, 'reduceMeanOfAll'), 'ops: expected a name that it has, got reduceMeanOfAll. It has'],
  [() => (Sequential as unknown as () => void)(), 'Sequential: expected new before it, got a call.'],
  [
    () => written(nn, 'Linear')(2, 3),
    'nn.Linear: expected new before it, got a call. Write new nn.Linear(…).',
  ],
  [() => written(optim, 'Adm'), 'Write new optim.Adam(…).'],
])('says what to write, %#', (run, message) => {
  expect(run).toThrow(ArgumentError)
  expect(run).toThrow(message)
})

it('are the same classes otherwise', () => {
  const layer = new layers.Dense(2)
  expect(layer).toBeInstanceOf(layers.Dense)
  expect(layer).toBeInstanceOf(keras.layers.Dense)
  class Own extends Model {}
  expect(new Own()).toBeInstanceOf(keras.Model)
  expect(new Own().name).toBe('Own')
  const { Dropout } = layers
  expect(Dropout).toBe(layers.Dropout)
  expect(Object.keys(layers)).toEqual(Object.keys(keras.layers))
})

it('answer what languages ask of any object', async () => {
  expect(await Promise.resolve(layers)).toBe(layers)
  expect('toString' in layers).toBe(true)
  expect('Desne' in layers).toBe(false)
  expect(JSON.stringify(ops)).toBe('{}')
})
