/** Lays out graphs, so that opening a large one does not hold the page. */
import { drawOutline } from './drawOutline'
import type { LayoutCommand, LayoutMessage } from './layoutProtocol'

self.addEventListener('message', ({ data: { drawingId, outline } }: MessageEvent<LayoutCommand>) => {
  self.postMessage(answer(drawingId, outline))
})

function answer(drawingId: number, outline: LayoutCommand['outline']): LayoutMessage {
  try {
    return { drawingId, drawing: drawOutline(outline) }
  } catch (error) {
    return { drawingId, problem: error instanceof Error ? error.message : String(error) }
  }
}
