import { describe, expect, it } from 'vitest'
import { inCamelCase, knownName, syntaxMessage } from './spelling'

describe('knownName', () => {
  it('knows either spelling', () => {
    const known = ['leakyRelu', 'relu'] as const
    expect(knownName('leaky_relu', known)).toBe('leakyRelu')
    expect(knownName('ReLU', known)).toBe('relu')
    expect(knownName('tanh', known)).toBeUndefined()
    expect(knownName(3, known)).toBeUndefined()
  })
})

describe('inCamelCase', () => {
  it('leaves underscores that mean something', () => {
    expect(['zero_grad', 'kaiming_uniform_', '_private', 'conv2d', 'max_pool_2d'].map(inCamelCase)).toEqual([
      'zeroGrad',
      'kaimingUniform_',
      '_private',
      'conv2d',
      'maxPool2d',
    ])
  })
})

describe('syntaxMessage', () => {
  it.each([
    'import torch\nimport torch.nn as nn',
    'from keras import layers',
    'class Net(nn.Module):\n  pass',
    'for epoch in range(10):',
    '# a comment',
  ])('tells who writes Python: %j', (program) => {
    expect(syntaxMessage('Unexpected token (2:5)', program)).toMatch(
      /^Unexpected token\. Programs are JavaScript here/,
    )
  })

  it.each(["import { nn } from 'tandem/torch'\nfoo(", 'class Net {\n  #field = 1', 'x = {\n  a:'])(
    'says nothing of Python for %j',
    (program) => {
      expect(syntaxMessage('Unexpected token (2:5)', program)).toBe('Unexpected token')
    },
  )
})
