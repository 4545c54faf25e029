import type { CsvFile } from '$lib/workers/csvProtocol'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { csvStore } from './csvStore'

function fileOf(hash: string, text = hash): CsvFile {
  return {
    name: `${hash}.csv`,
    hash,
    blob: new Blob([text]),
    rows: 1,
    columns: [],
    leftOut: { blank: 0, comments: 0 },
    head: [],
  }
}

afterEach(() => {
  vi.restoreAllMocks()
})

describe('csvStore', () => {
  it('finds the files used last, with their content', async () => {
    for (const hash of ['a', 'b', 'c', 'd', 'e'])
      expect(await csvStore.keep(fileOf(hash, `of ${hash}`))).toBe(true)
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 1000)
    await csvStore.keep(fileOf('a', 'of a'))
    await csvStore.keep(fileOf('f', 'of f'))
    const found = await csvStore.find('a')
    expect(found).toEqual(fileOf('a', 'of a'))
    expect(await found?.blob.text()).toBe('of a')
    const kept = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((hash) => csvStore.find(hash)))
    expect(kept.filter((file) => file !== null)).toHaveLength(5)
    expect(await csvStore.find('unknown')).toBeNull()
  })

  it('keeps and finds nothing where the browser refuses', async () => {
    vi.spyOn(indexedDB, 'open').mockImplementation(() => {
      throw new DOMException('Storage is off.', 'SecurityError')
    })
    expect(await csvStore.keep(fileOf('g'))).toBe(false)
    expect(await csvStore.find('a')).toBeNull()
  })

  it('says so where the transaction is undone after all its requests, as a full disk does', async () => {
    const getAll = Reflect.get(IDBObjectStore.prototype, 'getAll') as (
      this: IDBObjectStore,
    ) => IDBRequest<unknown[]>
    vi.spyOn(IDBObjectStore.prototype, 'getAll').mockImplementation(function (this: IDBObjectStore) {
      const request = getAll.call(this)
      request.addEventListener('success', () => {
        this.transaction.abort()
      })
      return request
    })
    expect(await csvStore.keep(fileOf('f'))).toBe(false)
  })
})
