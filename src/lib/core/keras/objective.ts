/** What `compile` asks of a model's outputs: losses with their weights, and metrics; and the figures that they give. */
import type { Spelling } from './names'
import { inPhase } from '../eager/origin'
import { tf } from '../eager/tfjs'
import { describeValue } from '../util/describeValue'
import { ArgumentError } from '../util/errors'
import type { Shape } from '../util/shapes'
import type { Loss } from './loss'
import { toLoss, type LossName, type LossFunction } from './losses'
import type { Metric } from './metric'
import { assertMetrics, toMetrics, WeightedMetric, type MetricName, type MetricFunction } from './metricNames'
import type { ModelOutput } from './modelOutput'

/** One value, one for each output in order, or by the output's name. */
export type PerOutput<T> = T | readonly T[] | Readonly<Record<string, T>>

/** A figure of an epoch, and how it comes from what each step gives. */
export interface Figure {
  /** Key in logs and History. */
  readonly name: string
  /** How many scalars a step gives for it. */
  readonly width: number
  /** Whether a step gives a mean over its examples instead of a sum. */
  readonly isMean: boolean
  /** The figure, from sums over `count` examples. */
  readonly value: (sums: readonly number[], count: number) => number
}

/** A figure that is a mean over the examples. */
export function meanFigure(name: string): Figure {
  return { name, width: 1, isMean: true, value: ([sum = NaN], count) => sum / count }
}

/** An output of a model. */
export interface OutputInfo {
  readonly name: string
  /** Of one example. */
  readonly shape: Shape
}

/** What `compile` was given. */
export interface ObjectiveSettings {
  readonly loss?: LossSetting | null
  readonly lossWeights?: PerOutput<number | null> | null
  readonly metrics?: MetricSetting | null
  /** Metrics whose examples count by their weights. */
  readonly weightedMetrics?: MetricSetting | null
}

/** A loss, or one for each output; null for one that is not trained. */
export type LossSetting = PerOutput<Loss | LossFunction | Spelling<LossName> | null>

/** Metrics in a list, or those of each output. */
export type MetricSetting =
  readonly (MetricLike | readonly MetricLike[])[] | Readonly<Record<string, MetricList>>

type MetricLike = Metric | MetricFunction | Spelling<MetricName>
type MetricList = MetricLike | readonly MetricLike[]

/** The loss and the metrics of one output. */
interface Aim {
  readonly output: OutputInfo
  readonly loss: Loss | null
  readonly weight: number
  readonly metrics: readonly Metric[]
}

/** The losses and metrics of one model. */
export class Objective {
  readonly #aims: readonly Aim[]

  /** Throws ArgumentError for names that are not known, or outputs that are not there. */
  constructor(settings: ObjectiveSettings, outputs: readonly OutputInfo[]) {
    const losses = perOutput('loss', settings.loss, outputs)
    const weights = perOutput('lossWeights', settings.lossWeights, outputs)
    const metrics = metricsPerOutput('metrics', settings.metrics, outputs)
    const byWeight = metricsPerOutput('weightedMetrics', settings.weightedMetrics, outputs)
    this.#aims = outputs.map((output, index) => {
      const given = losses[index] ?? null
      const loss = given === null ? null : toLoss(given)
      const made = (list: readonly MetricLike[] = []) => toMetrics(list, loss, output.shape)
      return {
        output,
        loss,
        weight: weights[index] ?? 1,
        metrics: withWeighted(made(metrics[index]), made(byWeight[index])),
      }
    })
  }

  /** The loss of each output; null for one that is not trained. */
  get losses(): readonly (Loss | null)[] {
    return this.#aims.map(({ loss }) => loss)
  }

  get metrics(): readonly Metric[] {
    return this.#aims.flatMap(({ metrics }) => metrics)
  }

  get hasLoss(): boolean {
    return this.#aims.some(({ loss }) => loss !== null)
  }

  /** In the order of the scalars that a step gives: the loss, with several outputs that of each, and the metrics. */
  get figures(): readonly Figure[] {
    return [meanFigure('loss'), ...this.#figuresOfOutputs().map(({ figure }) => figure)]
  }

  /** The weighted sum of the outputs' losses, and those losses themselves. */
  losing(
    labels: readonly tf.Tensor[],
    outputs: readonly ModelOutput[],
    weights: tf.Tensor | null,
  ): { total: tf.Tensor; losses: tf.Tensor[] } {
    const parts = this.#aims.flatMap(({ loss, weight }, index) => {
      const [label, output] = [labels[index], outputs[index]]
      if (!loss || !label || !output) return []
      const value = loss.compute(label, output, weights)
      return [{ value, weighted: weight === 1 ? value : inPhase('loss', () => tf.mul(value, weight)) }]
    })
    const [first, ...others] = parts
    if (!first) throw noLoss()
    const total = others.reduce(
      (sum, { weighted }) => inPhase('loss', () => tf.add(sum, weighted)),
      first.weighted,
    )
    return { total, losses: parts.map(({ value }) => value) }
  }

  /** The sums of all metrics, in the order of the figures. */
  metricSums(
    labels: readonly tf.Tensor[],
    outputs: readonly ModelOutput[],
    weights: tf.Tensor | null,
  ): tf.Tensor[] {
    return inPhase('loss', () =>
      this.#aims.flatMap(({ metrics }, index) => {
        const [label, output] = [labels[index], outputs[index]]
        return label && output
          ? metrics.flatMap((metric) => {
              const fitted = metric.fitted(label, output.beforeActivation)
              return metric.sums(fitted, output, metric instanceof WeightedMetric ? weights : null)
            })
          : []
      }),
    )
  }

  /** Whether steps give the loss of each output beside the sum. */
  get hasSeveralLosses(): boolean {
    return this.#aims.length > 1
  }

  /** Which way a figure is better, `loss` and metrics by their names in logs; null where nobody knows. */
  directionOf(name: string): 'up' | 'down' | null {
    if (name === 'loss') return 'down'
    return this.#figuresOfOutputs().find(({ figure }) => figure.name === name)?.direction ?? null
  }

  #figuresOfOutputs(): { figure: Figure; direction: 'up' | 'down' | null }[] {
    const several = this.hasSeveralLosses
    const nameOf = ({ output }: Aim, name: string) => (several ? joined(output.name, name) : name)
    const losses = several
      ? this.#aims.flatMap((aim) =>
          aim.loss ? [{ figure: meanFigure(nameOf(aim, 'loss')), direction: 'down' as const }] : [],
        )
      : []
    const metrics = this.#aims.flatMap((aim) =>
      aim.metrics.map((metric) => ({
        figure: metricFigure(nameOf(aim, metric.name), metric),
        direction: metric.direction,
      })),
    )
    return [...losses, ...metrics]
  }
}

/** The metrics, then those by weights, under names of their own. */
function withWeighted(metrics: readonly Metric[], byWeight: readonly Metric[]): Metric[] {
  const taken = metrics.map(({ name }) => name)
  const weighted = byWeight.map((metric) => {
    const name = taken.includes(metric.name) ? joined('weighted', metric.name) : metric.name
    return new WeightedMetric(metric, name)
  })
  return [...metrics, ...weighted]
}

function metricFigure(name: string, metric: Metric): Figure {
  return { name, width: metric.width, isMean: false, value: (sums, count) => metric.figure(sums, count) }
}

/** `val` and `loss` -> `valLoss`. */
export function joined(prefix: string, name: string): string {
  return `${prefix}${name.charAt(0).toUpperCase()}${name.slice(1)}`
}

/** Throws ArgumentError for names of losses and metrics that are not known, and weights of losses that are not numbers. */
export function assertKnown({ loss, lossWeights, metrics, weightedMetrics }: ObjectiveSettings): void {
  const wrong = valuesOf<unknown>(lossWeights ?? []).find(
    (weight) => weight !== null && typeof weight !== 'number',
  )
  if (wrong !== undefined) {
    throw new ArgumentError(
      `compile lossWeights: expected a number for each output, got ${describeValue(wrong, 60)}. Write lossWeights: [1, 0.5].`,
    )
  }
  if (loss !== undefined && loss !== null) for (const each of valuesOf(loss)) if (each !== null) toLoss(each)
  for (const given of [metrics, weightedMetrics])
    assertMetrics(valuesOf((given ?? []) as PerOutput<MetricList>).flat())
}

function valuesOf<T>(given: PerOutput<T>): T[] {
  if (Array.isArray(given)) return [...(given as readonly T[])]
  return isByName(given) ? Object.values(given) : [given as T]
}

/** The values of all outputs in order; undefined where there is none. */
function perOutput<T>(
  option: string,
  given: PerOutput<T> | null | undefined,
  outputs: readonly OutputInfo[],
): (T | undefined)[] {
  if (given === undefined || given === null) return outputs.map(() => undefined)
  if (isByName(given)) {
    const known = outputs.map(({ name }) => name)
    const unknown = Object.keys(given).find((name) => !known.includes(name))
    if (unknown !== undefined) {
      throw new ArgumentError(
        `compile ${option}: expected outputs ${known.map((name) => `'${name}'`).join(', ')}, got '${unknown}'. ` +
          'Use the names of the output layers.',
      )
    }
    return known.map((name) => given[name])
  }
  if (!Array.isArray(given)) return outputs.map(() => given as T)
  if (given.length === outputs.length) return [...(given as readonly T[])]
  throw new ArgumentError(
    `compile ${option}: expected one for each of ${outputs.length} outputs, got ${given.length}. Give a list of that length.`,
  )
}

/** A plain list belongs to the only output; with several outputs each has a list of its own, or an entry by name. */
function metricsPerOutput(
  option: string,
  given: ObjectiveSettings['metrics'],
  outputs: readonly OutputInfo[],
): (readonly MetricLike[])[] {
  if (given === undefined || given === null) return outputs.map(() => [])
  const list = (metrics: MetricList | undefined) =>
    metrics === undefined ? [] : Array.isArray(metrics) ? (metrics as MetricLike[]) : [metrics as MetricLike]
  if (Array.isArray(given) && outputs.length === 1) return [given.flatMap(list)]
  return perOutput<MetricList>(option, given, outputs).map(list)
}

function isByName<T>(given: PerOutput<T>): given is Readonly<Record<string, T>> {
  return typeof given === 'object' && given !== null && Object.getPrototypeOf(given) === Object.prototype
}

function noLoss(): ArgumentError {
  return new ArgumentError(
    'fit: expected a loss, got a model that was compiled without one. Pass loss to compile, or override trainStep.',
  )
}
