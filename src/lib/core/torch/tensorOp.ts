/** Operations on tensors, each stated once: `x.sum(dim)` and `torch.sum(x, dim)` are the same one. */
import {
  parameters,
  type Given,
  type ParameterList,
  type ParameterTable,
  type Values,
} from '../util/parameters'
import { tensor } from './kinds'
import type { Tensor } from './tensorBase'

/** Of what takes nothing beside the tensor. */
export type NoTable = Readonly<Record<string, never>>

/** What the function takes before the method's parameters. */
export interface Input extends ParameterTable {
  readonly input: typeof tensor
}

/** A function of a tensor, which is a method of tensors too. */
export interface TensorOp<Table extends ParameterTable, Result> {
  (...given: Given<Input & Table>): Result
  readonly method: (this: Tensor, ...given: Given<Table>) => Result
  /** What it takes beside the tensor. */
  readonly parameters: ParameterList<Table>
}

/** The methods that the operations of a module make, by name; it must export nothing else. */
export type Methods<Ops> = {
  readonly [Name in keyof Ops]: Ops[Name] extends { readonly method: infer Method } ? Method : never
}

/** The operation `name`, with what it takes beside the tensor. */
export function tensorOp<Table extends ParameterTable, Result>(
  name: string,
  table: Table,
  compute: (input: Tensor, values: Values<Table>) => Result,
): TensorOp<Table, Result> {
  const ofFunction = parameters(name, { input: tensor.also('x', 'a', 'x1'), ...table })
  const ofMethod = parameters(name, table)
  const call = (...given: readonly unknown[]): Result => {
    const values = ofFunction.read(given)
    return compute(values.input, values)
  }
  const method = function (this: Tensor, ...given: readonly unknown[]): Result {
    return compute(this, ofMethod.read(given))
  }
  return Object.assign(call, { method, parameters: ofMethod })
}

interface TorchFunction<Table extends ParameterTable, Result> {
  (...given: Given<Table>): Result
  readonly parameters: ParameterList<Table>
}

/** A function of the module that is no method of tensors. */
export function torchFunction<Table extends ParameterTable, Result>(
  name: string,
  table: Table,
  compute: (values: Values<Table>) => Result,
): TorchFunction<Table, Result> {
  const list = parameters(name, table)
  return Object.assign((...given: Given<Table>) => compute(list.read(given)), { parameters: list })
}

/** Gives a class the methods of a module's operations, not enumerable, as methods in its body are. */
export function addMethods(
  prototype: object,
  ops: Readonly<Record<string, { readonly method: unknown }>>,
): void {
  for (const [name, { method }] of Object.entries(ops)) {
    Object.defineProperty(prototype, name, { value: method, configurable: true, writable: true })
  }
}
