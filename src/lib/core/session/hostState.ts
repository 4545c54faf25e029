/** Values of variables of one type on the host, one after another in one array. */
import { at } from '../util/at'
import { withoutCounting } from '../eager/counters'
import { readAsItIs } from '../eager/readBack'
import { tf } from '../eager/tfjs'
import { withoutBringBack } from '../eager/variableSource'
import type { HostValues } from './types'

const arrays = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const

/** The type of what variables that are kept together hold. */
export function typeOfVariables(variables: readonly tf.Variable[]): keyof typeof arrays {
  const { dtype } = at(variables, 0)
  if (!(dtype === 'float32' || dtype === 'int32' || dtype === 'bool'))
    throw new Error(`internal: a variable holds ${dtype}`)
  if (variables.some((variable) => variable.dtype !== dtype))
    throw new Error('internal: variables of several types are kept together')
  return dtype
}

/**
 * Reads the variables into one array; a new one. With `readBack` their newest values, wherever they are; otherwise what
 * they hold themselves.
 */
export async function readVariables(
  variables: readonly tf.Variable[],
  read: typeof readAsItIs = readAsItIs,
): Promise<HostValues> {
  const values = new arrays[typeOfVariables(variables)](variables.reduce((sum, { size }) => sum + size, 0))
  let offset = 0
  for (const variable of variables) {
    values.set(await read(variable), offset)
    offset += variable.size
  }
  return values
}

/** Assigns each variable its part of the array, which may be changed afterwards. */
export function assignVariables(values: HostValues, variables: readonly tf.Variable[]): void {
  const assign = () => {
    let offset = 0
    for (const variable of variables) {
      const part = values.slice(offset, offset + variable.size)
      variable.assign(tf.tensor(part, variable.shape, variable.dtype))
      offset += variable.size
    }
  }
  withoutCounting(() => withoutBringBack(() => tf.tidy(assign)))
}
