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
