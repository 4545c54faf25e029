/** How far the tape of a recorded step is at one moment of it. */
import type { RecordedStep } from '$lib/workers/protocol'

/** How far a walk along the tape is. */
export interface TapeProgress {
  /** Kernels that have run. */
  readonly ran: ReadonlySet<number>
  /** Kernels whose record the tape holds. */
  readonly held: ReadonlySet<number>
  /** Kernels whose gradient backward has taken. */
  readonly consumed: ReadonlySet<number>
  /** Kernel that this moment is about; null where it is about many. */
  readonly current: number | null
  /** Tensors kept for gradients, and their bytes. */
  readonly tensors: number
  readonly bytes: number
  /** What happens at this moment, in words. */
  readonly text: string
}

/** After the first `position` events. */
export function tapeProgress({ kernels, events }: RecordedStep, position: number): TapeProgress {
  const ran = new Set<number>()
  const held = new Set<number>()
  const consumed = new Set<number>()
  for (const event of events.slice(0, position)) {
    if (event.kind === 'run') {
      ran.add(event.kernel)
      if (kernels[event.kernel]?.saved) held.add(event.kernel)
    } else if (event.kind === 'consume') consumed.add(event.kernel)
    else for (const kernel of event.kernels) held.delete(kernel)
  }
  const saved = [...held].map((kernel) => kernels[kernel]?.saved ?? { tensors: 0, bytes: 0 })
  const last = events[position - 1]
  return {
    ran,
    held,
    consumed,
    current: last === undefined || last.kind === 'free' ? null : last.kernel,
    tensors: saved.reduce((sum, { tensors }) => sum + tensors, 0),
    bytes: saved.reduce((sum, { bytes }) => sum + bytes, 0),
    text: describe(kernels, last),
  }
}

function describe(
  kernels: RecordedStep['kernels'],
  event: RecordedStep['events'][number] | undefined,
): string {
  if (event === undefined) return 'Before the step: the tape is empty.'
  if (event.kind === 'free') return 'The tape lets go of what it kept.'
  const { kernel = '', saved, origin, gradientOf } = kernels[event.kernel] ?? {}
  if (event.kind === 'consume') return `backward() takes ${kernel} from the tape.`
  if (saved) {
    const kept = saved.tensors === 0 ? '' : ` and keeps ${tensorsText(saved.tensors)}`
    return `${kernel} runs; the tape records it${kept}.`
  }
  const of = typeof gradientOf === 'number' ? ` for the gradient of ${kernels[gradientOf]?.kernel ?? ''}` : ''
  return `${kernel} runs${of}${origin?.phase === 'update' ? ' in the update' : ''}; not on the tape.`
}

function tensorsText(count: number): string {
  return count === 1 ? '1 tensor' : `${String(count)} tensors`
}
