import { connect } from 'node:net'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fileListName, inlineScripts, listFiles } from './fileList.mjs'
import { serve } from './staticServer.mjs'

const page = `<meta http-equiv="content-security-policy" content="default-src 'self'; script-src 'self' 'sha256-a+/b='; style-src 'self' 'sha256-c='">`

/** @type {{ url: string, stop: () => Promise<void> }} */
let site
/** @type {string} */
let folder
const others = [
  'a.css',
  'a.json',
  'a.wasm',
  'a.onnx',
  'a.bin',
  'a.svg',
  'a.txt',
  'a.png',
  'a.webmanifest',
  'plain',
]

beforeAll(async () => {
  const outer = await mkdtemp(join(tmpdir(), 'tandem-site-'))
  folder = join(outer, 'build')
  await mkdir(join(folder, 'models'), { recursive: true })
  await writeFile(join(outer, 'secret.txt'), 'secret')
  await mkdir(join(folder, 'wrong', 'index.html'), { recursive: true })
  await writeFile(join(folder, 'index.html'), page)
  await writeFile(join(folder, 'models', 'index.html'), 'models')
  await writeFile(join(folder, 'app.js'), 'export {}')
  for (const name of others) await writeFile(join(folder, name), 'content')
  await writeFile(
    join(folder, fileListName),
    JSON.stringify({ version: '1', files: await listFiles(folder) }),
  )
  site = await serve({ folder, port: 0, prefix: '/course' })
})

afterAll(() => site.stop())

it('serves pages below the prefix, isolated', async () => {
  const response = await fetch(new URL('models/', site.url))
  expect(await response.text()).toBe('models')
  expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin')
})

it('allows the inline scripts of a page, and those only', async () => {
  const policy = (await fetch(site.url)).headers.get('content-security-policy')
  expect(policy).toContain("script-src 'self' blob: 'wasm-unsafe-eval' 'sha256-a+/b=';")
  const other = (await fetch(new URL('models/', site.url))).headers.get('content-security-policy')
  expect(other).toContain("script-src 'self' blob: 'wasm-unsafe-eval';")
  expect(inlineScripts('<script>let a</script>')).toEqual([])
})

it('sends scripts with the policy', async () => {
  const response = await fetch(new URL('app.js', site.url))
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(response.headers.get('content-security-policy')).toContain(
    "default-src 'self'; script-src 'self' blob:",
  )
  expect(response.headers.get('content-security-policy')).not.toMatch(/script-src[^;]*unsafe-inline/)
})

it.each([
  ['a page', '/course/', 'GET', 200],
  ['a script', '/course/app.js', 'GET', 200],
  ...others.map((name) => [name, `/course/${name}`, 'HEAD', 200]),
  ['no file', '/course/unknown', 'GET', 404],
  ['no address', '/course/%', 'GET', 404],
  ['outside', '/', 'GET', 404],
  ['a folder', '/course/models', 'GET', 308],
  ['the prefix', '/course', 'GET', 308],
  ['another method', '/course/', 'POST', 405],
])('guards every answer: %s', async (_, path, method, status) => {
  const response = await fetch(new URL(String(path), site.url), {
    method: String(method),
    redirect: 'manual',
  })
  expect(response.status).toBe(status)
  const headers = Object.fromEntries(response.headers)
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'permissions-policy': expect.stringContaining('camera=(), '),
    'cross-origin-embedder-policy': 'require-corp',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'content-security-policy': expect.stringMatching(/^default-src 'self'; .*frame-ancestors 'none'$/),
    'content-type': expect.stringMatching(/^\w+\/[\w+-]+/),
  })
})

it('answers another method with those that it knows', async () => {
  const response = await fetch(site.url, { method: 'DELETE' })
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
})

it('answers a part of a file with the whole', async () => {
  const response = await fetch(new URL('plain', site.url), { headers: { Range: 'bytes=1-2' } })
  expect([response.status, await response.text()]).toEqual([200, 'content'])
})

it('adds the slash of a folder', async () => {
  const response = await fetch(new URL('models?a=1', site.url), { redirect: 'manual' })
  expect([response.status, response.headers.get('location')]).toEqual([308, '/course/models/?a=1'])
})

/**
 * First line of the answer to a request line that `fetch` would tidy up.
 * @param {string} target
 * @returns {Promise<string>}
 */
function ask(target) {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(site.url).port), 'localhost', () =>
      socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`),
    )
    let text = ''
    socket.on('data', (chunk) => (text += chunk))
    socket.on('end', () => resolve(text.split('\r\n', 1)[0] ?? ''))
    socket.on('error', reject)
  })
}

it.each([
  '/',
  '/course/unknown',
  '/course/..%2Fsecret.txt',
  '/course/../../secret.txt',
  '/course/%2e%2e/secret.txt',
  '/course/..%5Csecret.txt',
  '/course/%',
  '/course/%E0%A4%A',
  '/course/%00',
  '/course//',
  '/course//models',
  '//other.example/course/',
  '//course/',
  '/course/models//',
  '/course/wrong/index.html/',
  'http://localhost/course/',
  '*',
  `/course/${'a'.repeat(5000)}`,
])('has no %s', async (path) => {
  expect(await ask(path)).toBe('HTTP/1.1 404 Not Found')
  // It is still there.
  expect((await fetch(site.url)).status).toBe(200)
})

it('says nothing of headers as a host that cannot set them', async () => {
  const plain = await serve({ folder, port: 0, withHeaders: false })
  try {
    for (const path of ['', 'unknown', 'models']) {
      const { headers } = await fetch(new URL(path, plain.url), { redirect: 'manual' })
      expect(headers.get('content-security-policy')).toBeNull()
      expect(headers.get('cross-origin-embedder-policy')).toBeNull()
    }
  } finally {
    await plain.stop()
  }
})

it('refuses a port that is taken', async () => {
  const port = Number(new URL(site.url).port)
  await expect(serve({ folder, port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
