import type { Schedule } from '$lib/core/spec/schema'
import type { RunLimit } from '$lib/workers/protocol'
import { describe, expect, it } from 'vitest'
import { Turns } from './turns'

/** A lane that notes what it is told. */
class FakeLane {
  isActive = true
  readonly told: string[] = []

  resume(limit: RunLimit): void {
    this.told.push(`resume ${limit.kind}`)
  }
  pause(): void {
    this.told.push('pause')
  }
  waitForTurn(): void {
    this.told.push('wait')
  }
  /** What it was told since this was last asked. */
  heard(): readonly string[] {
    return this.told.splice(0)
  }
}

function turnsOf(first: Schedule) {
  const lanes = [new FakeLane(), new FakeLane()] as const
  const stage = { schedule: first }
  const turns = new Turns(lanes, () => stage.schedule)
  turns.isRunning = true
  turns.begin()
  const heard = () => lanes.map((lane) => lane.heard())
  return { turns, lanes, stage, heard }
}

describe('Turns', () => {
  it('lets the first lane begin while the second waits; in a race both go', () => {
    const taking = turnsOf('turns')
    expect(taking.lanes.map((lane) => taking.turns.firstLimit(lane).kind)).toEqual(['duration', 'steps'])
    const racing = turnsOf('race')
    expect(racing.lanes.map((lane) => racing.turns.firstLimit(lane).kind)).toEqual(['none', 'none'])
    racing.turns.isRunning = false
    expect(racing.turns.firstLimit(racing.lanes[0])).toEqual({ kind: 'steps', count: 0 })
  })

  it('hands the turn over when the lane that has it rests, and not when the other one does', () => {
    const { turns, lanes, heard } = turnsOf('turns')
    turns.onStatus(lanes[1], 'paused')
    expect(heard()).toEqual([[], []])
    turns.onStatus(lanes[0], 'paused')
    expect(heard()).toEqual([['wait'], ['resume duration']])
    turns.onStatus(lanes[1], 'paused')
    expect(heard()).toEqual([['resume duration'], ['wait']])
  })

  it('gives every turn to the lane that is left, and ends with it', () => {
    const { turns, lanes, heard } = turnsOf('turns')
    lanes[0].isActive = false
    turns.onStatus(lanes[0], 'finished')
    expect(heard()).toEqual([['wait'], ['resume duration']])
    turns.onStatus(lanes[1], 'paused')
    expect(heard()).toEqual([[], ['resume duration']])
    lanes[1].isActive = false
    turns.onStatus(lanes[1], 'finished')
    expect([turns.isRunning, ...heard()]).toEqual([false, [], []])
  })

  it('follows a schedule that changes while lanes run, and only then', () => {
    const { turns, stage, heard } = turnsOf('race')
    stage.schedule = 'turns'
    turns.follow('turns')
    expect(heard()).toEqual([['resume duration'], ['pause', 'wait']])
    stage.schedule = 'race'
    turns.follow('race')
    expect(heard()).toEqual([['resume none'], ['resume none']])
    turns.isRunning = false
    turns.follow('race')
    expect(heard()).toEqual([[], []])
  })
})
