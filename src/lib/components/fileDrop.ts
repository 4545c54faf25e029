/** Files that are dragged over an element, and dropped on it. */
import type { Attachment } from 'svelte/attachments'

/** What an element does with them. */
export interface FileDrop {
  readonly onover: (isOver: boolean) => void
  readonly ondrop: (file: File) => void
}

/** Takes the first file that is dropped; text and links that are dragged go their usual way. */
export function fileDrop({ onover, ondrop }: FileDrop): Attachment {
  return (element) => {
    const controller = new AbortController()
    const listen = (type: 'dragover' | 'dragleave' | 'drop', listener: (event: DragEvent) => void) => {
      // `Element` is not known to have these events.
      element.addEventListener(type, (event) => listener(event as DragEvent), { signal: controller.signal })
    }
    listen('dragover', (event) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      onover(true)
    })
    listen('dragleave', ({ relatedTarget }) => {
      if (relatedTarget instanceof Node && element.contains(relatedTarget)) return
      onover(false)
    })
    listen('drop', (event) => {
      onover(false)
      const [file] = event.dataTransfer?.files ?? []
      if (file === undefined) return
      event.preventDefault()
      ondrop(file)
    })
    return () => {
      controller.abort()
    }
  }
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') ?? false
}
