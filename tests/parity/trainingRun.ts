/** Trains a case in one execution and says how far two outcomes are apart. */
import { setCurrentRun, type CurrentRun, type Figures } from '../../src/lib/core/events/currentRun'
import { Session, setCurrentSession } from '../../src/lib/core/session/session'
import type { SessionSettings } from '../../src/lib/core/session/types'
import { randomState } from '../../src/lib/core/nn/randomState'
import { valuesOf, type Execution } from './trainees'
import type { TrainingCase } from './trainingCase'

/** Losses of all steps, figures, weights and slots by name. */
export type Outcome = ReadonlyMap<string, ArrayLike<number>>

/** Below it, errors are not relative to a tensor's size. */
const smallest = 1e-3

/** max |a − b| / max(smallest, max |b|) over a tensor, by name; only those above `tolerance`. */
export function differences(actual: Outcome, expected: Outcome, tolerance: number): Record<string, number> {
  const names = [...new Set([...actual.keys(), ...expected.keys()])]
  const errors = names.map((name) => [name, error(actual.get(name), expected.get(name))] as const)
  return Object.fromEntries(errors.filter(([, value]) => !(value <= tolerance)))
}

function error(actual: ArrayLike<number> = [], expected: ArrayLike<number> = []): number {
  if (actual.length !== expected.length) return Infinity
  const wanted = Array.from(expected)
  const size = Math.max(smallest, ...wanted.map(Math.abs))
  return Math.max(0, ...wanted.map((value, index) => Math.abs((actual[index] ?? NaN) - value) / size))
}

/** A run that lets the session take its full blocks at each batch, as a lane does. */
export function attended(
  session: Session | null,
  log: (figures: Figures) => void = () => undefined,
): CurrentRun {
  const batchBoundary = async () => {
    await session?.settle()
    return false
  }
  return { execution: 'eager', lineText: '', batchBoundary, log, print: () => undefined }
}

const epochs = 2
const batchSize = 4

/** Two epochs of batches of 4, 4, 4 and 3 examples. */
export async function trained(
  { data, make }: TrainingCase,
  execution: Execution,
  settings?: SessionSettings,
): Promise<Outcome> {
  const logged: Figures[] = []
  const session = settings ? new Session(settings) : null
  setCurrentSession(session)
  setCurrentRun(attended(session, (figures) => void logged.push(figures)))
  randomState.seed(9)
  const trainee = make()
  try {
    const figures = await trainee.train(data(), { batchSize, epochs, ...execution })
    await session?.settle(true)
    const losses: number[] = []
    for (const { epoch, loss } of logged) {
      if (epoch !== undefined || loss === undefined) continue
      losses.push(typeof loss === 'number' ? loss : await loss.settled())
    }
    return new Map([['losses', losses], ...Object.entries(figures), ...(await valuesOf(trainee))])
  } finally {
    setCurrentRun(null)
    setCurrentSession(null)
    session?.dispose()
    trainee.dispose()
  }
}
