/** A copy of the built site whose next version a test publishes, and what a page says of the service worker. */
import type { Page } from '@playwright/test'
import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileListName, listFiles } from '../../scripts/fileList.mjs'
import { serve } from '../../scripts/staticServer.mjs'

export class SiteVersions {
  private constructor(
    readonly folder: string,
    readonly url: string,
    /** Ends the host; what a browser has kept stays. */
    readonly stop: () => Promise<void>,
  ) {}

  static async serve(): Promise<SiteVersions> {
    const folder = join(await mkdtemp(join(tmpdir(), 'tandem-site-')), 'build')
    await cp('build', folder, { recursive: true })
    const { url, stop } = await serve({ folder, port: 0 })
    return new SiteVersions(folder, url, stop)
  }

  read(name: string): Promise<string> {
    return readFile(join(this.folder, name), 'utf8')
  }

  write(name: string, text: string): Promise<void> {
    return writeFile(join(this.folder, name), text)
  }

  /** What the next build would: another first page, another version, and the list of both. */
  async publish(name: string): Promise<void> {
    const index = (await this.read('index.html')).replace(/<html( data-version="\w+")?/, '<html')
    await this.write('index.html', index.replace('<html', `<html data-version="${name}"`))
    const { version } = JSON.parse(await this.read(fileListName)) as { version: string }
    const next = `${version}-${name}`
    await this.write('service-worker.js', (await this.read('service-worker.js')).replaceAll(version, next))
    await this.write(fileListName, JSON.stringify({ version: next, files: await listFiles(this.folder) }))
  }
}

/** Waits until the service worker has kept the app and serves this page. */
export async function waitForServiceWorker(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
    if (navigator.serviceWorker.controller) return
    await new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve))
  })
}

/** Waits until the engine of static lanes has arrived, which the service worker fetches by itself. */
export async function waitForStaticEngine(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>((resolve) => {
        const { controller } = navigator.serviceWorker
        navigator.serviceWorker.addEventListener(
          'message',
          ({ data }: MessageEvent<{ hasStaticEngine?: boolean }>) => {
            if (data.hasStaticEngine === true) resolve()
          },
        )
        controller?.postMessage({ type: 'cacheStatus' })
      }),
  )
}

/** Looks for a newer version; resolves with its state once it is installed, or could not be. */
export function update(page: Page): Promise<ServiceWorkerState | undefined> {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready
    await registration.update()
    const worker = registration.installing ?? registration.waiting
    while (worker?.state === 'installing') {
      await new Promise((resolve) => worker.addEventListener('statechange', resolve, { once: true }))
    }
    return worker?.state
  })
}
