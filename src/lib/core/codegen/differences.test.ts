import { expect, it } from 'vitest'
import { defaultSpec } from '../spec/defaults'
import { parseSpec } from '../spec/parse'
import type { Spec } from '../spec/schema'
import { frameworkDifferences } from './differences'

const circle = defaultSpec()
const subjects = (change: object): string[] =>
  frameworkDifferences(parseSpec({ ...circle, ...change })).map((term) => term.split(':')[0] ?? '')

const withOptimizer = (optimizer: Partial<Spec['optimizer']>) =>
  subjects({ optimizer: { learningRate: 0.1, ...optimizer } })

it('names what the optimizer does differently', () => {
  expect(withOptimizer({ type: 'sgd' })).toEqual(['initial weights'])
  expect(withOptimizer({ type: 'adam' })).toEqual(['initial weights', 'Adam'])
  expect(withOptimizer({ type: 'rmsprop', weightDecay: 0.1 })).toEqual([
    'initial weights',
    'RMSprop',
    'weight decay',
  ])
  expect(withOptimizer({ type: 'adagrad' })).toEqual(['initial weights', 'Adagrad', 'Adagrad'])
})

it('the weight decay of AdamW is the same in both', () => {
  expect(withOptimizer({ type: 'adamw' })).toEqual(['initial weights', 'AdamW'])
})

it('names each kind of layer once', () => {
  const layers = [
    { type: 'batchNormalization' },
    { type: 'layerNormalization' },
    { type: 'batchNormalization' },
    { type: 'dense', units: 2, activation: 'leakyRelu' },
    { type: 'dense', units: 1, activation: 'sigmoid' },
  ]
  expect(subjects({ model: { layers } })).toEqual([
    'initial weights',
    'Adam',
    'leaky ReLU',
    'batch normalisation',
    'batch normalisation',
    'layer normalisation',
  ])
})

it('says once what recurrent layers have in common', () => {
  const layers = [
    { type: 'embedding', inputDim: 4, outputDim: 2 },
    { type: 'gru', units: 2, returnSequences: true },
    { type: 'simpleRnn', units: 2, returnSequences: true },
    { type: 'lstm', units: 2 },
    { type: 'dense', units: 1, activation: 'sigmoid' },
  ]
  const data = { kind: 'csv', features: ['a', 'b'], label: 'y', task: 'classification' }
  expect(subjects({ data, model: { layers } })).toEqual([
    'initial weights',
    'Adam',
    'embedding',
    'recurrent layers',
    'recurrent layers',
    'LSTM',
  ])
})
