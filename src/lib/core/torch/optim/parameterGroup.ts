/** Groups of parameters as programs see them: options that can be read and set, and words for names that are no options. */
import { guard } from '../../eager/tracing'
import { describeValue } from '../../util/describeValue'
import { ArgumentError } from '../../util/errors'
import { nearestName } from '../../util/nearestName'
import type { Trained } from './optimizer'

/** Parameters that share their options. What is set counts from the next step on. */
export type ParameterGroup<Options = object> = {
  -readonly [Name in Exclude<keyof Options, 'params'>]: Options[Name]
} & {
  readonly params: readonly Trained[]
  lr: number
  /** What `lr` was when a scheduler began; set by schedulers. */
  initialLr?: number
}

/** Where a group keeps its options. */
export interface GroupOptions {
  /** Begins messages. */
  readonly where: string
  readonly names: readonly string[]
  read(name: string): unknown
  set(name: string, value: unknown): void
}

/** A group of these parameters. */
export function groupOf<Options>(params: readonly Trained[], options: GroupOptions): ParameterGroup<Options> {
  const group: Record<string, unknown> = {}
  for (const name of options.names) {
    Object.defineProperty(group, name, {
      enumerable: true,
      get: () => {
        // Of a step that is traced: what it makes of the option holds for this value.
        guard(name, () => options.read(name))
        return options.read(name)
      },
      set: (value: unknown) => options.set(name, value),
    })
  }
  Object.defineProperty(group, 'params', {
    enumerable: true,
    get: () => params,
    set: () => {
      throw new ArgumentError(
        `${options.where}: expected the parameters of a group to stay, got others. Use optimizer.addParamGroup({ params }).`,
      )
    },
  })
  return new Proxy(group, answering(options)) as unknown as ParameterGroup<Options>
}

/** Throws ArgumentError for a name that is nearly one of an option. */
function answering({ where, names }: GroupOptions): ProxyHandler<Record<string, unknown>> {
  const assertName = (group: object, name: string | symbol) => {
    if (typeof name === 'symbol' || name in group || name === 'initialLr') return
    const meant = nearestName(name, names)
    if (meant === undefined) return
    throw new ArgumentError(`${where}: expected the option ${meant} of a group, got ${name}. Write ${meant}.`)
  }
  return {
    get(group, name, receiver): unknown {
      assertName(group, name)
      return Reflect.get(group, name, receiver)
    },
    set(group, name, value) {
      assertName(group, name)
      return Reflect.set(group, name, value)
    },
  }
}

/** Throws ArgumentError unless it is a number that a step can be multiplied by. */
export function assertRate(where: string, lr: unknown): asserts lr is number {
  if (typeof lr === 'number' && !Number.isNaN(lr)) return
  throw new ArgumentError(
    `${where}: expected lr to be a number, got ${describeValue(lr, 60)}. Set group.lr to a number such as 0.01.`,
  )
}
