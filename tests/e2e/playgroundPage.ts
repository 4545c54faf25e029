/** The playground as a test drives it: by role and label, with the run's own events as evidence. */
import { readFile } from 'node:fs/promises'
import { expect, type Page } from '@playwright/test'
import type { RunEvent } from '../../src/lib/core/events/types'
import { defaultExperiment } from '../../src/lib/core/spec/defaults'
import { encodeHash } from '../../src/lib/core/spec/hash'
import { parseExperiment } from '../../src/lib/core/spec/parse'
import type { Experiment, LaneSettings, Spec } from '../../src/lib/core/spec/schema'

export type LaneId = 'A' | 'B'

/** The default experiment with changes; `lanes` changes apply to both lanes. */
export function experiment(spec: Partial<Spec>, lanes: Partial<LaneSettings> = {}): Experiment {
  const base = defaultExperiment()
  const [a, b] = base.lanes
  return parseExperiment({
    ...base,
    spec: { ...base.spec, ...spec },
    lanes: [
      { ...a, ...lanes },
      { ...b, ...lanes },
    ],
  })
}

/** Steps of an epoch of `shortCircle`. */
export const batchesPerEpoch = 8

/** Circle in `epochs` short epochs. */
export function shortCircle(epochs: number, lanes: Partial<LaneSettings> = {}): Experiment {
  return experiment({ training: { batchSize: 32, epochs, shuffle: true } }, lanes)
}

/** Lane A with this program, beside a lane B that waits for nothing of it. */
export function withProgram(program: string, base = shortCircle(5, { backend: 'cpu' })): Experiment {
  const [a, b] = base.lanes
  return { ...base, spec: { ...base.spec, alignment: 'native' }, lanes: [{ ...a, program }, b] }
}

export class PlaygroundPage {
  constructor(readonly page: Page) {}

  /** Opens a link to the experiment and waits until the page can be used. */
  async open(opened: Experiment): Promise<void> {
    await this.page.goto(`./#${encodeHash(opened)}`)
    await expect(this.button('Run both')).toBeEnabled()
  }

  lane(id: LaneId) {
    return this.page.getByRole('region', { name: `Lane ${id}`, exact: true })
  }

  button(name: string) {
    return this.page.getByRole('region', { name: 'Run controls' }).getByRole('button', { name })
  }

  /** Number of updates that the lane shows. */
  async step(id: LaneId): Promise<number> {
    const shown = this.page.getByText(/^step [\d,]+$/).nth(id === 'A' ? 0 : 1)
    return Number((await shown.innerText()).replaceAll(/\D/g, ''))
  }

  /** Runs both lanes until they end by themselves. */
  async runToEnd(timeout = 60_000): Promise<void> {
    await this.button('Run both').click()
    for (const id of ['A', 'B'] as const) {
      await expect(this.lane(id).getByText('Finished')).toBeVisible({ timeout })
    }
  }

  /** What the lane's run recorded, downloaded as a user would. */
  async events(id: LaneId): Promise<RunEvent[]> {
    await this.lane(id).getByRole('tab', { name: 'Ledger' }).click()
    const download = this.page.waitForEvent('download')
    await this.lane(id).getByRole('button', { name: 'Events' }).click()
    const text = await readFile(await (await download).path(), 'utf8')
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as RunEvent)
  }
}

/** Values of one tag in the order of their steps. */
export function values(events: readonly RunEvent[], tag: string): (number | string)[] {
  return events.filter((event) => event.tag === tag).map(({ value }) => value)
}

/** The losses by step. */
export function losses(events: readonly RunEvent[]): number[] {
  return values(events, 'loss').map(Number)
}
