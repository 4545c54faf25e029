/** Everything on the backend that one run makes, freed together when the run is over. */
import { endRun, MemoryScope } from '../eager/memoryScope'
import { tf } from '../eager/tfjs'
import { forgetFiles } from '../torch/savedFiles'

/** Opens the scope of a run, which has no saved files yet; closing it disposes the run's tensors, variables and tapes. */
export function openRunScope(): { close(): void } {
  forgetFiles()
  const scope = new MemoryScope('run', { isLong: true, isPrivate: true })
  return {
    close() {
      scope.close()
      endRun()
      tf.disposeVariables()
    },
  }
}
