/** Rows of a CSV file as plots show them: two columns as points, and a model's answers against what is true. */
import { at } from '$lib/core/util/at'
import type { AskedRows, CsvAxis, CsvSample } from '$lib/core/data/csvSample'
import { extent } from '$lib/core/spec/datasets'
import type { SamplePoints } from './samplePoints'

/** The points of a sample. */
export function pointsOf({ train, test, classNames, horizontal, vertical }: CsvSample): SamplePoints {
  return {
    task: 'classification',
    classes: classNames.length,
    targetLimit: 1,
    train,
    test,
    classNames,
    axes: [horizontal, vertical],
  }
}

/** The range of what is true, with room for answers that lie somewhat beyond. */
export function targetAxis({ targets }: AskedRows, name: string): CsvAxis {
  const low = targets.reduce((least, value) => Math.min(least, value), Infinity)
  const high = targets.reduce((most, value) => Math.max(most, value), -Infinity)
  const room = high > low ? 0.1 * (high - low) : 1
  return { name, min: low - room, max: high + room }
}

/** Points at what is true (across) and what a model says (up). */
export function answerPoints(asked: AskedRows, answers: ArrayLike<number>, axis: CsvAxis): SamplePoints {
  const place = (value: number) => extent * ((2 * (value - axis.min)) / (axis.max - axis.min) - 1)
  const count = Math.min(asked.targets.length, answers.length)
  const values = new Float32Array(2 * count)
  for (let row = 0; row < count; row++) {
    values[2 * row] = place(at(asked.targets, row))
    values[2 * row + 1] = place(at(answers, row))
  }
  const shown = {
    x: { values, shape: [count, 2], dtype: 'float32' },
    y: { values: new Int32Array(count), shape: [count], dtype: 'int32' },
  } as const
  const none = {
    x: { values: new Float32Array(0), shape: [0, 2], dtype: 'float32' },
    y: { values: new Int32Array(0), shape: [0], dtype: 'int32' },
  } as const
  const parts = asked.areTest ? { train: none, test: shown } : { train: shown, test: none }
  return { task: 'classification', classes: 1, targetLimit: 1, ...parts }
}

/** A model's answers in the file's own numbers. */
export function inFileNumbers({ scale }: AskedRows, answers: Float32Array): Float64Array {
  return Float64Array.from(answers, (answer) => answer * scale.deviation + scale.mean)
}

/** Mean of |answer − target|; NaN where an answer is. */
export function meanError({ targets }: AskedRows, answers: ArrayLike<number>): number {
  const sum = targets.reduce((total, target, row) => total + Math.abs(at(answers, row) - target), 0)
  return sum / targets.length
}
