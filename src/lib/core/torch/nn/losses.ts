/** Losses as modules: `criterion.forward(input, target)` gives a scalar, or with reduction 'none' the values before it. */
import { parameters, type Given, type ParameterTable } from '../../util/parameters'
import { Buffer } from '../parameter'
import { Tensor } from '../tensor'
import { classSettings, crossEntropy, crossEntropySettings, nllLoss } from './functional/classLosses'
import {
  binaryCrossEntropy,
  binaryCrossEntropyWithLogits,
  compared,
  huberLoss,
  klDiv,
  l1Loss,
  lossSettings,
  mseLoss,
  smoothL1Loss,
} from './functional/losses'
import { fieldsOf } from './forward'
import { Module } from './module'

type Compared = Given<typeof compared>

/** The class `name` of modules that compute what the function does. */
function loss<Table extends ParameterTable>(
  name: string,
  table: Table,
  compute: (...given: Compared) => Tensor,
) {
  const constructed = parameters(name, table)
  const called = parameters(`${name}.forward`, compared)
  const kept = Object.keys(table).filter((each) => !(each === 'sizeAverage' || each === 'reduce'))
  return class Loss extends Module {
    constructor(...given: Given<Table>) {
      super()
      const values: Readonly<Record<string, unknown>> = constructed.read(given)
      for (const [each, value] of Object.entries(fieldsOf(values, kept))) {
        // A buffer outlives the scope in which the tensor was made.
        Object.assign(this, { [each]: value instanceof Tensor ? new Buffer(value) : value })
      }
    }

    forward(...given: Compared): Tensor {
      const { input, target } = called.read(given)
      return compute(input, target, fieldsOf(this, kept))
    }
  }
}

/** (input − target)². Source: torch.nn.MSELoss. */
export class MSELoss extends loss('MSELoss', lossSettings.plain, mseLoss) {}

/** |input − target|. Source: torch.nn.L1Loss. */
export class L1Loss extends loss('L1Loss', lossSettings.plain, l1Loss) {}

/** d²/2 up to |d| = delta, delta·(|d| − delta/2) beyond. Source: torch.nn.HuberLoss. */
export class HuberLoss extends loss('HuberLoss', lossSettings.huber, huberLoss) {}

/** d²/(2·beta) up to |d| = beta, |d| − beta/2 beyond. Source: torch.nn.SmoothL1Loss. */
export class SmoothL1Loss extends loss('SmoothL1Loss', lossSettings.smoothL1, smoothL1Loss) {}

/** Binary cross-entropy of probabilities; targets of the same shape in [0, 1]. Source: torch.nn.BCELoss. */
export class BCELoss extends loss('BCELoss', lossSettings.binary, binaryCrossEntropy) {}

/** Binary cross-entropy of logits; targets of the same shape in [0, 1]. Source: torch.nn.BCEWithLogitsLoss. */
export class BCEWithLogitsLoss extends loss(
  'BCEWithLogitsLoss',
  lossSettings.binaryLogits,
  binaryCrossEntropyWithLogits,
) {}

/** −x[class] of log-probabilities, such as LogSoftmax gives. Source: torch.nn.NLLLoss. */
export class NLLLoss extends loss('NLLLoss', classSettings, nllLoss) {}

/**
 * Cross-entropy of logits [n, classes, ...]; targets are class indices int32 [n, ...] or probabilities of the shape of
 * the logits. Source: torch.nn.CrossEntropyLoss.
 */
export class CrossEntropyLoss extends loss('CrossEntropyLoss', crossEntropySettings, crossEntropy) {}

/** target·(log target − input) of log-probabilities. Source: torch.nn.KLDivLoss. */
export class KLDivLoss extends loss('KLDivLoss', lossSettings.kl, klDiv) {}
