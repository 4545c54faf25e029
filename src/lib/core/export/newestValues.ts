/** Values of variables for a file: the newest ones, wherever they are. */
import { readBack } from '../eager/readBack'
import type { tf } from '../eager/tfjs'

/** Values of the variables, one after another; those that a compiled step holds are brought back before. */
export async function newestValues(variables: readonly tf.Variable[]): Promise<Float32Array> {
  const values = new Float32Array(variables.reduce((sum, { size }) => sum + size, 0))
  let offset = 0
  for (const variable of variables) {
    values.set(await readBack(variable), offset)
    offset += variable.size
  }
  return values
}
