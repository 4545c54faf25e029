/** Who runs when: both lanes at once, or one after the other for a moment each. */
import type { Schedule } from '$lib/core/spec/schema'
import type { RunLimit, RunStatus } from '$lib/workers/protocol'
import type { Lane } from './lane.svelte'
import { isEnd } from './lanePhase'

const turnMs = 250

/** What of a lane takes part. */
type TakingTurns = Pick<Lane, 'isActive' | 'resume' | 'pause' | 'waitForTurn'>

/** The turns of two lanes. */
export class Turns {
  /** What the user asked for; lanes follow. */
  isRunning = false
  /** Whose turn it is; the other lane coming to rest, as it does at its start, changes nothing. */
  #turnOf: TakingTurns | null = null

  constructor(
    private readonly lanes: readonly [TakingTurns, TakingTurns],
    private readonly schedule: () => Schedule,
  ) {}

  /** Both lanes start: the first turn is lane A's. */
  begin(): void {
    this.#turnOf = this.lanes[0]
  }

  /** How far a lane may go that starts now. */
  firstLimit(lane: TakingTurns): RunLimit {
    // A pause may have come while the backends were measured.
    if (!this.isRunning) return { kind: 'steps', count: 0 }
    if (this.schedule() === 'race') return { kind: 'none' }
    return lane === this.lanes[0] ? { kind: 'duration', durationMs: turnMs } : { kind: 'steps', count: 0 }
  }

  /** Lanes that rest go on. */
  resume(): void {
    if (this.schedule() === 'turns') this.#next(this.lanes[1])
    else for (const lane of this.lanes) lane.resume({ kind: 'none' })
  }

  /** Race or take turns, also when it changes during a run. */
  follow(schedule: Schedule): void {
    if (!this.isRunning || !this.lanes.some((lane) => lane.isActive)) return
    if (schedule === 'turns') this.lanes[1].pause()
    this.resume()
  }

  /** A lane whose turn is over makes room for the other one. */
  onStatus(lane: TakingTurns, status: RunStatus): void {
    const isTurnOver = lane === this.#turnOf && (status === 'paused' || isEnd(status))
    if (this.isRunning && this.schedule() === 'turns' && isTurnOver) this.#next(lane)
    if (this.lanes.every((each) => !each.isActive)) this.isRunning = false
  }

  /** The lane that is not `previous` goes on, unless it is done. */
  #next(previous: TakingTurns): void {
    const other = previous === this.lanes[0] ? this.lanes[1] : this.lanes[0]
    const next = other.isActive ? other : previous
    if (!next.isActive) return
    this.#turnOf = next
    if (next !== previous) previous.waitForTurn()
    next.resume({ kind: 'duration', durationMs: turnMs })
  }
}
