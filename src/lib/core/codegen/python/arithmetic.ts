/** The arithmetic in which update rules are stated, printed as Python on PyTorch's tensors. */
import type { Arithmetic } from '../../catalogue/optimizers/kerasUpdate'

/** Text of an expression; whoever binds tighter puts it into parentheses. */
export interface Expression {
  readonly text: string
  readonly precedence: number
}

/** Python's own order: the higher binds tighter. */
const level = { conditional: 0, sum: 1, product: 2, power: 3, leaf: 4 } as const

/** A name, a number or a call. */
export const leaf = (text: string): Expression => ({ text, precedence: level.leaf })

const within = ({ text, precedence }: Expression, least: number): string =>
  precedence < least ? `(${text})` : text

const infix =
  (sign: string, precedence: number, left = precedence, right = precedence + 1) =>
  (a: Expression, b: Expression): Expression => ({
    text: `${within(a, left)} ${sign} ${within(b, right)}`,
    precedence,
  })

const method =
  (name: string) =>
  (a: Expression): Expression =>
    leaf(`${within(a, level.leaf)}.${name}()`)

/** One of two values by a condition. */
export function conditional(condition: string, ifTrue: Expression, ifFalse: Expression): Expression {
  const text = `${within(ifTrue, level.sum)} if ${condition} else ${within(ifFalse, level.sum)}`
  return { text, precedence: level.conditional }
}

/** On PyTorch's tensors. */
export const ofTensors: Arithmetic<Expression> = {
  one: leaf('1'),
  add: infix('+', level.sum),
  sub: infix('-', level.sum),
  mul: infix('*', level.product),
  div: infix('/', level.product),
  power: infix('**', level.power, level.leaf, level.power),
  sqrt: method('sqrt'),
  square: method('square'),
  maximum: (a, b) => leaf(`torch.maximum(${a.text}, ${b.text})`),
}

/** On Python's numbers. */
export const ofFloats: Arithmetic<Expression> = {
  ...ofTensors,
  sqrt: (a) => ofTensors.power(a, leaf('0.5')),
  square: (a) => ofTensors.power(a, leaf('2')),
  maximum: (a, b) => leaf(`max(${a.text}, ${b.text})`),
}
