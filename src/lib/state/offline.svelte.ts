/** How much of the site this browser keeps for use without a network; the service worker does the keeping. */
import { cutText } from '$lib/core/util/cutText'
import { formatBytes } from '$lib/core/util/figures'
import type { OfflineCommand, OfflineMessage } from '../../service-worker/messages'

/** State of the "save for offline" button. Create it in the browser only; `dispose` when its page goes. */
export class Offline {
  #isControlled = $state(false)
  #cachedBytes = $state(0)
  #totalBytes = $state(0)
  #hasStaticEngine = $state(false)
  #progress = $state<number | null>(null)
  #error = $state<string | null>(null)
  readonly #listening = new AbortController()

  constructor(private readonly container: ServiceWorkerContainer | undefined = findContainer()) {
    if (!container) return
    const { signal } = this.#listening
    container.addEventListener(
      'message',
      (event: MessageEvent<OfflineMessage>) => this.#receive(event.data),
      {
        signal,
      },
    )
    container.addEventListener('controllerchange', () => this.#ask(), { signal })
    this.#ask()
  }

  /** Whether the browser can keep the site at all: not in private windows of some browsers, nor without https. */
  get isSupported(): boolean {
    return this.container !== undefined
  }

  /** Whether this page is served by the service worker: from then on a reload needs no network. */
  get isControlled(): boolean {
    return this.#isControlled
  }

  /** Bytes kept in this browser; 0 until known. */
  get cachedBytes(): number {
    return this.#cachedBytes
  }

  /** Bytes of the whole site with all engines and datasets; 0 until known. */
  get totalBytes(): number {
    return this.#totalBytes
  }

  /** Whether static lanes on wasm work without a network; eager ones do as soon as the page is controlled. */
  get hasStaticEngine(): boolean {
    return this.#hasStaticEngine
  }

  /** Whether everything is kept. */
  get isComplete(): boolean {
    return this.#totalBytes > 0 && this.#cachedBytes >= this.#totalBytes
  }

  /** From 0 to 1 while everything is being saved, else null. */
  get progress(): number | null {
    return this.#progress
  }

  /** Why saving failed, or null. */
  get error(): string | null {
    return this.#error
  }

  /** Saves everything: all engines and datasets. `progress`, `isComplete` and `error` tell how it goes. */
  cacheAll(): void {
    if (this.#progress !== null || this.isComplete) return
    this.#error = null
    this.#progress = this.#totalBytes > 0 ? this.#cachedBytes / this.#totalBytes : 0
    this.#send({ type: 'cacheAll' })
  }

  dispose(): void {
    this.#listening.abort()
  }

  #ask(): void {
    this.#isControlled = Boolean(this.container?.controller)
    this.#send({ type: 'cacheStatus' })
  }

  #send(command: OfflineCommand): void {
    void this.container?.ready.then(({ active }) => active?.postMessage(command))
  }

  #adviceOn({ reason, message }: Extract<OfflineMessage, { type: 'cacheFailed' }>): string {
    const missing = formatBytes(Math.max(0, this.#totalBytes - this.#cachedBytes))
    switch (reason) {
      case 'full':
        return (
          `this browser has no room for the ${missing} that are missing. ` +
          'Free space on the disk, or remove data of other sites in the browser’s settings, and try again.'
        )
      case 'network':
        return 'the network gave no answer. Connect and try again.'
      case 'other':
        return `${cutText(message, 300)} Reload the page and try again.`
    }
  }

  #receive(message: OfflineMessage): void {
    switch (message.type) {
      case 'cacheStatus':
        this.#cachedBytes = message.cachedBytes
        this.#totalBytes = message.totalBytes
        this.#hasStaticEngine = message.hasStaticEngine
        break
      case 'cacheProgress':
        this.#progress = message.loaded / message.total
        break
      case 'cacheDone':
        this.#progress = null
        break
      case 'cacheFailed':
        this.#progress = null
        this.#error = `Saving for offline use stopped: ${this.#adviceOn(message)}`
        break
    }
  }
}

/** Absent in insecure contexts, whatever the type says. */
function findContainer(): ServiceWorkerContainer | undefined {
  return 'serviceWorker' in navigator ? navigator.serviceWorker : undefined
}
