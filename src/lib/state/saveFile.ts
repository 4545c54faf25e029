/** Offers text or bytes as a download. */

/** How long writing may hold the page at a time, in milliseconds. */
const turnMs = 10

/** A name for people as the beginning of a file's name. */
export function fileStem(name: string): string {
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  return plain.replaceAll(/^-|-$/g, '') || 'experiment'
}

/** Has the browser save a file. */
export function saveFile(name: string, type: string, content: BlobPart): void {
  const url = URL.createObjectURL(new Blob([content], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // Some browsers read the URL only after the click has been handled.
  setTimeout(() => URL.revokeObjectURL(url), 1000)
}

/** Offers long text as a download; the page goes on while its parts are written. */
export async function saveInTurns(name: string, type: string, parts: Iterable<string>): Promise<void> {
  saveFile(name, type, new Blob(await collectInTurns(parts)))
}

/** The parts; whenever making them took a while, what else waits comes first. `now` is in milliseconds. */
export async function collectInTurns(
  parts: Iterable<string>,
  now = () => performance.now(),
): Promise<string[]> {
  const collected: string[] = []
  let turnEndMs = now() + turnMs
  for (const part of parts) {
    collected.push(part)
    if (now() < turnEndMs) continue
    await new Promise((resolve) => setTimeout(resolve))
    turnEndMs = now() + turnMs
  }
  return collected
}
