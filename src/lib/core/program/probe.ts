/** Inputs the model is asked about while it trains, and its answers as probabilities. */
import { at } from '../util/at'
import { csvAsked, csvPlane } from '../data/csvSample'
import { digits } from '../data/index'
import { takeRows } from '../data/batches'
import type { NdArray } from '../data/types'
import type { DigitSamples, Probe } from './types'

/** Inputs that the page asks a model about. */
export interface ProbeInputs {
  readonly x: NdArray
  /** The same digits for the page to show. */
  readonly digits?: DigitSamples
}

/** The examples of a probe; null for none. */
export async function probeInputs(probe: Probe): Promise<ProbeInputs | null> {
  switch (probe.kind) {
    case 'none':
      return null
    case 'grid':
      return { x: gridPoints(probe.extent, probe.resolution) }
    case 'csv': {
      const { selection, plane } = probe
      if (plane === null) return { x: await csvAsked(selection) }
      return { x: await csvPlane(selection, gridPoints(plane.extent, plane.resolution)) }
    }
    case 'examples':
      return { x: probe.x }
    case 'digits': {
      const { seed, samples, trainFraction, channelsFirst, count } = probe
      const { test } = await digits({ seed, samples, trainFraction, channelsFirst, labels: 'index' })
      const rows = Uint32Array.from({ length: Math.min(count, at(test.x.shape, 0)) }, (_, row) => row)
      const x = takeRows(test.x, rows)
      const labels = Uint8Array.from(takeRows(test.y, rows).values)
      const pixels = Uint8Array.from(x.values, (value) => Math.round(255 * value))
      return { x, digits: { pixels, labels, count: rows.length } }
    }
  }
}

/** Centres of `resolution`² cells over [−extent, extent]², row by row from the top left: [resolution², 2]. */
export function gridPoints(extent: number, resolution: number): NdArray {
  const values = new Float32Array(resolution * resolution * 2)
  const centre = (cell: number) => extent * ((2 * cell + 1) / resolution - 1)
  for (let row = 0; row < resolution; row++) {
    for (let column = 0; column < resolution; column++) {
      const at = 2 * (row * resolution + column)
      values[at] = centre(column)
      values[at + 1] = -centre(row)
    }
  }
  return { values, shape: [resolution * resolution, 2], dtype: 'float32' }
}

/** Applies the activation that the model leaves out, row by row and in place. */
export function toProbabilities(
  values: Float32Array,
  outputs: number,
  activation: 'linear' | 'sigmoid' | 'softmax',
): Float32Array {
  if (activation === 'sigmoid') return values.map((value) => 1 / (1 + Math.exp(-value)))
  if (activation === 'softmax') {
    for (let start = 0; start < values.length; start += outputs) {
      softmaxInPlace(values.subarray(start, start + outputs))
    }
  }
  return values
}

function softmaxInPlace(row: Float32Array): void {
  const largest = row.reduce((max, value) => Math.max(max, value), -Infinity)
  let sum = 0
  for (const [index, value] of row.entries()) {
    const exponential = Math.exp(value - largest)
    row[index] = exponential
    sum += exponential
  }
  for (const [index, value] of row.entries()) row[index] = value / sum
}
