/** What `compile` settles: the optimizer, the objective, and whether steps are compiled. */
import { currentRun } from '../events/currentRun'
import { currentSession, type Session } from '../session/session'
import { ArgumentError } from '../util/errors'
import type { Values } from '../util/parameters'
import type { compileParameters } from './modelParameters'
import {
  assertKnown,
  Objective,
  type MetricSetting,
  type ObjectiveSettings,
  type OutputInfo,
} from './objective'
import { toOptimizer, type Optimizer } from './optimizers'
import { compileSteps, type CompiledSteps } from './staticRunner'
import type { Compiled } from './stepRunner'

/** What `compile` was given; `steps` are there when steps are compiled. */
export interface Settings extends ObjectiveSettings {
  readonly optimizer: Optimizer
  readonly steps: CompiledSteps | null
}

type CompileValues = Values<typeof compileParameters.table>

/** Throws ArgumentError for names that are not known, and where compiled steps have no runtime. */
export function settled(given: CompileValues): Settings {
  const options = withMetricsThird(given)
  const { optimizer, stepsPerExecution, loss, lossWeights, metrics, weightedMetrics } = options
  assertKnown({ loss, metrics, weightedMetrics })
  const isEager = options.runEagerly ?? currentRun().execution === 'eager'
  const session = isEager ? null : sessionForSteps()
  return {
    optimizer: toOptimizer(optimizer),
    loss,
    lossWeights,
    metrics,
    weightedMetrics,
    steps: session && compileSteps(session, stepsPerExecution ?? undefined),
  }
}

/** `compile('adam', 'mse', ['mae'])`: of Keras' third arguments over the years, names can only be metrics. */
function withMetricsThird(options: CompileValues): CompileValues {
  const third: unknown = options.lossWeights
  const isMetrics = Array.isArray(third) && third.some((each: unknown) => typeof each !== 'number')
  return isMetrics ? { ...options, lossWeights: null, metrics: third as MetricSetting } : options
}

function sessionForSteps(): Session {
  const session = currentSession()
  if (session) return session
  throw new ArgumentError(
    'compile: expected a runtime for graphs with runEagerly: false, got none in this run. Set runEagerly: true.',
  )
}

/** What steps need of the settings. Throws ArgumentError before `compile`. */
export function compiledOf(
  where: string,
  settings: Settings | null,
  outputs: readonly OutputInfo[],
): Compiled {
  if (settings) return { optimizer: settings.optimizer, objective: new Objective(settings, outputs) }
  throw new ArgumentError(
    `${where}: expected a compiled model, got one without loss and optimizer. Call model.compile({ optimizer, loss }) first.`,
  )
}

/** Frees the compiled steps of settings that are replaced. */
export function retireSteps({ steps }: Settings): void {
  if (!steps) return
  for (const each of [steps.train.compiled, steps.test.compiled, steps.predict])
    currentSession()?.retire(each)
}
