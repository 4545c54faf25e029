import { describe, expect, it } from 'vitest'
import { defaultSpec } from '../spec/defaults'
import { parseSpec } from '../spec/parse'
import { demonstrationProgram } from './demonstrations'
import { frameworkDifferences } from './differences'
import { generateProgram } from './generateProgram'
import { pythonScript } from './python'

const circle = defaultSpec()

function specWith(schedule: object, optimizer: object = { type: 'sgd', learningRate: 1 }) {
  return parseSpec({ ...circle, optimizer: { ...optimizer, schedule } })
}

/** All on one line. */
const flat = (text: string) => text.replaceAll(/\s+/g, ' ').replaceAll(/,? ([)}\]])/g, ' $1')

const exponential = { type: 'exponentialDecay', decaySteps: 100, decayRate: 0.5 }
const cosine = { type: 'cosineDecay', decaySteps: 100, alpha: 0.1 }

describe('a learning rate schedule', () => {
  it.each([
    [
      exponential,
      'schedules.ExponentialDecay({ initialLearningRate: 1, decaySteps: 100, decayRate: 0.5 })',
      'lrScheduler.ExponentialLR(optimizer, 0.5 ** (1 / 100))',
      'schedules.ExponentialDecay( initial_learning_rate=1.0, decay_steps=100, decay_rate=0.5 )',
      'lr_scheduler.ExponentialLR(optimizer, 0.5 ** (1 / 100))',
    ],
    [
      { ...exponential, decaySteps: 1 },
      'schedules.ExponentialDecay({ initialLearningRate: 1, decaySteps: 1, decayRate: 0.5 })',
      'lrScheduler.ExponentialLR(optimizer, 0.5)',
      'schedules.ExponentialDecay( initial_learning_rate=1.0, decay_steps=1, decay_rate=0.5 )',
      'lr_scheduler.ExponentialLR(optimizer, 0.5)',
    ],
    [
      { ...exponential, staircase: true },
      'schedules.ExponentialDecay({ initialLearningRate: 1, decaySteps: 100, decayRate: 0.5, staircase: true })',
      'lrScheduler.StepLR(optimizer, 100, { gamma: 0.5 })',
      'schedules.ExponentialDecay( initial_learning_rate=1.0, decay_steps=100, decay_rate=0.5, staircase=True )',
      'lr_scheduler.StepLR(optimizer, 100, gamma=0.5)',
    ],
    [
      cosine,
      'schedules.CosineDecay({ initialLearningRate: 1, decaySteps: 100, alpha: 0.1 })',
      'lrScheduler.LambdaLR(optimizer, (step) => 0.1 + 0.9 * (1 + Math.cos(Math.PI * Math.min(step / 100, 1))) / 2)',
      'schedules.CosineDecay( initial_learning_rate=1.0, decay_steps=100, alpha=0.1 )',
      'lr_scheduler.LambdaLR( optimizer, lambda step: 0.1 + 0.9 * (1 + np.cos(np.pi * min(step / 100, 1))) / 2 )',
    ],
    [
      { type: 'piecewiseConstantDecay', boundaries: [50, 80], factor: 0.1 },
      'schedules.PiecewiseConstantDecay({ boundaries: [49, 79], values: [1, 0.1, 0.01] })',
      'lrScheduler.MultiStepLR(optimizer, [50, 80])',
      'schedules.PiecewiseConstantDecay( boundaries=[49, 79], values=[1, 0.1, 0.01] )',
      'lr_scheduler.MultiStepLR(optimizer, [50, 80])',
    ],
  ])('%j is written with the classes of each framework', (schedule, keras, torch, inKeras3, inPyTorch) => {
    const spec = specWith(schedule)
    const inJavaScript = flat(generateProgram(spec, 'keras', { lane: 'A' }))
    expect(inJavaScript).toContain(`const schedule = new optimizers.${keras}`)
    expect(inJavaScript).toContain('optimizers.SGD({ learningRate: schedule })')
    expect(flat(generateProgram(spec, 'torch', { lane: 'A' }))).toContain(
      `const scheduler = new optim.${torch}`,
    )
    const script = flat(pythonScript(spec, 'keras'))
    expect(script).toMatch(/optimizers\.SGD\(learning_rate=schedule\)/)
    expect(script.replaceAll('( ', '(').replaceAll(' )', ')')).toContain(
      `schedule = keras.optimizers.${inKeras3.replaceAll('( ', '(').replaceAll(' )', ')')}`,
    )
    expect(flat(pythonScript(spec, 'torch'))).toContain(`scheduler = optim.${inPyTorch}`)
  })

  it.each(['eager', 'static'] as const)('is stepped behind each update, %s', (execution) => {
    const program = generateProgram(specWith(cosine), 'torch', { lane: 'A', execution })
    expect(flat(program)).toContain('optimizer.step() scheduler.step()')
    expect(program.match(/scheduler\.step/g)).toHaveLength(1)
    expect(flat(demonstrationProgram('branch', specWith(cosine), execution))).toContain(
      'optimizer.step() scheduler.step()',
    )
  })

  it("makes Keras' velocity another one than PyTorch's", () => {
    const optimizer = { type: 'sgd', learningRate: 1, momentum: 0.9 }
    expect(frameworkDifferences(specWith(cosine, optimizer)).join()).toContain('schedule: the velocity')
    expect(frameworkDifferences(parseSpec({ ...circle, optimizer })).join()).not.toContain('schedule')
    expect(pythonScript(specWith(cosine, optimizer), 'torch')).toContain('optimizer = KerasSGD(')
    expect(pythonScript(parseSpec({ ...circle, optimizer }), 'torch')).not.toContain('KerasSGD')
  })
})
