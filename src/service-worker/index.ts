/** The service worker: after the first visit the site works with the network cut. Inactive in development. */
import { base, version } from '$service-worker'
import { fileHeaders } from '../responseHeaders.js'
import { failureOf } from './failure'
import type { OfflineCommand, OfflineMessage } from './messages'
import { OpenPages } from './openPages'
import { SiteCache } from './siteCache'
import { scriptSource } from './siteFiles'

const worker = self as unknown as ServiceWorkerGlobalScope
const root = `${location.origin}${base}/`
const site = new SiteCache(root, version)
const pages = new OpenPages(worker.clients, root)

if (import.meta.env.PROD) {
  worker.addEventListener('install', (event) => event.waitUntil(install()))
  worker.addEventListener('activate', (event) => event.waitUntil(activate()))
  worker.addEventListener('fetch', answer)
  worker.addEventListener('message', (event) => event.waitUntil(receive(event)))
}

async function install(): Promise<void> {
  try {
    await site.install()
  } catch (error) {
    // With an earlier version in charge nothing is lost, and the browser tries again at a later visit.
    if (worker.registration.active === null) await broadcast(failureOf(error))
    throw error
  }
  // On the first visit there is nobody to wait for; a later version waits until the running one has no page left.
  if (worker.registration.active === null) await worker.skipWaiting()
}

async function activate(): Promise<void> {
  await discardEarlier()
  await worker.clients.claim()
}

/** Pages of an earlier version still load parts of theirs; its files go when no such page is open. */
async function discardEarlier(): Promise<void> {
  if (await pages.areOwn()) await site.discardEarlier()
}

function answer(event: FetchEvent): void {
  const { request } = event
  if (request.method !== 'GET' || !request.url.startsWith(root) || request.headers.has('Range')) return
  event.respondWith(
    request.mode === 'navigate' ? openPage(event) : site.respond(request, (kept) => afterKept(event, kept)),
  )
}

/** Whether a newer version was told to take over. */
let isEnding = false

/** Empty pages in a row, given to find out whether the only page goes away. */
let emptyPages = 0
/** A page that is left may take a moment to end. */
const maxEmptyPages = 6
const emptyPageMs = 100

/**
 * With a newer version waiting and no page open, opening one is the moment to change over. In a reload of the only page
 * that page is still open, and nothing tells this from a second tab; so an empty page comes first, which asks again: by
 * then the reloaded page is gone, and the first of two tabs is not.
 */
async function openPage(event: FetchEvent): Promise<Response> {
  const { waiting } = worker.registration
  if (waiting !== null) {
    const running = await pages.running()
    if (running.size === 0) {
      isEnding = true
      site.end()
      waiting.postMessage({ type: 'takeOver' } satisfies OfflineCommand)
      return emptyPage(event)
    }
    if (running.size === 1 && emptyPages++ < maxEmptyPages) return emptyPage(event)
  } else if (isEnding) {
    // The newer version takes over just now.
    return emptyPage(event)
  }
  emptyPages = 0
  pages.addOwn(event.resultingClientId)
  return site.respond(event.request, (kept) => afterKept(event, kept))
}

/**
 * A page without content that loads itself again. The newer version begins when this one has nothing to do. By a
 * script: the header `Refresh` would find nothing to load for an address with a fragment, as links have it.
 */
async function emptyPage(event: FetchEvent): Promise<Response> {
  pages.addEmpty(event.resultingClientId)
  const script = `setTimeout(() => location.reload(), ${emptyPageMs})`
  const headers = { ...fileHeaders('index.html', [await scriptSource(script)]), 'Cache-Control': 'no-store' }
  return new Response(`<!doctype html><title>Tandem</title><script>${script}</script>`, { headers })
}

function afterKept(event: FetchEvent, kept: Promise<void>): void {
  event.waitUntil(kept.then(broadcastStatus))
}

async function broadcastStatus(): Promise<void> {
  await broadcast({ type: 'cacheStatus', ...(await site.status()) })
}

async function broadcast(message: OfflineMessage): Promise<void> {
  const clients = await worker.clients.matchAll({ includeUncontrolled: true })
  for (const client of clients.filter(({ url }) => url.startsWith(root))) client.postMessage(message)
}

async function receive(event: ExtendableMessageEvent): Promise<void> {
  const command = event.data as OfflineCommand
  const reply = (message: OfflineMessage) => event.source?.postMessage(message)
  if (command.type === 'takeOver') return worker.skipWaiting()
  try {
    await site.restore()
    if (command.type === 'cacheAll') {
      await site.keepAll((loaded, total) => reply({ type: 'cacheProgress', loaded, total }))
      reply({ type: 'cacheDone' })
    }
  } catch (error) {
    reply(failureOf(error))
  }
  reply({ type: 'cacheStatus', ...(await site.status()) })
  // The page is there and asks what is kept: a good moment to go on without delaying its first visit.
  await discardEarlier()
  const isNew = await site.keepStaticEngine().catch(() => false)
  if (isNew) await broadcastStatus()
}
