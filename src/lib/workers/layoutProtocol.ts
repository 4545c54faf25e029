/** What the page and the worker that lays out graphs say to each other. Sizes and places are in pixels. */

/** A graph to lay out, top to bottom. */
export interface GraphOutline {
  readonly frames: readonly { readonly id: string; readonly parent: string | null }[]
  readonly boxes: readonly {
    readonly id: string
    readonly frame: string | null
    readonly width: number
    readonly height: number
  }[]
  readonly wires: readonly {
    readonly id: string
    readonly from: string
    readonly to: string
    readonly labelWidth: number
  }[]
}

/** Top left corner and size. */
export interface Place {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A place in the picture, in pixels. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** The way of a wire from box to box, and the middle of its label. */
export interface Route {
  readonly points: readonly Point[]
  readonly label: Point
}

/** Where everything in a picture is. */
export interface Drawing {
  /** By the ids of boxes and frames. */
  readonly places: ReadonlyMap<string, Place>
  /** By the ids of wires. */
  readonly routes: ReadonlyMap<string, Route>
}

/** What the layout worker is told. */
export interface LayoutCommand {
  readonly drawingId: number
  readonly outline: GraphOutline
}

/** What the layout worker tells. */
export type LayoutMessage =
  | { readonly drawingId: number; readonly drawing: Drawing }
  | { readonly drawingId: number; readonly problem: string }
