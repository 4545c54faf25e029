/** Fetches a file of this origin and tells how far it is. */

/** Taken before a program runs, which has no network. */
const fetchFile = globalThis.fetch.bind(globalThis)

/** What may still be fetched; null for everything. */
let allowed: ReadonlySet<string> | null = null

/** From now on only these addresses are fetched, whoever asks: a program that got hold of a download has no network by it. */
export function limitDownloads(urls: readonly string[]): void {
  allowed = new Set(urls)
}

/** Bytes of `url`. Throws when the server does not answer with them. */
export async function download(
  url: string,
  onProgress: (loaded: number, total: number) => void,
): Promise<Uint8Array> {
  if (allowed && !allowed.has(url)) {
    throw new Error(
      'download: expected an engine or a dataset of Tandem, got another address. A program has no network.',
    )
  }
  const response = await fetchFile(url).catch((cause: unknown) => {
    throw new Error(
      `download: expected ${url}, got no answer. Connect once, or save for offline use first.`,
      {
        cause,
      },
    )
  })
  if (!response.ok || !response.body) {
    throw new Error(`download: expected ${url}, got status ${response.status}. Reload the page.`)
  }
  const total = Number(response.headers.get('content-length') ?? 0)
  const parts: Uint8Array[] = []
  let loaded = 0
  const reader = response.body.getReader()
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    parts.push(read.value)
    loaded += read.value.byteLength
    onProgress(loaded, Math.max(total, loaded))
  }
  const bytes = new Uint8Array(loaded)
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.byteLength
  }
  return bytes
}

/** The same where nobody waits to see how far it is. */
export function downloadQuietly(url: string): Promise<Uint8Array> {
  return download(url, () => undefined)
}
