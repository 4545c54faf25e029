/** What is looked at in a lane: it stays when the reader goes to another page and comes back. */
import type { ProgramEditor } from '$lib/components/editor/programEditor'
import type { GraphExplorer } from '$lib/components/graph/graphExplorer.svelte'

/** A tab of a lane. */
export type LaneTab = 'code' | 'graph' | 'ledger' | 'signatures' | 'console'

/** Which tab of a lane is open. */
export class LaneView {
  tab = $state<LaneTab>('code')
  /** Loaded when there is something to look at. */
  explorer = $state.raw<GraphExplorer>()
  /** True once somebody began to edit the program. */
  isEditing = $state(false)
  /** True while the program is shown with what differs from the generated one. */
  showsChanges = $state(false)
  /** Made with the first edit; holds the text with its undo history. */
  editor: ProgramEditor | undefined
}
