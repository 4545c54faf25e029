/** What programs do with tensors that cannot be, in words. */
import { describeValue } from '../util/describeValue'
import { ArgumentError, AutogradError } from '../util/errors'

/** Of `new Tensor(…)` with what is no tensor. */
export function notMade(value: unknown): ArgumentError {
  return new ArgumentError(
    `Tensor: expected to be made by torch.tensor, got ${describeValue(value, 60)}. Write torch.tensor([1, 2]).`,
  )
}

/** Of a change in place of what a compiled function was called with. */
export function changedArgument(where: string): ArgumentError {
  return new ArgumentError(
    `${where}: expected a tensor of the compiled function's own, got one of its arguments, which would keep its values ` +
      `outside. Write x = x.${where.slice(0, -1)}(…), or change it before the call.`,
  )
}

/** Of a change in place of what a graph goes through. */
export function neededAsItIs(where: string): AutogradError {
  return new AutogradError(
    `${where}: expected a tensor that was not computed from parameters, got one that backward() needs as it is. ` +
      `Write x = x.${where.slice(0, -1)}(…).`,
  )
}

/** Of a change in place of a parameter outside of noGrad. */
export function changedWhileRecorded(where: string): AutogradError {
  return new AutogradError(
    `${where}: expected no graph while a parameter is changed in place, got one that is recorded. ` +
      'Change it inside noGrad(() => { ... }).',
  )
}

/** Of requiresGrad set on what was computed. */
export function notALeaf(): AutogradError {
  return new AutogradError(
    'requiresGrad: expected a leaf, got the result of a computation. Use .detach() for a tensor without gradient.',
  )
}

/** Of gradients for whole numbers or truth values. */
export function notReal(dtype: string): AutogradError {
  return new AutogradError(
    `requiresGrad: expected float32, got ${dtype}. Only real numbers have gradients: use .float().`,
  )
}

/** Of what an optimizer is to change although gradients do not end at it. */
export function learnsNothing(): AutogradError {
  return new AutogradError(
    'optimizer: expected parameters, or tensors with requiresGrad: true, got a tensor that is neither. Use new nn.Parameter(x).',
  )
}

/** Of gradients that a compiled function would add to those of its earlier calls. */
export function outlivesStep(): AutogradError {
  return new AutogradError(
    'backward: expected optimizer.zeroGrad() earlier in the compiled function, got gradients that would have to ' +
      'outlive it. Call optimizer.zeroGrad() first thing in the function.',
  )
}

/** Of a tensor where JavaScript needs a number. */
export function usedAsNumber(): ArgumentError {
  return new ArgumentError(
    'tensor: expected a number, got a tensor in arithmetic or a comparison. Write await tensor.item() for its value.',
  )
}

/** Of a view that is to learn while the tensor that it is of has other values besides. */
export function partThatLearns(): AutogradError {
  return new AutogradError(
    'optimizer: expected a tensor with values of its own, got a part of another tensor, or one in another order. ' +
      'Write x.clone().requiresGrad_() for a copy.',
  )
}
