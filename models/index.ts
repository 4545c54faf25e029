/** The shipped toy models: a spec and a lesson each, in the order of the gallery. */
import { parseSpec } from '../src/lib/core/spec/parse'
import type { Spec } from '../src/lib/core/spec/schema'
import circleLesson from './circle/lesson.json'
import circleSpec from './circle/spec.json'
import digitsConvLesson from './digits-conv/lesson.json'
import digitsConvSpec from './digits-conv/spec.json'
import digitsMlpLesson from './digits-mlp/lesson.json'
import digitsMlpSpec from './digits-mlp/spec.json'
import firstTokenLesson from './first-token/lesson.json'
import firstTokenSpec from './first-token/spec.json'
import { parseLesson, type Lesson } from './lesson'
import linearRegressionLesson from './linear-regression/lesson.json'
import linearRegressionSpec from './linear-regression/spec.json'
import moonsDropoutLesson from './moons-dropout/lesson.json'
import moonsDropoutSpec from './moons-dropout/spec.json'
import spiralLesson from './spiral/lesson.json'
import spiralSpec from './spiral/spec.json'
import xorLesson from './xor/lesson.json'
import xorSpec from './xor/spec.json'

export type { Lesson }

/** One folder of `models/`. */
export interface Preset {
  /** The folder's name. */
  readonly name: string
  readonly spec: Spec
  readonly lesson: Lesson
}

function preset(name: string, spec: unknown, lesson: unknown): Preset {
  return { name, spec: parseSpec(spec), lesson: parseLesson(lesson) }
}

export const presets: readonly Preset[] = [
  preset('linear-regression', linearRegressionSpec, linearRegressionLesson),
  preset('xor', xorSpec, xorLesson),
  preset('circle', circleSpec, circleLesson),
  preset('spiral', spiralSpec, spiralLesson),
  preset('moons-dropout', moonsDropoutSpec, moonsDropoutLesson),
  preset('digits-mlp', digitsMlpSpec, digitsMlpLesson),
  preset('digits-conv', digitsConvSpec, digitsConvLesson),
  preset('first-token', firstTokenSpec, firstTokenLesson),
]

/** The preset in the folder `name`; undefined where there is none. */
export function findPreset(name: string): Preset | undefined {
  return presets.find((candidate) => candidate.name === name)
}
