/** Says in our words that a traced call used a kernel that no rule covers. */
import { programLine } from '../eager/origin'
import { isError } from '../util/describeValue'
import { UnsupportedOpError } from '../util/errors'

const notRegistered = /Kernel '(\w+)' not registered for backend 'trace'/

/** UnsupportedOpError with kernel and line for tfjs' own error about a missing kernel; any other error as it is. */
export function explainUnknownKernel(error: unknown): unknown {
  if (!isError(error)) return error
  const kernel = notRegistered.exec(error.message)?.[1]
  if (kernel === undefined) return error
  const line = programLine()
  const where = line > 0 ? ` on line ${line}` : ''
  return new UnsupportedOpError(
    `trace: expected operations that a graph can hold, got the TensorFlow.js kernel ${kernel}${where}. ` +
      'Use another operation, or run this lane eagerly.',
    { cause: error },
  )
}
