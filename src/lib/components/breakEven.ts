/** When static overtakes eager: what building graphs cost once, against what every step saves. */
import type { Execution, LedgerReport } from '$lib/workers/protocol'

/** What is known of a lane's costs. */
export interface LaneCosts {
  readonly execution: Execution | null
  readonly ledger: LedgerReport | null
}

/** Whether, and from which step on, the static lane has made up for compiling. */
export type BreakEven =
  /** From `step` on the static lane has taken less time in all. */
  | ({ readonly kind: 'overtakes'; readonly step: number } & Costs)
  /** A static step takes as long as an eager one, or longer. */
  | ({ readonly kind: 'behind' } & Costs)

/** Milliseconds. */
interface Costs {
  readonly buildMs: number
  readonly staticMs: number
  readonly eagerMs: number
}

/**
 * step = build / (eager − static), in milliseconds and milliseconds a step. Null until both were measured, or where
 * the lanes execute alike.
 */
export function breakEven(a: LaneCosts, b: LaneCosts): BreakEven | null {
  const compiled = [a, b].find(({ execution }) => execution === 'static')?.ledger
  const eager = [a, b].find(({ execution }) => execution === 'eager')?.ledger
  if (!compiled?.static || !eager) return null
  const { traceMs, passesMs, compileMs } = compiled.static
  const costs = {
    buildMs: traceMs + passesMs + compileMs,
    staticMs: compiled.msPerStep,
    eagerMs: eager.msPerStep,
  }
  const saved = costs.eagerMs - costs.staticMs
  if (saved <= 0) return { kind: 'behind', ...costs }
  return { kind: 'overtakes', step: Math.ceil(costs.buildMs / saved), ...costs }
}

/** Total milliseconds after `step` steps in each execution. */
export function totalsAt(
  { buildMs, staticMs, eagerMs }: BreakEven,
  step: number,
): { readonly eager: number; readonly static: number } {
  return { eager: eagerMs * step, static: buildMs + staticMs * step }
}
