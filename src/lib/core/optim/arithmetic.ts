/** The arithmetic in which update rules are stated, on numbers and on tensors. */
import type { Arithmetic } from '../catalogue/optimizers/kerasUpdate'
import { tf } from '../eager/tfjs'

/** What a rule computes with: a tensor, or a number that is the same for all elements. */
export type Value = tf.Tensor | number

/** On numbers, in double precision. */
export const ofNumbers: Arithmetic<number> = {
  one: 1,
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  power: (a, b) => a ** b,
  sqrt: Math.sqrt,
  square: (a) => a * a,
  maximum: Math.max,
}

type Unary = 'sqrt' | 'square'
type Binary = 'add' | 'sub' | 'mul' | 'div' | 'maximum'

const unary = (name: Unary) => (a: Value) => (typeof a === 'number' ? ofNumbers[name](a) : tf[name](a))

const binary =
  (name: Binary) =>
  (a: Value, b: Value): Value =>
    typeof a === 'number' && typeof b === 'number' ? ofNumbers[name](a, b) : tf[name](a, b)

/** A value that has to be a tensor. */
export function tensorOf(value: Value): tf.Tensor {
  if (typeof value === 'number') throw new Error(`internal: expected a tensor, got ${value}`)
  return value
}

/** On tensors; of numbers alone the result is a number. */
export const ofTensors: Arithmetic<Value> = {
  one: 1,
  add: binary('add'),
  sub: binary('sub'),
  mul: binary('mul'),
  div: binary('div'),
  power: (a, b) => (typeof a === 'number' && typeof b === 'number' ? a ** b : tf.pow(a, b)),
  sqrt: unary('sqrt'),
  square: unary('square'),
  maximum: binary('maximum'),
}
