/** Which pages of the site are open in this browser, and which of them this version has answered for. */

export class OpenPages {
  /** Pages of this version, by client id. Forgotten when the browser stops the worker: a page not in it may be of any version. */
  readonly #own = new Set<string>()
  /** Empty pages that load themselves again: they need nothing of any version. */
  readonly #empty = new Set<string>()
  /** Answered, but not yet among the browser's clients. */
  readonly #arriving = new Set<string>()

  /** `root` is the URL of the site's root folder; pages elsewhere on the origin are no business of this site. */
  constructor(
    private readonly clients: Pick<Clients, 'matchAll' | 'get'>,
    private readonly root: string,
  ) {}

  /** A page is about to be answered with this version's content. */
  addOwn(id: string): void {
    if (id === '') return
    this.#own.add(id)
    this.#arriving.add(id)
    // Settles once the page is there, or has been given up.
    const arrived = () => this.#arriving.delete(id)
    this.clients.get(id).then(arrived, arrived)
  }

  /** A page is about to be answered with nothing but the wish to load it again. */
  addEmpty(id: string): void {
    if (id !== '') this.#empty.add(id)
  }

  /** Pages that run, or will in a moment; whatever their version, also those that no service worker serves. */
  async running(): Promise<ReadonlySet<string>> {
    const windows = await this.clients.matchAll({ type: 'window', includeUncontrolled: true })
    const open = windows.filter(({ url }) => url.startsWith(this.root)).map(({ id }) => id)
    return new Set([...open, ...this.#arriving].filter((id) => !this.#empty.has(id)))
  }

  /** Whether no page is open that another version may have answered for. */
  async areOwn(): Promise<boolean> {
    return [...(await this.running())].every((id) => this.#own.has(id))
  }
}
