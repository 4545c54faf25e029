/** The colour theme: the system's or a chosen one, kept across visits. `static/theme.js` applies it before paint. */

export type ThemeChoice = 'auto' | 'light' | 'dark'

const storageKey = 'tandem:theme'

/** Light, dark, or as the system has it. */
export class Theme {
  #choice = $state<ThemeChoice>('auto')

  get choice(): ThemeChoice {
    return this.#choice
  }

  /** Reads what the last visit left on the page. */
  restore(): void {
    const applied = document.documentElement.dataset['theme']
    this.#choice = applied === 'light' || applied === 'dark' ? applied : 'auto'
  }

  choose(choice: ThemeChoice): void {
    this.#choice = choice
    const { dataset } = document.documentElement
    if (choice === 'auto') delete dataset['theme']
    else dataset['theme'] = choice
    try {
      if (choice === 'auto') localStorage.removeItem(storageKey)
      else localStorage.setItem(storageKey, choice)
    } catch {
      // Storage may be blocked; the choice then lasts for this visit.
    }
  }
}
