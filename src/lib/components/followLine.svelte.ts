/** Keeps the running line of a program in view, unless the reader is looking elsewhere. */
import type { Attachment } from 'svelte/attachments'

/** Scrolls the pane so that `line()` (its `data-line`) is visible; 0 is no line. */
export function follow(line: () => number): Attachment<HTMLElement> {
  return (pane) => {
    $effect(() => {
      const number = line()
      if (number === 0 || pane.matches(':hover, :focus-within')) return
      const row = pane.querySelector<HTMLElement>(`[data-line="${String(number)}"]`)
      if (row === null) return
      const top = row.offsetTop - pane.scrollTop
      if (top >= 0 && top + row.offsetHeight <= pane.clientHeight) return
      pane.scrollTop = row.offsetTop - pane.clientHeight / 3
    })
  }
}
