/** The charts of the page, as data. */
import type { Task } from '$lib/core/spec/datasets'
import { formatFigure, formatShare } from '$lib/core/util/figures'

/** One chart and the tags drawn in it. */
export interface ChartCard {
  readonly id: string
  readonly title: string
  /** What one value stands for. */
  readonly detail: string
  readonly tag: string
  /** Drawn thin and dotted beside the main line, where a lane records it. */
  readonly secondaryTag?: string
  readonly secondaryLabel?: string
  readonly unit: 'number' | 'share'
  /** Whether a logarithmic axis and smoothing say anything about it. */
  readonly canBeLogarithmic: boolean
  readonly canBeSmoothed: boolean
  /** The only task in which the generated programs record it; every task where not given. */
  readonly onlyIn?: Task
}

/** Why a card stays empty in experiments of a task, in one sentence; null where a run will fill it. */
export function whyEmpty({ title, onlyIn }: ChartCard, task: Task): string | null {
  if (onlyIn === undefined || onlyIn === task) return null
  return task === 'regression'
    ? `There is no ${title.toLowerCase()} in regression: the targets are numbers, not classes.`
    : `There is no ${title.toLowerCase()} in classification: the targets are classes, not numbers.`
}

/** How a card's values are read out: with one digit more than elsewhere, for curves that nearly meet. */
export function valueFormat({ unit }: ChartCard): (value: number | undefined) => string {
  return unit === 'share' ? formatShare : (value) => formatFigure(value, 4)
}

/** In reading order. */
export const chartCards: readonly ChartCard[] = [
  {
    id: 'loss',
    title: 'Loss',
    detail: 'training, each batch',
    tag: 'loss',
    unit: 'number',
    canBeLogarithmic: true,
    canBeSmoothed: true,
  },
  {
    id: 'validation-loss',
    title: 'Validation loss',
    detail: 'test split, each epoch',
    tag: 'epoch/valLoss',
    unit: 'number',
    canBeLogarithmic: true,
    canBeSmoothed: false,
  },
  {
    id: 'accuracy',
    title: 'Accuracy',
    detail: 'test split, each epoch',
    tag: 'epoch/valAccuracy',
    secondaryTag: 'epoch/accuracy',
    secondaryLabel: 'dotted: training split',
    unit: 'share',
    canBeLogarithmic: false,
    canBeSmoothed: false,
    onlyIn: 'classification',
  },
  {
    id: 'gradient-norm',
    title: 'Gradient norm',
    detail: 'L2 over all parameters, sampled',
    tag: 'gradientNorm',
    unit: 'number',
    canBeLogarithmic: true,
    canBeSmoothed: true,
  },
  {
    id: 'steps-per-second',
    title: 'Steps per second',
    detail: 'higher is faster',
    tag: 'stepsPerSecond',
    unit: 'number',
    canBeLogarithmic: false,
    canBeSmoothed: true,
  },
]
