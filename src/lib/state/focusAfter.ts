/** Where the keyboard goes when what it is in goes away: without a word the browser would begin at the top again. */

const focusable = 'a[href], button, input, select, textarea, summary, [tabindex="0"]'

/** Moves the focus to the first element after `gone` that can take it. */
export function focusAfter(gone: Element): void {
  for (const element of document.querySelectorAll<HTMLElement>(focusable)) {
    const isBehind = gone.compareDocumentPosition(element) === Node.DOCUMENT_POSITION_FOLLOWING
    if (!isBehind || element.tabIndex < 0) continue
    element.focus()
    if (document.activeElement === element) return
  }
}
