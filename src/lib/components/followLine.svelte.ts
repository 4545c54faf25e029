/** Brings the running line of a program into view, unless the reader is looking elsewhere. */
import type { Attachment } from 'svelte/attachments'

interface Followed {
  /** The line to show; 0 is no line. */
  readonly line: () => number
  /** While lines rush past, the pane follows once and then keeps still. */
  readonly isRushing: () => boolean
  /** Brings a line into view, where the page itself cannot find it. */
  readonly scrollTo?: (pane: HTMLElement, line: number) => void
}

/** Scrolls the pane so that the line (its `data-line`) is visible. */
export function follow({ line, isRushing, scrollTo = scrollToRow }: Followed): Attachment<HTMLElement> {
  return (pane) => {
    let hasFollowed = false
    let timer: ReturnType<typeof setTimeout> | undefined
    $effect(() => {
      const number = line()
      if (!isRushing()) hasFollowed = false
      if (number === 0 || hasFollowed) return
      hasFollowed = isRushing()
      clearTimeout(timer)
      // After the paint, positions are known and reading them costs no layout of its own.
      requestAnimationFrame(() => {
        timer = setTimeout(() => {
          if (!pane.matches(':hover, :focus-within')) scrollTo(pane, number)
        })
      })
    })
    return () => clearTimeout(timer)
  }
}

function scrollToRow(pane: HTMLElement, number: number): void {
  const row = pane.querySelector<HTMLElement>(`[data-line="${String(number)}"]`)
  if (row === null) return
  const top = row.offsetTop - pane.scrollTop
  if (top >= 0 && top + row.offsetHeight <= pane.clientHeight) return
  pane.scrollTop = row.offsetTop - pane.clientHeight / 3
}
