/** What turns one program text into another, found in bounded time however little they share. */
import { diff } from '@codemirror/merge'

/** A part of a text and what takes its place, as the editor has it. */
export interface TextChange {
  readonly from: number
  readonly to: number
  readonly insert: string
}

/** How far the search for the shortest list of changes goes, which takes time in its square; beyond, a longer list will do. */
export const boundedDiff = { scanLimit: 500 }

/** The changes, in the order of their places in `from`. */
export function textChanges(from: string, to: string): readonly TextChange[] {
  return diff(from, to, boundedDiff).map(({ fromA, toA, fromB, toB }) => ({
    from: fromA,
    to: toA,
    insert: to.slice(fromB, toB),
  }))
}
