/** What a run showed, in sentences: a lesson's rules applied to the numbers that both lanes recorded. */
import { formatCount, formatFigure, formatMs, formatShare } from '../util/figures'
import {
  finalValue,
  firstCrossing,
  generalisationGap,
  hasEnoughSteps,
  lastStepOf,
  lossDifference,
  speedRatio,
  type LaneRecord,
  type LanePair,
} from './measurements'

export type { LanePair, LaneRecord }

/** Something to state about both lanes once there are numbers. `label` names the tag in the sentence. */
export type VerdictRule =
  /** The first step at which the tag was below (or above) the threshold. */
  | {
      readonly measure: 'firstStepBelow' | 'firstStepAbove'
      readonly tag: string
      readonly threshold: number
      readonly label: string
    }
  /** The value of the tag at the last step that both lanes recorded. */
  | {
      readonly measure: 'finalValue'
      readonly tag: string
      readonly label: string
      readonly isShare?: boolean | undefined
    }
  /** The largest difference of the batch losses at equal steps. */
  | { readonly measure: 'lossDifference' }
  /** Time per step of one lane by the other's. */
  | { readonly measure: 'speedRatio' }
  /** Loss on the batches of the last epoch against the test loss after it. */
  | { readonly measure: 'generalisationGap' }

/** Picks the choice of a lesson that came true: choice i for a value in [bounds[i − 1], bounds[i]). */
export interface OutcomeRule {
  readonly measure: 'lossDifference' | 'speedRatio' | 'finalDifference' | 'finalValue' | 'generalisationGap'
  /** For `finalValue` (of lane A) and `finalDifference` (lane A − lane B). */
  readonly tag?: string | undefined
  readonly bounds: readonly number[]
}

/** A rule's sentence; `isReady` is false while it only says what is missing. */
export interface VerdictLine {
  readonly text: string
  readonly isReady: boolean
}

/** One sentence per rule, each with the numbers measured. */
export function verdict(rules: readonly VerdictRule[], lanes: LanePair): readonly VerdictLine[] {
  if (!hasEnoughSteps(lanes)) return [{ text: 'Not enough steps yet: run both lanes.', isReady: false }]
  return rules.map((rule) => {
    const text = sentence(rule, lanes)
    return text === null
      ? { text: `Not enough steps yet for ${missing(rule)}.`, isReady: false }
      : { text, isReady: true }
  })
}

/** Index of the choice that came true so far; null until there are numbers. */
export function outcome({ measure, tag = '', bounds }: OutcomeRule, lanes: LanePair): number | null {
  const value = hasEnoughSteps(lanes) ? outcomeValue(measure, tag, lanes) : null
  if (value === null || Number.isNaN(value)) return null
  const choice = bounds.findIndex((bound) => value < bound)
  return choice < 0 ? bounds.length : choice
}

function outcomeValue(measure: OutcomeRule['measure'], tag: string, lanes: LanePair): number | null {
  const [a, b] = lanes
  switch (measure) {
    case 'lossDifference':
      return lossDifference(lanes)?.largest ?? null
    case 'speedRatio':
      return speedRatio(lanes)
    case 'finalValue':
      return finalValue(a, tag)
    case 'finalDifference': {
      const [ofA, ofB] = [finalValue(a, tag), finalValue(b, tag)]
      return ofA === null || ofB === null ? null : ofA - ofB
    }
    case 'generalisationGap': {
      const gap = generalisationGap(a)
      return gap === null ? null : gap.testLoss - gap.trainingLoss
    }
  }
}

function missing(rule: VerdictRule): string {
  if ('label' in rule) return `the ${rule.label}`
  if (rule.measure === 'generalisationGap') return 'the test loss'
  return rule.measure === 'speedRatio' ? 'the time per step' : 'the difference of the losses'
}

function sentence(rule: VerdictRule, lanes: LanePair): string | null {
  switch (rule.measure) {
    case 'firstStepBelow':
    case 'firstStepAbove':
      return crossingSentence(rule, lanes)
    case 'finalValue':
      return finalSentence(rule, lanes)
    case 'lossDifference':
      return differenceSentence(lanes)
    case 'speedRatio':
      return speedSentence(lanes)
    case 'generalisationGap':
      return gapSentence(lanes)
  }
}

function crossingSentence(
  { measure, tag, threshold, label }: Extract<VerdictRule, { threshold: number }>,
  lanes: LanePair,
): string | null {
  const side = measure === 'firstStepBelow' ? 'below' : 'above'
  const limit = String(threshold)
  const [a, b] = lanes.map((lane) => firstCrossing(lane, tag, threshold, side))
  if (a === undefined || b === undefined || (a === null && b === null && lastStepOf(lanes, tag) === null)) {
    return null
  }
  if (a === null && b === null) {
    return `After ${formatCount(lastStepOf(lanes, tag) ?? 0)} steps the ${label} is not ${side} ${limit} in either lane.`
  }
  if (a === null || b === null) {
    const [reached, other] = a === null ? ['B', 'A'] : ['A', 'B']
    return `The ${label} got ${side} ${limit} by step ${formatCount(a ?? b ?? 0)} in lane ${reached}, not yet in lane ${other}.`
  }
  if (a === b) return `The ${label} got ${side} ${limit} by step ${formatCount(a)} in both lanes.`
  return `The ${label} got ${side} ${limit} by step ${formatCount(a)} in lane A and by step ${formatCount(b)} in lane B.`
}

function finalSentence(
  { tag, label, isShare }: Extract<VerdictRule, { measure: 'finalValue' }>,
  lanes: LanePair,
): string | null {
  const common = lastCommon(lanes, tag)
  const [a, b] = common?.values ?? lanes.map((lane) => finalValue(lane, tag))
  if (a === null || b === null) return null
  const print = (value: number) => (isShare ? formatShare(value) : formatFigure(value))
  const start =
    common === null ? `The ${label} is now` : `After ${formatCount(common.step)} steps the ${label} is`
  return print(a) === print(b)
    ? `${start} ${print(a)} in both lanes.`
    : `${start} ${print(a)} in lane A and ${print(b)} in lane B.`
}

/** The last step at which both lanes recorded a tag, and its values there; null without a common one. */
function lastCommon([laneA, laneB]: LanePair, tag: string) {
  const [a, b] = [laneA.series.get(tag), laneB.series.get(tag)]
  let indexA = (a?.length ?? 0) - 1
  let indexB = (b?.length ?? 0) - 1
  while (indexA >= 0 && indexB >= 0) {
    const [stepA, stepB] = [a?.steps[indexA] ?? 0, b?.steps[indexB] ?? 0]
    if (stepA === stepB) {
      return { step: stepA, values: [a?.values[indexA] ?? NaN, b?.values[indexB] ?? NaN] as const }
    }
    if (stepA > stepB) indexA--
    else indexB--
  }
  return null
}

function differenceSentence(lanes: LanePair): string | null {
  const difference = lossDifference(lanes)
  if (difference === null) return null
  const { largest, atStep, steps, parted } = difference
  const over = `over ${formatCount(steps)} common steps`
  if (largest === 0) return `The losses are identical, bit for bit, ${over}.`
  const most = `The losses differ by at most ${formatFigure(largest)} (step ${formatCount(atStep)}) ${over}`
  return parted === null
    ? `${most}: float32 rounding and nothing else.`
    : `${most}; they were first more than 0.00001 apart at step ${formatCount(parted)}.`
}

function speedSentence(lanes: LanePair): string | null {
  const ratio = speedRatio(lanes)
  if (ratio === null) return null
  const [a, b] = lanes.map((lane) => formatMs((lane.microsecondsPerStep ?? NaN) / 1000))
  const times = `A step takes ${a} in lane A and ${b} in lane B`
  if (ratio > 0.9 && ratio < 1.1) return `${times}: about the same.`
  return ratio > 1
    ? `${times}: lane A is ${ratio.toFixed(1)} times as fast.`
    : `${times}: lane B is ${(1 / ratio).toFixed(1)} times as fast.`
}

function gapSentence(lanes: LanePair): string | null {
  const [a, b] = lanes.map(generalisationGap)
  if (!a || !b) return null
  const lane = (name: string, gap: { trainingLoss: number; testLoss: number }) =>
    `${formatFigure(gap.trainingLoss)} on training batches against ${formatFigure(gap.testLoss)} on test data in lane ${name}`
  return `Over the last epoch the loss was ${lane('A', a)}, and ${lane('B', b)}.`
}
