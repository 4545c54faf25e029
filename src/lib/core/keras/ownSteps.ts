/** What a subclass of Model writes in the place of Keras' own steps and loss. */
import type { tf } from '../eager/tfjs'
import type { Called } from './overrides'
import { one, type OwnSteps, type StepArguments, type StepLogs, type TensorOrList } from './stepRunner'

/** Methods of a model that are called; what nothing calls here has to be written in another way. */
export const modelMethods: Omit<Called, 'base'> = {
  names: ['call', 'trainStep', 'testStep', 'computeLoss', 'build', 'compile', 'fit', 'evaluate', 'predict'],
  absent: {
    predictStep: 'Compute it from what predict gives.',
    computeMetrics: 'Give the figures in what trainStep returns.',
    makeTrainFunction: 'Override trainStep.',
  },
}

/** What `computeLoss` is called with by name. */
interface LossArguments {
  readonly x: TensorOrList
  readonly y: TensorOrList
  readonly yPred: TensorOrList
  readonly sampleWeight: tf.Tensor | null
  readonly training: boolean
}

/** The methods that a model may override. */
interface Stepping {
  trainStep(data: StepArguments): StepLogs
  testStep(data: StepArguments): StepLogs
  computeLoss(...given: readonly never[]): tf.Tensor
}

/** The methods that differ from those of the base class; null for the others. */
export function ownStepsOf(model: Stepping, base: Stepping): OwnSteps {
  const overrides = (method: keyof Stepping) => model[method] !== base[method]
  return {
    train: overrides('trainStep') ? (data) => model.trainStep(data) : null,
    test: overrides('testStep') ? (data) => model.testStep(data) : null,
    loss: overrides('computeLoss')
      ? ({ inputs, labels, weights }, outputs, training) =>
          lossOf(model, {
            x: one(inputs),
            y: one(labels),
            yPred: one(outputs.map(({ value }) => value)),
            sampleWeight: weights,
            training,
          })
      : null,
  }
}

/** By name, as Keras calls it, or in order for a method that was written with several parameters. */
function lossOf(model: Stepping, given: LossArguments): tf.Tensor {
  const call = (...parameters: readonly unknown[]) => model.computeLoss(...(parameters as never[]))
  return model.computeLoss.length > 1 ? call(...(Object.values(given) as unknown[])) : call(given)
}
