import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { serve } from './staticServer.mjs'

/** @type {{ url: string, stop: () => Promise<void> }} */
let site
/** @type {string} */
let folder

beforeAll(async () => {
  const outer = await mkdtemp(join(tmpdir(), 'tandem-site-'))
  folder = join(outer, 'build')
  await mkdir(join(folder, 'models'), { recursive: true })
  await writeFile(join(outer, 'secret.txt'), 'secret')
  await writeFile(join(folder, 'index.html'), 'home')
  await writeFile(join(folder, 'models', 'index.html'), 'models')
  await writeFile(join(folder, 'app.js'), 'export {}')
  site = await serve({ folder, port: 0, prefix: '/course' })
})

afterAll(() => site.stop())

it('serves pages below the prefix, isolated', async () => {
  const response = await fetch(new URL('models/', site.url))
  expect(await response.text()).toBe('models')
  expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin')
  expect(response.headers.get('content-security-policy')).toBeNull()
})

it('sends scripts with the policy', async () => {
  const response = await fetch(new URL('app.js', site.url))
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(response.headers.get('content-security-policy')).toContain(
    "default-src 'self'; script-src 'self' blob:",
  )
  expect(response.headers.get('content-security-policy')).not.toMatch(/script-src[^;]*unsafe-inline/)
})

it('adds the slash of a folder', async () => {
  const response = await fetch(new URL('models?a=1', site.url), { redirect: 'manual' })
  expect([response.status, response.headers.get('location')]).toEqual([308, '/course/models/?a=1'])
})

it.each(['/', '/course/unknown', '/course/..%2Fsecret.txt', '/course/%E0%A4%A'])(
  'has no %s',
  async (path) => {
    expect((await fetch(new URL(path, site.url))).status).toBe(404)
  },
)

it('refuses a port that is taken', async () => {
  const port = Number(new URL(site.url).port)
  await expect(serve({ folder, port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
