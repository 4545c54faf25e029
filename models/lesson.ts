/** The schema of a preset's `lesson.json`: what to predict, what to watch, and how the run answers. */
import * as v from 'valibot'
import type { OutcomeRule, VerdictRule } from '../src/lib/core/events/verdict'
import type { Execution, Schedule } from '../src/lib/core/spec/schema'

/** A lesson; `outcome` picks the entry of `choices` that came true. */
export interface Lesson {
  readonly title: string
  /** One or two sentences for the gallery. */
  readonly blurb: string
  readonly question: string
  readonly choices: readonly string[]
  readonly outcome: OutcomeRule
  readonly watch: readonly string[]
  readonly verdict: readonly VerdictRule[]
  /** How the lanes share the machine; `turns` where the lesson compares speed, `race` where not given. */
  readonly schedule?: Schedule | undefined
  /** How the lanes run; as they did before where not given. */
  readonly executions?: readonly [Execution, Execution] | undefined
}

const sentence = v.pipe(v.string(), v.minLength(1))
const execution = v.picklist(['eager', 'static'])
const tagged = { tag: sentence, label: sentence }

const ruleSchema = v.variant('measure', [
  v.strictObject({
    measure: v.picklist(['firstStepBelow', 'firstStepAbove']),
    ...tagged,
    threshold: v.number(),
  }),
  v.strictObject({ measure: v.literal('finalValue'), ...tagged, isShare: v.optional(v.boolean()) }),
  v.strictObject({ measure: v.picklist(['lossDifference', 'speedRatio', 'generalisationGap']) }),
])

const lessonSchema = v.pipe(
  v.strictObject({
    title: sentence,
    blurb: sentence,
    question: sentence,
    choices: v.pipe(v.array(sentence), v.minLength(2)),
    outcome: v.strictObject({
      measure: v.picklist([
        'lossDifference',
        'speedRatio',
        'finalDifference',
        'finalValue',
        'generalisationGap',
      ]),
      tag: v.optional(sentence),
      bounds: v.array(v.number()),
    }),
    watch: v.pipe(v.array(sentence), v.minLength(1)),
    verdict: v.pipe(v.array(ruleSchema), v.minLength(1)),
    schedule: v.optional(v.picklist(['race', 'turns'])),
    executions: v.optional(v.strictTuple([execution, execution])),
  }),
  v.check(
    ({ choices, outcome }) => outcome.bounds.length === choices.length - 1,
    'expected one bound between every two choices',
  ),
)

/** A checked lesson; throws valibot's error for a malformed file, which only a maintainer sees. */
export function parseLesson(value: unknown): Lesson {
  return v.parse(lessonSchema, value)
}
