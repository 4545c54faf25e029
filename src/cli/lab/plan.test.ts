import { describe, expect, it } from 'vitest'
import { defaultSpec } from '../../lib/core/spec/defaults'
import { parseSpec } from '../../lib/core/spec/parse'
import { parseTrainArguments } from './arguments'
import { backendFor, leaderOf, planRun, programText } from './plan'

const spec = defaultSpec()
const native = { ...spec, alignment: 'native' } as const

describe('planRun', () => {
  it('takes the epochs of the spec, or the given ones', () => {
    expect(planRun(spec, { kind: 'spec' }, 250)).toEqual({ spec, steps: 400, limit: { kind: 'none' } })
    const plan = planRun(spec, { kind: 'epochs', count: 3 }, 250)
    expect([plan.spec.training.epochs, plan.steps]).toEqual([3, 24])
  })

  it('takes as many epochs as the steps need; a whole epoch is run to its end', () => {
    const plan = planRun(spec, { kind: 'steps', count: 1000 }, 250)
    expect([plan.spec.training.epochs, plan.limit.kind]).toEqual([125, 'none'])
    const cut = planRun(spec, { kind: 'steps', count: 9 }, 250)
    expect([cut.spec.training.epochs, cut.limit]).toEqual([2, { kind: 'steps', count: 9 }])
  })
})

describe('backendFor', () => {
  const convolution = parseSpec({
    ...spec,
    data: { kind: 'digits' },
    model: {
      layers: [
        { type: 'conv2d', filters: 2, kernelSize: 3 },
        { type: 'flatten' },
        { type: 'dense', units: 10 },
      ],
    },
    loss: 'sparseCategoricalCrossentropy',
  })
  const settings = (line: string) => parseTrainArguments(`a.json ${line}`.trim().split(' '))

  it('is wasm, but for convolutions in eager execution', () => {
    expect(backendFor(spec, settings(''))).toBe('wasm')
    expect(backendFor(spec, settings('--backend cpu'))).toBe('cpu')
    expect(backendFor(convolution, settings(''))).toBe('cpu')
    expect(backendFor(convolution, settings('--execution static'))).toBe('wasm')
    expect(() => backendFor(convolution, settings('--backend wasm'))).toThrow(
      '--backend: expected cpu for a model with conv2d in eager execution, got wasm.',
    )
  })
})

describe('leaderOf', () => {
  const text = async (alignment: 'aligned' | 'native', style: 'keras' | 'torch') => {
    const chosen = alignment === 'native' ? native : spec
    const settings = parseTrainArguments(['a.json', '--style', style])
    return programText(chosen, settings, await leaderOf(chosen, style, null))
  }

  it('is a Keras-style lane for an aligned PyTorch-style one', async () => {
    const program = await text('aligned', 'torch')
    expect(program).toContain("model.loadStateDict(await initialWeights('A'))")
    expect(program).toContain("formulation: 'keras'")
  })

  it('is nobody for other lanes', async () => {
    expect(await text('aligned', 'keras')).not.toContain('initialWeights')
    const program = await text('native', 'torch')
    expect(program).not.toContain('initialWeights')
    expect(program).not.toContain('formulation')
  })
})
