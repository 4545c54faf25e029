/** Small training steps as a trace of tfjs leaves them: what the passes are tested with. */
import { GraphBuilder } from '../../src/lib/core/graph/builder'
import type { Graph, GraphInput, Value } from '../../src/lib/core/graph/types'
import type { Shape } from '../../src/lib/core/util/shapes'

type Slot = (index: number) => Value

/** An optimizer's formula on one variable `w` with gradient `g`: gives the new weights, then the new slots. */
export interface UpdateRule {
  readonly slots: readonly string[]
  readonly update: (step: Step, w: Value, g: Value, slot: Slot) => readonly Value[]
}

const sgd = {
  slots: [],
  update: (step: Step, w: Value, g: Value) => [step.sub(w, step.mul(g, step.rate))],
}

function momentum(step: Step, w: Value, g: Value, v: Value, isNesterov: boolean): readonly Value[] {
  const change = step.mul(g, step.rate)
  const velocity = step.sub(step.mul(v, step.number(0.9)), change)
  const next = isNesterov ? step.sub(step.mul(velocity, step.number(0.9)), change) : velocity
  return [step.add(w, next), velocity]
}

function moments(step: Step, g: Value, slot: Slot): readonly [Value, Value] {
  const first = step.add(step.mul(slot(0), step.number(0.9)), step.mul(g, step.number(0.1)))
  const squares = step.mul(step.mul(g, g), step.number(0.001))
  return [first, step.add(step.mul(slot(1), step.number(0.999)), squares)]
}

function kerasAdam(step: Step, w: Value, g: Value, slot: Slot): readonly Value[] {
  const [m, v] = moments(step, g, slot)
  const change = step.div(step.mul(m, step.rate), step.add(step.sqrt(v), step.number(1e-7)))
  return [step.sub(w, change), m, v]
}

function torchAdam(step: Step, w: Value, g: Value, slot: Slot): readonly Value[] {
  const [m, v] = moments(step, g, slot)
  const root = step.div(step.sqrt(v), step.host('biasCorrection'))
  return [step.sub(w, step.div(step.mul(m, step.rate), step.add(root, step.number(1e-8)))), m, v]
}

/** The update rules that programs can choose, as core/optim spells them. */
export const updateRules = {
  sgd,
  'sgd with weight decay': {
    slots: [],
    update: (step, w, g) => sgd.update(step, w, step.add(g, step.mul(w, step.number(0.01)))),
  },
  momentum: { slots: ['v'], update: (step, w, g, slot) => momentum(step, w, g, slot(0), false) },
  nesterov: { slots: ['v'], update: (step, w, g, slot) => momentum(step, w, g, slot(0), true) },
  'adam of Keras': { slots: ['m', 'v'], update: kerasAdam },
  'adam of PyTorch': { slots: ['m', 'v'], update: torchAdam },
  adamW: {
    slots: ['m', 'v'],
    update: (step, w, g, slot) => kerasAdam(step, step.mul(w, step.host('decay')), g, slot),
  },
  rmsprop: {
    slots: ['s'],
    update: (step, w, g, slot) => {
      const squares = step.mul(step.mul(g, g), step.number(0.1))
      const next = step.add(step.mul(slot(0), step.number(0.9)), squares)
      return [
        step.sub(w, step.div(step.mul(g, step.rate), step.sqrt(step.add(next, step.number(1e-7))))),
        next,
      ]
    },
  },
  adagrad: {
    slots: ['s'],
    update: (step, w, g, slot) => {
      const next = step.add(slot(0), step.mul(g, g))
      return [
        step.sub(w, step.div(step.mul(g, step.rate), step.sqrt(step.add(next, step.number(1e-7))))),
        next,
      ]
    },
  },
} satisfies Record<string, UpdateRule>

interface Variable {
  readonly name: string
  readonly input: GraphInput
  readonly slots: readonly GraphInput[]
}

/** Writes a step down kernel by kernel. */
export class Step {
  readonly builder = new GraphBuilder('step')
  private readonly hosts = new Map<string, Value>()

  constructor(private readonly rule: UpdateRule) {}

  get rate(): Value {
    return this.host('learningRate')
  }

  number = (value: number): Value => this.builder.scalar(value)
  add = (a: Value, b: Value): Value => this.builder.add('Add', [a, b])
  sub = (a: Value, b: Value): Value => this.builder.add('Sub', [a, b])
  mul = (a: Value, b: Value): Value => this.builder.add('Mul', [a, b])
  div = (a: Value, b: Value): Value => this.builder.add('Div', [a, b])
  sqrt = (a: Value): Value => this.builder.add('Sqrt', [a])
  matMul = (a: Value, b: Value): Value => this.builder.add('MatMul', [a, b])
  transpose = (a: Value, perm: readonly number[]): Value => this.builder.add('Transpose', [a], { perm })
  reshape = (a: Value, shape: Shape): Value => this.builder.add('Reshape', [a, this.builder.int64s(shape)])
  sum = (a: Value, axes: readonly number[]): Value =>
    this.builder.add('ReduceSum', [a, this.builder.int64s(axes)], { keepdims: 0 })

  argument(name: string, shape: Shape): GraphInput {
    return this.builder.input('argument', { dtype: 'float32', shape }, name)
  }

  host(name: string): Value {
    const value = this.hosts.get(name) ?? this.builder.input('host', { dtype: 'float32', shape: [] }, name)
    this.hosts.set(name, value)
    return value
  }

  /** A weight and its slots. */
  variable(name: string, shape: Shape): Variable {
    const input = (hint: string) => this.builder.input('state', { dtype: 'float32', shape }, hint)
    return { name, input: input(name), slots: this.rule.slots.map((slot) => input(`${name}/${slot}`)) }
  }

  /** Updates a variable by the rule. */
  apply({ name, input, slots }: Variable, gradient: Value): readonly Value[] {
    this.builder.origin = { phase: 'update', layer: '', line: 0 }
    const [w = input, ...next] = this.rule.update(this, input, gradient, (index) => {
      const slot = slots[index]
      if (slot === undefined) throw new Error(`no slot ${index} of ${name}`)
      return slot
    })
    const { shape } = input
    this.builder.state(input, w, [{ name, shape }])
    for (const [index, slot] of slots.entries()) {
      this.builder.state(slot, next[index] ?? null, [{ name: slot.name, shape }])
    }
    return [w, ...next]
  }

  phase(phase: 'forward' | 'loss' | 'backward', layer = ''): void {
    this.builder.origin = { phase, layer, line: 0 }
  }
}

/** Updates alone: three variables, the gradients are arguments. */
export function updateStep(rule: UpdateRule): Graph {
  const step = new Step(rule)
  const shapes: Readonly<Record<string, Shape>> = { kernel: [2, 3], bias: [3], scale: [1] }
  const variables = Object.entries(shapes).map(([name, shape]) => ({
    variable: step.variable(name, shape),
    gradient: step.argument(`d_${name}`, shape),
  }))
  for (const { variable, gradient } of variables) step.apply(variable, gradient)
  return step.builder.build()
}

/** A step of dense layers of tanh, the last one linear with binary cross-entropy from logits. */
export function mlpStep(rule: UpdateRule, units: readonly number[] = [2, 8, 8, 1], batch = 32): Graph {
  const step = new Step(rule)
  const [x, y] = [step.argument('x', [batch, units[0] ?? 1]), step.argument('y', [batch, units.at(-1) ?? 1])]
  const layers = units.slice(1).map((size, index) => ({
    name: `dense_${index + 1}`,
    kernel: step.variable(`w${index + 1}`, [units[index] ?? 1, size]),
    bias: step.variable(`b${index + 1}`, [size]),
  }))
  const activations: Value[] = [x]
  for (const [index, { name, kernel, bias }] of layers.entries()) {
    step.phase('forward', name)
    const z = step.add(step.matMul(activations[index] ?? x, kernel.input), bias.input)
    activations.push(index + 1 < layers.length ? step.builder.add('Tanh', [z]) : z)
  }
  const logits = activations.at(-1) ?? x
  step.phase('loss')
  const losses = step.sub(step.builder.add('Softplus', [logits]), step.mul(logits, y))
  step.builder.result(step.builder.add('ReduceMean', [losses], { axes: [0, 1], keepdims: 0 }))
  step.phase('backward')
  const scale = step.div(step.number(1), step.number(batch))
  let dz = step.mul(step.sub(step.builder.add('Sigmoid', [logits]), y), scale)
  const gradients: { variable: Variable; gradient: Value }[] = []
  for (const [index, { name, kernel, bias }] of [...layers.entries()].reverse()) {
    step.phase('backward', name)
    const input = activations[index] ?? x
    const dy = step.reshape(dz, dz.shape)
    gradients.unshift(
      { variable: kernel, gradient: step.matMul(step.transpose(input, [1, 0]), dy) },
      { variable: bias, gradient: step.reshape(step.sum(dz, [0]), bias.input.shape) },
    )
    if (index === 0) break
    const dx = step.matMul(dy, step.transpose(kernel.input, [1, 0]))
    dz = step.mul(step.sub(step.number(1), step.mul(input, input)), dx)
  }
  for (const { variable, gradient } of gradients) step.apply(variable, gradient)
  return step.builder.build()
}

const channelsFirst = [0, 3, 1, 2]
const channelsLast = [0, 2, 3, 1]

/** A step of convolution, bias, relu, maximum over the image and squared error, channels last as in tfjs. */
export function convStep(rule: UpdateRule): Graph {
  const step = new Step(rule)
  const [x, y] = [step.argument('x', [2, 5, 5, 3]), step.argument('y', [2, 4])]
  const filter = step.variable('filter', [3, 3, 3, 4])
  const bias = step.variable('bias', [4])
  const scale = step.variable('scale', [4])
  step.phase('forward', 'conv2d')
  const weights = step.transpose(filter.input, [3, 2, 0, 1])
  const conv = step.builder.add('Conv', [step.transpose(x, channelsFirst), weights])
  const z = step.add(step.transpose(conv, channelsLast), bias.input)
  const a = step.builder.add('Relu', [z])
  const scaled = step.mul(a, scale.input)
  const image = step.transpose(scaled, channelsFirst)
  const pool = step.builder.add('AveragePool', [image], { kernel_shape: [3, 3] })
  const mean = step.reshape(step.transpose(pool, channelsLast), [2, 4])
  step.phase('loss')
  const error = step.sub(mean, y)
  step.builder.result(step.sum(step.mul(error, error), [0, 1]))
  step.phase('backward')
  const dImage = step.builder.add('Expand', [
    step.reshape(step.mul(error, step.number(2 / 9)), [2, 1, 1, 4]),
    step.builder.int64s([2, 3, 3, 4]),
  ])
  const mask = step.builder.add('Cast', [step.builder.add('Greater', [z, step.number(0)])], { to: 1 })
  const dz = step.mul(step.mul(dImage, scale.input), mask)
  const swapped = [3, 0, 1, 2]
  const dFilter = step.builder.add('Conv', [step.transpose(x, swapped), step.transpose(dz, swapped)])
  const gradients = [
    { variable: filter, gradient: step.transpose(dFilter, [2, 3, 0, 1]) },
    { variable: bias, gradient: step.sum(dz, [0, 1, 2]) },
    { variable: scale, gradient: step.sum(step.mul(dImage, a), [0, 1, 2]) },
  ]
  for (const { variable, gradient } of gradients) step.apply(variable, gradient)
  return step.builder.build()
}
