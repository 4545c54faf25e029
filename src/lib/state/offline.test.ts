import { describe, expect, it } from 'vitest'
import { failureOf } from '../../service-worker/failure'
import type { OfflineCommand, OfflineMessage } from '../../service-worker/messages'
import { Offline } from './offline.svelte'

/** A service worker container whose worker only records what it is told. */
function fakeContainer() {
  const sent: OfflineCommand[] = []
  const active = { postMessage: (command: OfflineCommand) => void sent.push(command) }
  const ready = Promise.resolve({ active })
  const container = Object.assign(new EventTarget(), { controller: active, ready })
  const say = (data: OfflineMessage) => container.dispatchEvent(new MessageEvent('message', { data }))
  return { container: container as unknown as ServiceWorkerContainer, ready, sent, say }
}

describe('Offline', () => {
  it('asks for the status and shows it', async () => {
    const { container, ready, sent, say } = fakeContainer()
    const offline = new Offline(container)
    await ready
    expect(sent).toEqual([{ type: 'cacheStatus' }])
    expect(offline.isControlled).toBe(true)
    say({ type: 'cacheStatus', cachedBytes: 30, totalBytes: 120, hasStaticEngine: false })
    expect([offline.cachedBytes, offline.totalBytes, offline.isComplete]).toEqual([30, 120, false])
    expect(offline.hasStaticEngine).toBe(false)
    say({ type: 'cacheStatus', cachedBytes: 120, totalBytes: 120, hasStaticEngine: true })
    expect([offline.isComplete, offline.hasStaticEngine]).toEqual([true, true])
  })

  it('saves everything once, with progress', async () => {
    const { container, ready, sent, say } = fakeContainer()
    const offline = new Offline(container)
    say({ type: 'cacheStatus', cachedBytes: 30, totalBytes: 120, hasStaticEngine: false })
    offline.cacheAll()
    offline.cacheAll()
    await ready
    expect(sent.filter(({ type }) => type === 'cacheAll')).toHaveLength(1)
    expect(offline.progress).toBe(0.25)
    say({ type: 'cacheProgress', loaded: 60, total: 120 })
    expect(offline.progress).toBe(0.5)
    say({ type: 'cacheDone' })
    expect(offline.progress).toBeNull()
  })

  it.each([
    [
      new DOMException('Quota exceeded.', 'QuotaExceededError'),
      'this browser has no room for the 90 B that are missing. ' +
        'Free space on the disk, or remove data of other sites in the browser’s settings, and try again.',
    ],
    [new TypeError('Failed to fetch'), 'the network gave no answer. Connect and try again.'],
    [
      new Error('siteCache: expected app.js, got status 404.'),
      'siteCache: expected app.js, got status 404. Reload the page and try again.',
    ],
    ['Nobody knows.', 'Nobody knows. Reload the page and try again.'],
  ])('says why saving stopped, and what helps: %s', (error, advice) => {
    const { container, say } = fakeContainer()
    const offline = new Offline(container)
    say({ type: 'cacheStatus', cachedBytes: 30, totalBytes: 120, hasStaticEngine: false })
    offline.cacheAll()
    say(failureOf(error))
    expect(offline.progress).toBeNull()
    expect(offline.error).toBe(`Saving for offline use stopped: ${advice}`)
  })

  it('listens no more once disposed', () => {
    const { container, say } = fakeContainer()
    const offline = new Offline(container)
    offline.dispose()
    say({ type: 'cacheStatus', cachedBytes: 30, totalBytes: 120, hasStaticEngine: false })
    expect(offline.totalBytes).toBe(0)
  })
})
