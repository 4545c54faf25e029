/** What a model reads in one image that somebody drew. */
import type { NdArray } from '../data/types'
import { isInstance } from '../util/describeValue'
import { ArgumentError, ShapeError, TandemError } from '../util/errors'
import { printShape } from '../util/shapes'
import { toProbabilities } from './probe'
import type { AskedModel } from './questions'
import type { Classification, DigitsProbe } from './types'

const side = 28
const classCount = 10
/** How far from 1 a sum of float32 probabilities may be. */
const tolerance = 1e-3

/** Shape of one digit in the layout of the probe's style. */
export function digitShape({ channelsFirst }: DigitsProbe): readonly number[] {
  return channelsFirst ? [1, side, side] : [side, side, 1]
}

/**
 * Asks the model about an image of 28 × 28 `pixels` in 0..1, row by row. Throws ArgumentError where it takes other
 * inputs, or gives something else than ten numbers.
 */
export async function classify(
  model: Pick<AskedModel, 'predict'>,
  pixels: Float32Array,
  probe: DigitsProbe,
): Promise<Omit<Classification, 'step'>> {
  if (pixels.length !== side * side) {
    throw new ArgumentError(
      `classify: expected ${side * side} pixels, got ${pixels.length}. Give an image of 28 × 28.`,
    )
  }
  const { values, shape } = await ask(model, {
    values: pixels,
    shape: [1, ...digitShape(probe)],
    dtype: 'float32',
  })
  if (values.length !== classCount) {
    throw new ArgumentError(
      `classify: expected ten outputs for a digit, got ${printShape(shape)}. End the model with ten units.`,
    )
  }
  // An edited program may end in the activation that the generated one leaves to its loss.
  const outputs = Float32Array.from(values)
  const answers = isDistribution(outputs) ? outputs : toProbabilities(outputs, classCount, probe.activation)
  return { values: answers, areProbabilities: isDistribution(answers) }
}

async function ask(model: Pick<AskedModel, 'predict'>, x: NdArray): Promise<NdArray> {
  try {
    return await model.predict(x)
  } catch (error) {
    if (!isInstance(error, TandemError)) throw error
    const fix =
      error instanceof ShapeError ? ' Give the model images, or return to the generated program.' : ''
    throw new ArgumentError(
      `classify: expected a model that takes an image ${printShape(x.shape)}, got one that says: ${error.message}${fix}`,
      { cause: error },
    )
  }
}

function isDistribution(values: Float32Array): boolean {
  const sum = values.reduce((total, value) => total + value, 0)
  return Math.abs(sum - 1) < tolerance && values.every((value) => value >= 0)
}
