/** Parts of the page that are loaded when they are first needed. */

/** One part: its module once it is here, or that it could not be loaded, which can be tried again. */
export class LazyPart<Module> {
  #module = $state.raw<Module>()
  #hasFailed = $state(false)
  #isLoading = $state(false)
  #loading: Promise<Module> | undefined

  constructor(
    private readonly name: string,
    private readonly importModule: () => Promise<Module>,
  ) {}

  /** Undefined until it is loaded. */
  get module(): Module | undefined {
    return this.#module
  }

  /** Whether the last attempt failed; another one may be under way. */
  get hasFailed(): boolean {
    return this.#hasFailed
  }

  get isLoading(): boolean {
    return this.#isLoading
  }

  /** What to tell where it is missing. */
  get problem(): string {
    return `${this.name} could not be loaded. Check the connection and try again; if that does not help, reload the page.`
  }

  /** Loads it, once however often it is asked for. Rejects with `problem`; the next call tries again. */
  load(): Promise<Module> {
    if (this.#module !== undefined) return Promise.resolve(this.#module)
    return (this.#loading ??= this.#attempt())
  }

  /** Loads it for somebody who shows `module` or `hasFailed`, and needs no promise. */
  want(): void {
    this.load().catch(() => undefined)
  }

  async #attempt(): Promise<Module> {
    this.#isLoading = true
    try {
      // Browsers ask again for a module that failed. Vite does not for its styles.
      if (this.#hasFailed) await reloadStyles()
      const module = await this.importModule()
      this.#module = module
      this.#hasFailed = false
      return module
    } catch (cause) {
      this.#hasFailed = true
      throw new Error(this.problem, { cause })
    } finally {
      this.#isLoading = false
      this.#loading = undefined
    }
  }
}

/**
 * A part called `name`, the beginning of a sentence: `The ledger`. Every import on use goes through this function;
 * a test finds those that do not.
 */
export function lazyPart<Module>(name: string, importModule: () => Promise<Module>): LazyPart<Module> {
  return new LazyPart(name, importModule)
}

/** Style sheets that could not be loaded; nothing else tells in every browser. */
const failedStyles = new Set<HTMLLinkElement>()

if (typeof document !== 'undefined') {
  const remember = ({ target }: Event) => {
    if (target instanceof HTMLLinkElement && target.rel === 'stylesheet') failedStyles.add(target)
  }
  // The event does not bubble.
  document.addEventListener('error', remember, { capture: true })
}

/** Loads again the style sheets that could not be loaded; rejects when one still cannot. */
async function reloadStyles(): Promise<void> {
  await Promise.all([...failedStyles].filter(({ isConnected }) => isConnected).map(reloadStyle))
}

function reloadStyle(link: HTMLLinkElement): Promise<void> {
  failedStyles.delete(link)
  const again = link.cloneNode() as HTMLLinkElement
  return new Promise((resolve, reject) => {
    again.addEventListener('load', () => resolve())
    again.addEventListener('error', () => reject(new Error(`styles: expected ${link.href}, got none.`)))
    link.replaceWith(again)
  })
}
