/** Colour tokens as canvases need them, and word of when they change. */
import { createSubscriber } from 'svelte/reactivity'

/** Red, green and blue from 0 to 255. */
export type Rgb = readonly [red: number, green: number, blue: number]

/** Colours looked up since the theme last changed: looking one up makes the browser recalculate styles. */
const known = new Map<string, string>()

const subscribe = createSubscriber((changed) => {
  const update = () => {
    known.clear()
    changed()
  }
  known.clear()
  const observer = new MutationObserver(update)
  observer.observe(document.documentElement, {
    attributes: true,
    attributeFilter: ['data-theme', 'class', 'style'],
  })
  const dark = matchMedia('(prefers-color-scheme: dark)')
  dark.addEventListener('change', update)
  return () => {
    observer.disconnect()
    dark.removeEventListener('change', update)
  }
})

/** Inside an effect: runs it again whenever the page's theme changes. */
export function trackTheme(): void {
  subscribe()
}

/**
 * Colours of the page's custom properties, each as `rgb(…)` with `light-dark()` resolved. `host` is any element
 * of the page. Up to date where `trackTheme` is in use.
 */
export function readColors<const Token extends string>(
  host: HTMLElement,
  tokens: readonly Token[],
): Record<Token, string> {
  if (tokens.some((token) => !known.has(token))) lookUp(host, tokens)
  return Object.fromEntries(tokens.map((token) => [token, known.get(token) ?? ''])) as Record<Token, string>
}

function lookUp(host: HTMLElement, tokens: readonly string[]): void {
  const probe = host.ownerDocument.createElement('span')
  probe.hidden = true
  host.append(probe)
  const style = getComputedStyle(probe)
  for (const token of tokens) {
    probe.style.color = `var(${token})`
    known.set(token, style.color)
  }
  probe.remove()
}

/** Channels 0..255 of an `rgb(…)` colour. */
export function parseRgb(color: string): Rgb {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map(Number)
  return [red, green, blue]
}

/** The same colour, `alpha` of 0..1 opaque. */
export function withAlpha(color: string, alpha: number): string {
  return `rgba(${parseRgb(color).join(', ')}, ${alpha})`
}
