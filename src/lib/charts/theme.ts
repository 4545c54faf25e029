/** Colour tokens as canvases need them, and word of when they change. */
import { createSubscriber } from 'svelte/reactivity'

export type Rgb = readonly [red: number, green: number, blue: number]

const subscribe = createSubscriber((update) => {
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

/** Colours of custom properties as they apply inside `host`, each as `rgb(…)`; `light-dark()` is resolved. */
export function readColors<const Token extends string>(
  host: HTMLElement,
  tokens: readonly Token[],
): Record<Token, string> {
  const probe = host.ownerDocument.createElement('span')
  probe.hidden = true
  host.append(probe)
  const style = getComputedStyle(probe)
  const colors: Partial<Record<Token, string>> = {}
  for (const token of tokens) {
    probe.style.color = `var(${token})`
    colors[token] = style.color
  }
  probe.remove()
  return colors as Record<Token, string>
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
