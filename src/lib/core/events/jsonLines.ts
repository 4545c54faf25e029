/** A run's events as JSON Lines: one event an object, one object a line. */
import { at } from '../util/at'
import type { Series } from './series'
import { inParts } from './textParts'
import type { RunEvent } from './types'

type Events = Generator<RunEvent, void, undefined>

/** Parts of the text, events of `run` in the order of their steps; texts come before the scalars of the same step. */
export function jsonLines(
  run: string,
  series: ReadonlyMap<string, Series>,
  texts: readonly RunEvent[],
): Iterable<string> {
  const scalars = [...series].map(([tag, columns]) => scalarEvents(run, tag, columns))
  return inParts(lines([textEvents(texts), ...scalars]))
}

/** Takes the earliest event of all sources; where steps are equal, that of the first source. */
function* lines(sources: readonly Events[]): Generator<string, void, undefined> {
  const heads = sources.map(next)
  for (;;) {
    let first = -1
    let least = Infinity
    for (const [index, head] of heads.entries()) {
      if (head === null || head.step >= least) continue
      first = index
      least = head.step
    }
    const source = sources[first]
    if (source === undefined) return
    yield JSON.stringify(heads[first])
    heads[first] = next(source)
  }
}

function next(source: Events): RunEvent | null {
  const { done, value } = source.next()
  return done === true ? null : value
}

function* textEvents(texts: readonly RunEvent[]): Events {
  yield* texts.toSorted((a, b) => a.step - b.step)
}

/** What the columns hold at the call; what is added later is left out. */
function* scalarEvents(run: string, tag: string, { length, steps, wallTimesMs, values }: Series): Events {
  for (let index = 0; index < length; index++) {
    yield {
      run,
      step: at(steps, index),
      wallTimeMs: at(wallTimesMs, index),
      tag,
      kind: 'scalar',
      value: at(values, index),
    }
  }
}
