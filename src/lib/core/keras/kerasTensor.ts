/** Symbolic tensors of the functional API: shapes that layers are applied to before there is any data. */
import type { ImageShape } from '../nn/weights'
import { openSize, type Shape } from '../util/shapes'

/** The layer that gives a symbolic tensor, and what it is applied to. */
export interface Producer {
  readonly layer: { readonly name: string }
  readonly inputs: readonly KerasTensor[]
}

/** What `Input` and `layer.apply(…)` give. Source: keras.KerasTensor. */
export class KerasTensor {
  constructor(
    /** Shape of one example, without the batch axis. */
    readonly exampleShape: Shape,
    /** Null for an Input. */
    readonly producer: Producer | null = null,
    /** Of an Input that was given a name; empty otherwise. */
    readonly name = '',
    /** The image of which this is the row that a flatten layer made. */
    readonly flattenedFrom?: ImageShape,
  ) {}

  /** [null, …exampleShape]: the batch may have any size, and so may axes that are open. */
  get shape(): readonly (number | null)[] {
    return [null, ...this.exampleShape.map((size) => (size === openSize ? null : size))]
  }
}

/** Whether the value is a symbolic tensor, or a list with one. */
export function isSymbolic(value: unknown): value is KerasTensor | readonly KerasTensor[] {
  return (
    value instanceof KerasTensor ||
    (Array.isArray(value) && value.some((each) => each instanceof KerasTensor))
  )
}
