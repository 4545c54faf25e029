/** A parameter group as programs see it: its options are read and set by name. */
import { guard } from '../../eager/tracing'
import { describeValue } from '../../util/describeValue'
import { ArgumentError } from '../../util/errors'
import { answerUnknown } from '../../util/unknownNames'
import { groupAnswers } from '../otherNames'

/** What a group is now, and how it is changed. */
export interface GroupAccess {
  readonly params: readonly unknown[]
  /** Names of its options. */
  readonly names: readonly string[]
  readonly get: (name: string) => unknown
  /** Takes the value over, checked. */
  readonly set: (name: string, value: unknown) => void
}

const answering = {}
answerUnknown(answering, groupAnswers)

/** An object with the options of a group, which counts from the next step on. */
export function groupView({ params, names, get, set }: GroupAccess): object {
  const view = Object.create(answering) as object
  Object.freeze(params)
  Object.defineProperty(view, 'params', { enumerable: true, get: () => params, set: refuseParameters })
  for (const name of names) {
    Object.defineProperty(view, name, {
      enumerable: true,
      get: () => {
        // Of a step that is traced: what it makes of the value holds for this value.
        guard(name, () => get(name))
        return get(name)
      },
      set(value: unknown) {
        set(name, value)
      },
    })
  }
  return view
}

/** Options that a rule keeps an average of its own for. */
const keepingMore: ReadonlySet<string> = new Set(['amsgrad', 'centered'])

/** Throws ArgumentError for an option that an optimizer cannot change any more. */
export function assertChangeable(where: string, name: string, value: unknown): void {
  if (!keepingMore.has(name)) return
  throw new ArgumentError(
    `${where}: expected ${name} to stay what it is, got ${describeValue(value, 60)}. Make another optimizer: steps would ` +
      'need averages that were not kept.',
  )
}

function refuseParameters(): never {
  throw new ArgumentError(
    'paramGroups[0].params: expected the parameters that the optimizer was made with, got an assignment. ' +
      'Write optimizer.addParamGroup({ params }) for further ones, or make another optimizer.',
  )
}
