/** The service worker: after the first visit the site works with the network cut. Inactive in development. */
import { base, version } from '$service-worker'
import { failureOf } from './failure'
import type { OfflineCommand, OfflineMessage } from './messages'
import { SiteCache } from './siteCache'

const worker = self as unknown as ServiceWorkerGlobalScope
const site = new SiteCache(`${location.origin}${base}/`, version)

if (import.meta.env.PROD) {
  worker.addEventListener('install', (event) => event.waitUntil(install()))
  worker.addEventListener('activate', (event) => event.waitUntil(activate()))
  worker.addEventListener('fetch', answer)
  worker.addEventListener('message', (event) => event.waitUntil(receive(event)))
}

async function install(): Promise<void> {
  await site.install()
  // On the first visit there is nobody to wait for; a later version waits until the running one has no page left.
  if (worker.registration.active === null) await worker.skipWaiting()
}

async function activate(): Promise<void> {
  await site.discardEarlier()
  await worker.clients.claim()
}

function answer(event: FetchEvent): void {
  const { request } = event
  const isOurs = request.url.startsWith(`${location.origin}${base}/`)
  if (request.method !== 'GET' || !isOurs || request.headers.has('Range')) return
  event.respondWith(
    request.mode === 'navigate' ? openPage(event) : site.respond(request, (kept) => afterKept(event, kept)),
  )
}

/** Pages that were asked to come back while a newer version takes over. */
let sentBack = 0

/** With a newer version waiting and no second page open, opening a page is the moment to change over. */
async function openPage(event: FetchEvent): Promise<Response> {
  const { waiting } = worker.registration
  if (waiting !== null && (await worker.clients.matchAll()).length < 2) {
    site.end()
    waiting.postMessage({ type: 'takeOver' } satisfies OfflineCommand)
    return sendBack()
  }
  // A page that is opened while the newer version takes over still comes here: the files of this one may be gone.
  return sentBack > 0 ? sendBack() : site.respond(event.request, (kept) => afterKept(event, kept))
}

/** An empty page that is loaded again. The newer version begins when this one has nothing to do, so only once at once. */
function sendBack(): Response {
  const seconds = sentBack++ === 0 ? 0 : 1
  return new Response('', { headers: { Refresh: String(seconds) } })
}

function afterKept(event: FetchEvent, kept: Promise<void>): void {
  event.waitUntil(kept.then(broadcastStatus))
}

async function broadcastStatus(): Promise<void> {
  const message: OfflineMessage = { type: 'cacheStatus', ...(await site.status()) }
  for (const client of await worker.clients.matchAll()) client.postMessage(message)
}

async function receive(event: ExtendableMessageEvent): Promise<void> {
  const command = event.data as OfflineCommand
  const reply = (message: OfflineMessage) => event.source?.postMessage(message)
  if (command.type === 'takeOver') return worker.skipWaiting()
  if (command.type === 'cacheAll') {
    try {
      await site.keepAll((loaded, total) => reply({ type: 'cacheProgress', loaded, total }))
      reply({ type: 'cacheDone' })
    } catch (error) {
      reply(failureOf(error))
    }
  }
  reply({ type: 'cacheStatus', ...(await site.status()) })
  // The page is there and asks what is kept: a good moment to go on without delaying its first visit.
  const isNew = await site.keepStaticEngine().catch(() => false)
  if (isNew) await broadcastStatus()
}
