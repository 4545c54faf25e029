import { expect, it } from 'vitest'
import { OpenPages } from './openPages'

const root = 'https://school.example/course/'

/** A browser with these windows; `arrive` makes an answered page one of them, `giveUp` ends its loading. */
function browser(windows: { id: string; url: string }[]) {
  const waiting = new Map<string, () => void>()
  const settle = (id: string) => waiting.get(id)?.()
  const clients = {
    matchAll: () => Promise.resolve(windows),
    get: (id: string) => new Promise<undefined>((resolve) => waiting.set(id, () => resolve(undefined))),
  }
  return {
    pages: new OpenPages(clients as unknown as Clients, root),
    arrive: (id: string) => {
      windows.push({ id, url: root })
      settle(id)
    },
    giveUp: settle,
  }
}

it('counts pages of the site only', async () => {
  const { pages } = browser([
    { id: 'a', url: `${root}models/` },
    { id: 'b', url: 'https://school.example/other/' },
  ])
  expect([...(await pages.running())]).toEqual(['a'])
  expect(await pages.areOwn()).toBe(false)
})

it('counts a page from its answer on, which is before it is one of the clients', async () => {
  const { pages, arrive, giveUp } = browser([])
  pages.addOwn('a')
  pages.addOwn('b')
  expect([...(await pages.running())]).toEqual(['a', 'b'])
  arrive('a')
  giveUp('b')
  await Promise.resolve()
  expect([...(await pages.running())]).toEqual(['a'])
  expect(await pages.areOwn()).toBe(true)
})

it('does not count an empty page as one that runs', async () => {
  const { pages, arrive } = browser([])
  pages.addEmpty('a')
  arrive('a')
  expect((await pages.running()).size).toBe(0)
  expect(await pages.areOwn()).toBe(true)
})

it('cannot follow a page without an id', async () => {
  const { pages } = browser([])
  pages.addOwn('')
  pages.addEmpty('')
  expect((await pages.running()).size).toBe(0)
})
