/** A canvas that is always as sharp as the screen and redrawn when its size, the theme or its data changes. */
import type { Attachment } from 'svelte/attachments'
import { trackTheme } from './theme'

/** What a layer draws on, in CSS pixels. */
export interface Surface {
  readonly context: CanvasRenderingContext2D
  readonly width: number
  readonly height: number
  readonly pixelRatio: number
  /** For reading colour tokens. */
  readonly host: HTMLElement
}

/** Attachment that calls `draw` on a cleared canvas; reactive values read in `draw` bring it back. */
export function canvasLayer(draw: (surface: Surface) => void): Attachment<HTMLCanvasElement> {
  return (canvas) => {
    let size = $state.raw({ width: canvas.clientWidth, height: canvas.clientHeight })
    const observer = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = canvas
      if (width !== size.width || height !== size.height) size = { width, height }
    })
    observer.observe(canvas)
    $effect(() => {
      trackTheme()
      const { width, height } = size
      const context = canvas.getContext('2d')
      if (context === null || width === 0 || height === 0) return
      const pixelRatio = Math.min(3, devicePixelRatio)
      resize(canvas, Math.round(width * pixelRatio), Math.round(height * pixelRatio))
      context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0)
      context.clearRect(0, 0, width, height)
      draw({ context, width, height, pixelRatio, host: canvas.parentElement ?? document.body })
    })
    return () => {
      observer.disconnect()
    }
  }
}

/** Setting a size allocates anew even when it is the same. */
function resize(canvas: HTMLCanvasElement, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
}
