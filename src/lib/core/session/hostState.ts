/** Values of variables on the host, one after another in one array. */
import { withoutCounting } from '../eager/counters'
import { readAsItIs } from '../eager/readBack'
import { tf } from '../eager/tfjs'
import { withoutBringBack } from '../eager/variableSource'

/**
 * Reads the variables into one array; a new one. With `readBack` their newest values, wherever they are; otherwise what
 * they hold themselves.
 */
export async function readVariables(
  variables: readonly tf.Variable[],
  read: typeof readAsItIs = readAsItIs,
): Promise<Float32Array> {
  const values = new Float32Array(variables.reduce((sum, { size }) => sum + size, 0))
  let offset = 0
  for (const variable of variables) {
    values.set(await read(variable), offset)
    offset += variable.size
  }
  return values
}

/** Assigns each variable its part of the array, which may be changed afterwards. */
export function assignVariables(values: Float32Array, variables: readonly tf.Variable[]): void {
  const assign = () => {
    let offset = 0
    for (const variable of variables) {
      const part = values.slice(offset, offset + variable.size)
      variable.assign(tf.tensor(part, variable.shape, 'float32'))
      offset += variable.size
    }
  }
  withoutCounting(() => withoutBringBack(() => tf.tidy(assign)))
}
