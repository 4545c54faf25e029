/** `torch.autograd`: gradients as values. Source: torch.autograd. */
import { tf } from '../eager/tfjs'
import { flag, only, taking } from '../util/kinds'
import { AutogradError } from '../util/errors'
import { parameters, type Given } from '../util/parameters'
import { gradientsOf } from './autograd'
import { oneOrMore } from './nn/kinds'
import { Tensor } from './tensor'

const gradParameters = parameters('grad', {
  /** What is differentiated, a scalar. */
  outputs: taking<Tensor>('a tensor', (value) => value instanceof Tensor, 'Pass a scalar, such as a loss.'),
  /** With respect to what. */
  inputs: oneOrMore,
  gradOutputs: only(null as Tensor | null, 'Multiply the output by it first, and sum.'),
  /** Keep the graph, so that gradients can be asked for again. */
  retainGraph: flag.or(null),
  createGraph: only(false, 'Leave it out: second derivatives are not there.'),
  onlyInputs: only(true, 'Leave it out: use backward() for the gradients of all leaves.'),
  /** Gives null for an input that the output does not depend on. */
  allowUnused: flag.or(null),
  isGradsBatched: only(false, 'Leave it out, and call it once for each output.'),
  /** Gives zeros for an input that the output does not depend on. */
  materializeGrads: flag.or(false),
})

/**
 * The gradients of a scalar with respect to each of the inputs, which need requiresGrad; their `grad` stays as it is.
 * Throws AutogradError where the output does not depend on one. Second derivatives are not there.
 */
export function grad(...given: Given<typeof gradParameters.table>): (Tensor | null)[] {
  const { outputs, inputs, retainGraph, allowUnused, materializeGrads } = gradParameters.read(given)
  const sources: readonly Tensor[] = inputs instanceof Tensor ? [inputs] : inputs
  const values = sources.map(({ value }) => value)
  const options = { retainGraph: retainGraph ?? false }
  return gradientsOf(outputs.value, values, options).map((gradient, index) => {
    if (gradient) return new Tensor(gradient)
    if (materializeGrads) return new Tensor(tf.zeros([...(sources[index]?.shape ?? [])]))
    if (allowUnused) return null
    throw new AutogradError(
      `grad: expected an output that depends on each input, got one that does not on input ${index}. ` +
        'Make inputs with { requiresGrad: true } and compute the output from them.',
    )
  })
}
