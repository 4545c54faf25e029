/** Keeps a program's tensors within what a lane may use: too many would end the tab, and not only its lane. */
import { liveBytes } from '../eager/counters'
import { ProgramError } from '../util/errors'
import { formatBytes } from '../util/figures'
import { limits } from '../util/laneLimits'

/** Throws ProgramError where the live tensors take more than `most` bytes. */
export function assertMemory(bytes = liveBytes(), most: number = limits.memory): void {
  if (bytes <= most) return
  throw new ProgramError(
    `memory: expected tensors of at most ${formatBytes(most)} in a lane, got ${formatBytes(bytes)}. ` +
      'Use smaller batches or layers, and keep no tensors of earlier steps.',
  )
}
