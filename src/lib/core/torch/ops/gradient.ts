/** What tensors do about gradients: whether they need one, how it is computed, who sees it. */
import { AutogradError, ShapeError } from '../../util/errors'
import { callable, flag, only } from '../../util/kinds'
import { isSameShape, printShape } from '../../util/shapes'
import { backward as walkBack, hookGradient, type RemovableHandle } from '../autograd'
import { tensor } from '../kinds'
import { Tensor, type TensorHook } from '../tensorBase'
import { tensorOp } from '../tensorOp'
import { mul } from './elementwise'
import { sum } from './reducing'

/** Adds the gradients of this scalar to the `grad` of all leaves it came from. Throws AutogradError. */
export const backward = tensorOp(
  'backward',
  {
    /** Of what is no scalar: the gradient to begin with, in its shape. */
    gradient: tensor.or(null),
    /** Keep the graph, so that backward() can run through it again. */
    retainGraph: flag.or(false),
    createGraph: only(false, 'Leave it out: there are no second derivatives.'),
    inputs: only(null, 'Leave it out, and freeze parameters that are to have no gradient.'),
  },
  (input, { gradient, retainGraph }): void => {
    assertRequiresGrad('backward', input)
    if (gradient && !isSameShape(gradient.shape, input.shape)) {
      throw new ShapeError(
        `backward: expected a gradient of shape ${printShape(input.shape)}, got ${printShape(gradient.shape)}. ` +
          'Pass one number for each of the tensor.',
      )
    }
    walkBack((gradient ? sum(mul(input, gradient)) : input).value, { retainGraph })
  },
)

/** Sets `requiresGrad`. */
export const requiresGrad_ = tensorOp(
  'requiresGrad_',
  { requiresGrad: flag.or(true) },
  (input, { requiresGrad }): Tensor => {
    input.requiresGrad = requiresGrad
    return input
  },
)

/**
 * Calls `hook` with the gradient of this tensor during every backward(). The gradient is freed with what else the
 * caller of backward() made. Source: torch.Tensor.register_hook.
 */
export const registerHook = tensorOp(
  'registerHook',
  { hook: callable<TensorHook>() },
  (input, { hook }): RemovableHandle => {
    assertRequiresGrad('registerHook', input)
    return { remove: hookGradient(input.value, (gradient) => hook(new Tensor(gradient))?.value) }
  },
)

/** Has backward() set `grad` of this tensor although it is no leaf; freed as the gradient in a hook is. */
export const retainGrad = tensorOp('retainGrad', {}, (input): void => {
  if (input.isLeaf) return
  hookGradient(input.value, (gradient) => {
    input.grad = new Tensor(gradient)
    return undefined
  })
})

function assertRequiresGrad(where: string, input: Tensor): void {
  if (input.requiresGrad) return
  throw new AutogradError(
    `${where}: expected a tensor that requires grad, got one that does not. ` +
      'Compute it from parameters, outside noGrad() and without detach().',
  )
}
