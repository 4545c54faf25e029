/** `torch.autograd`: gradients as values. Source: torch.autograd. */
import { AutogradError } from '../util/errors'
import { gradientsOf, type BackwardOptions } from './autograd'
import { Tensor } from './tensor'

/**
 * The gradients of a scalar with respect to each of the inputs, which need requiresGrad; their `grad` stays as it is.
 * Throws AutogradError where the output does not depend on one. Second derivatives are not there.
 */
export function grad(
  output: Tensor,
  inputs: Tensor | readonly Tensor[],
  options: BackwardOptions = {},
): Tensor[] {
  const sources: readonly Tensor[] = inputs instanceof Tensor ? [inputs] : inputs
  const values = sources.map(({ value }) => value)
  return gradientsOf(output.value, values, options).map((gradient, index) => {
    if (gradient) return new Tensor(gradient)
    throw new AutogradError(
      `grad: expected an output that depends on each input, got one that does not on input ${index}. ` +
        'Make inputs with { requiresGrad: true } and compute the output from them.',
    )
  })
}
