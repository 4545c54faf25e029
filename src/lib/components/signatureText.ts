/** Sentences about signatures: what came of a provoked retrace, and when a function is traced too often. */
import type { TextEvent } from '$lib/core/events/types'
import type { CompiledReport, RetraceCause, SignatureReport } from '$lib/workers/protocol'
import { formatMs } from '$lib/core/util/figures'
import { differencesText, type Retrace } from '$lib/core/util/retrace'

/** What somebody asked for, and what the lane had told before that. */
export interface Asked {
  readonly cause: RetraceCause
  readonly before: readonly CompiledReport[]
  /** Number of text events. */
  readonly texts: number
}

/** What a lane has told since. */
export interface Told {
  readonly isStatic: boolean
  /** The lane is paused: its next step has to be asked for. */
  readonly isWaiting: boolean
  readonly compiled: readonly CompiledReport[]
  readonly texts: readonly TextEvent[]
}

/** As TensorFlow does, from more retraces than this on a function is said to be traced too often. */
const mostRetraces = 5

/** `Batch of 16 rows: traced again, 38 ms.` */
export function answerTo({ cause, before, texts: told }: Asked, now: Told): string {
  const event = now.texts.slice(told).find(({ tag }) => tag === cause)
  const retraced = now.compiled.find((report) => report.isTraining && !before.includes(report))
  const isAsked = event !== undefined && (cause === 'batchRows' || retraced !== undefined)
  if (!isAsked) return `The next training step gets it${now.isWaiting ? ': press Step' : ' …'}`
  const what =
    cause === 'batchRows' ? `Batch of ${event.value} rows` : `The number ${event.value} as an argument`
  if (!now.isStatic) return `${what} at step ${String(event.step + 1)}: nothing to trace.`
  if (!retraced) return `${what}: …`
  const { traceMs, passesMs, compileMs } = retraced
  return `${what}: traced again, ${formatMs(traceMs + passesMs + compileMs)}.`
}

/** `Traced again: config.scale (line 4) was 1 and is 2.` */
export function reasonText(retrace: Retrace): string {
  return `Traced again: ${differencesText(retrace)}.`
}

/** One sentence for each function that was traced again too often. */
export function retraceWarnings(signatures: readonly SignatureReport[]): readonly string[] {
  const traces = new Map<string, number>()
  for (const { function: name } of signatures) traces.set(name, (traces.get(name) ?? 0) + 1)
  return [...traces]
    .filter(([, count]) => count - 1 > mostRetraces)
    .map(
      ([name, count]) =>
        `${name} was traced ${String(count)} times. Every new shape, every new number and every change of what it ` +
        'reads from outside makes a new graph, which costs far more than a step. Keep the batch size, and pass numbers that change as tensors.',
    )
}
