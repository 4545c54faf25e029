/** Spreads drawing over animation frames: one task a frame, so that no frame pays for all charts. */

const waiting = new Set<() => void>()
let isScheduled = false

/** Runs `task` in a coming frame; asking again before then changes nothing. Returns how to withdraw it. */
export function drawInFrame(task: () => void): () => void {
  waiting.add(task)
  schedule()
  return () => void waiting.delete(task)
}

function schedule(): void {
  if (isScheduled || waiting.size === 0) return
  isScheduled = true
  requestAnimationFrame(() => {
    isScheduled = false
    const [task] = waiting
    if (task === undefined) return
    waiting.delete(task)
    // Asked for before drawing: a task that throws must not hold up the others.
    schedule()
    task()
  })
}
