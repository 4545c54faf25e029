/** Activations as modules. Source: torch.nn. */
import { number } from '../../util/kinds'
import { parameters, type Given, type ParameterTable, type Values } from '../../util/parameters'
import { Parameter } from '../parameter'
import type { Tensor } from '../tensor'
import { fieldsOf, oneInput, type OneInput } from './forward'
import {
  elu,
  gelu,
  hardsigmoid,
  hardswish,
  hardtanh,
  leakyRelu,
  logsigmoid,
  logSoftmax,
  mish,
  prelu,
  relu,
  relu6,
  selu,
  settings,
  sigmoid,
  silu,
  softmax,
  softplus,
  softsign,
  tanh,
} from './functional/activations'
import { count, placement } from './kinds'
import { Module } from './module'
import { keepParameters } from './parameterField'

/** The class `name` of modules that compute what the function does. Settings without effect here are not kept. */
function activation<Table extends ParameterTable>(
  name: string,
  table: Table,
  compute: (input: Tensor, options: Values<Table>) => Tensor,
) {
  const constructed = parameters(name, table)
  const called = oneInput(name)
  const kept = Object.keys(table).filter((each) => table[each]?.facts.unused === undefined)
  return class Activation extends Module {
    constructor(...given: Given<Table>) {
      super()
      const values: Readonly<Record<string, unknown>> = constructed.read(given)
      Object.assign(this, fieldsOf(values, kept))
    }

    forward(...given: OneInput): Tensor {
      const { input } = called.read(given)
      return this.inLayer(name, () => compute(input, fieldsOf(this, kept) as unknown as Values<Table>))
    }
  }
}

/** max(x, 0) */
export class ReLU extends activation('ReLU', settings.inPlace, relu) {}

/** x where positive, else negativeSlope·x. */
export class LeakyReLU extends activation('LeakyReLU', settings.leakyRelu, leakyRelu) {}

/** x where positive, else alpha·(eˣ − 1). */
export class ELU extends activation('ELU', settings.elu, elu) {}

/** x·σ(x) */
export class SiLU extends activation('SiLU', settings.inPlace, silu) {}

/** log(1 + e^(beta·x)) / beta */
export class Softplus extends activation('Softplus', settings.softplus, softplus) {}

/** tanh x */
export class Tanh extends activation('Tanh', settings.plain, tanh) {}

/** 1 / (1 + e⁻ˣ) */
export class Sigmoid extends activation('Sigmoid', settings.plain, sigmoid) {}

/** x·Φ(x) with the normal distribution Φ. */
export class GELU extends activation('GELU', settings.gelu, gelu) {}

/** eˣ / Σ eˣ along `dim`. */
export class Softmax extends activation('Softmax', settings.softmax, softmax) {}

/** log softmax(x) along `dim`. */
export class LogSoftmax extends activation('LogSoftmax', settings.softmax, logSoftmax) {}

/** min(max(x, 0), 6) */
export class ReLU6 extends activation('ReLU6', settings.inPlace, relu6) {}

/** The self-normalising activation of Klambauer et al., 2017. */
export class SELU extends activation('SELU', settings.inPlace, selu) {}

/** x / (1 + |x|) */
export class Softsign extends activation('Softsign', settings.plain, softsign) {}

/** log σ(x) */
export class LogSigmoid extends activation('LogSigmoid', settings.plain, logsigmoid) {}

/** x·tanh(softplus(x)) */
export class Mish extends activation('Mish', settings.inPlace, mish) {}

/** min(max(x + 3, 0), 6) / 6 */
export class Hardsigmoid extends activation('Hardsigmoid', settings.inPlace, hardsigmoid) {}

/** x·hardsigmoid(x) */
export class Hardswish extends activation('Hardswish', settings.inPlace, hardswish) {}

/** x, held within minVal and maxVal. */
export class Hardtanh extends activation('Hardtanh', settings.hardtanh, hardtanh) {}

const identityForward = oneInput('Identity')

/** Returns its input. Takes any arguments, so that it can stand in for another module. */
export class Identity extends Module {
  constructor(..._given: readonly unknown[]) {
    super()
  }

  forward(...given: OneInput): Tensor {
    return identityForward.read(given).input
  }
}

const preluParameters = parameters('PReLU', {
  /** Slopes: 1 for all, or one for each channel. */
  numParameters: count.or(1),
  /** What they start from. */
  init: number.or(0.25),
  ...placement,
})
const preluForward = oneInput('PReLU')

/** x where positive, else weight·x with slopes that are learned. Source: He et al., 2015. */
export class PReLU extends Module {
  readonly weight: Parameter
  readonly numParameters: number

  constructor(...given: Given<typeof preluParameters.table>) {
    super()
    const { numParameters, init } = preluParameters.read(given)
    this.numParameters = numParameters
    this.weight = new Parameter(new Float32Array(numParameters).fill(init), [numParameters])
    keepParameters(this)
  }

  forward(...given: OneInput): Tensor {
    const { input } = preluForward.read(given)
    return this.inLayer('PReLU', () => prelu(input, this.weight))
  }
}
