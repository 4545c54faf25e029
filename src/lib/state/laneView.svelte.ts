/** What is looked at in a lane: it stays when the reader goes to another page and comes back. */
import type { GraphExplorer } from '$lib/components/graph/graphExplorer.svelte'

export type LaneTab = 'code' | 'graph' | 'ledger' | 'signatures' | 'console'

export class LaneView {
  tab = $state<LaneTab>('code')
  /** Loaded when there is something to look at. */
  explorer = $state.raw<GraphExplorer>()
}
