/** What a lane is doing, with what belongs to just that: how far it is while it is active, why it failed when it did. */
import type { LaneError, RunStatus } from '$lib/workers/protocol'

/** A word for what a lane is doing. */
export type LaneStatus = 'idle' | RunStatus

/** How far a download or a compilation is. */
export interface Progress {
  readonly label: string
  readonly loaded: number
  readonly total: number
}

interface ActivePhase {
  readonly status: 'preparing' | 'running' | 'paused'
  readonly progress: Progress | null
}

/** What a lane is doing. */
export type LanePhase =
  | { readonly status: 'idle' | 'finished' | 'stopped' }
  | ActivePhase
  | { readonly status: 'failed'; readonly error: LaneError | null }

/** The phase that a status stands for, at its beginning. */
export function phaseOf(status: LaneStatus, error: LaneError | null = null): LanePhase {
  if (status === 'failed') return { status, error }
  if (status === 'preparing' || status === 'running' || status === 'paused') {
    return { status, progress: null }
  }
  return { status }
}

/** True while the worker holds a run that can go on. */
export function isActive(phase: LanePhase): phase is ActivePhase {
  return 'progress' in phase
}

/** True where a run has no next step. */
export function isEnd(status: LaneStatus): boolean {
  return status === 'finished' || status === 'failed' || status === 'stopped'
}

/** What lanes do together: the first of these that one of them does. */
const byPrecedence = ['preparing', 'running', 'paused', 'failed', 'stopped', 'finished'] as const

/** One word for what several lanes are doing. */
export function statusOf(lanes: readonly { readonly status: LaneStatus }[]): LaneStatus {
  return byPrecedence.find((status) => lanes.some((lane) => lane.status === status)) ?? 'idle'
}
