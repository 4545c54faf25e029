import { describe, expect, it } from 'vitest'
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

  it('says why saving stopped', () => {
    const { container, say } = fakeContainer()
    const offline = new Offline(container)
    offline.cacheAll()
    say({ type: 'cacheFailed', message: 'siteCache: expected app.js, got status 404.' })
    expect(offline.progress).toBeNull()
    expect(offline.error).toBe(
      'Saving for offline use stopped: siteCache: expected app.js, got status 404. Connect and try again.',
    )
  })

  it('listens no more once disposed', () => {
    const { container, say } = fakeContainer()
    const offline = new Offline(container)
    offline.dispose()
    say({ type: 'cacheStatus', cachedBytes: 30, totalBytes: 120, hasStaticEngine: false })
    expect(offline.totalBytes).toBe(0)
  })
})
