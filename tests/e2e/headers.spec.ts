import { expect, test, type Page } from '@playwright/test'
import { createServer } from 'node:http'
import { waitForServiceWorker } from './siteVersions'

interface ListedFile {
  readonly path: string
  readonly scripts?: readonly string[]
}

const guards = [
  'content-security-policy',
  'cross-origin-embedder-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'permissions-policy',
  'referrer-policy',
  'x-content-type-options',
  'content-type',
]

const address = ({ path }: ListedFile) => path.replace(/(^|\/)index\.html$/, '$1')

async function listed(page: Page): Promise<ListedFile[]> {
  return ((await (await page.request.get('./files.json')).json()) as { files: ListedFile[] }).files
}

/** The guarding headers of each path, as the page gets them. */
function headersInPage(page: Page, paths: readonly string[]) {
  return page.evaluate(
    async ([all, names]) =>
      Object.fromEntries(
        await Promise.all(
          all.map(async (path) => {
            const { headers } = await fetch(new URL(path, document.baseURI))
            return [path, names.map((name) => headers.get(name))] as const
          }),
        ),
      ),
    [paths, guards] as const,
  )
}

test('every file is guarded, and the service worker answers with the same headers as the host', async ({
  page,
}) => {
  await page.goto('./')
  const files = await listed(page)
  for (const file of files) {
    const headers = (await page.request.head(`./${address(file)}`)).headers()
    expect(headers['x-content-type-options'], file.path).toBe('nosniff')
    expect(headers['referrer-policy'], file.path).toBe('no-referrer')
    expect(headers['cross-origin-embedder-policy'], file.path).toBe('require-corp')
    const scripts = (file.scripts ?? []).map((source) => ` '${source}'`).join('')
    expect(headers['content-security-policy'], file.path).toContain(
      `script-src 'self' blob: 'wasm-unsafe-eval'${scripts};`,
    )
    expect(headers['content-security-policy'], file.path).toContain("frame-ancestors 'none'")
  }
  // One of each kind, and what is no file.
  const kinds = new Map(files.map((file) => [file.path.split('.').at(-1), address(file)]))
  const paths = [...kinds.values(), 'models/', 'unknown', '%']
  await page.goto('about:blank')
  const host: Record<string, (string | null)[]> = {}
  for (const path of paths) {
    const headers = (await page.request.get(`./${path}`)).headers()
    host[path] = guards.map((name) => headers[name] ?? null)
  }
  await page.goto('./')
  await waitForServiceWorker(page)
  expect(await headersInPage(page, paths)).toEqual(host)
})

test('pages run under the policy of their headers, from the host and from what is kept', async ({ page }) => {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (/policy|refused|violat/i.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  for (let visit = 0; visit < 2; visit++) {
    for (const path of ['./licences/', './models/', './']) {
      const response = await page.goto(path)
      if (visit > 0) expect(response?.fromServiceWorker()).toBe(true)
      await expect(page.getByRole('heading', { level: 1 })).toBeAttached()
    }
    await expect(page.getByRole('button', { name: 'Run both' })).toBeEnabled()
    await waitForServiceWorker(page)
  }
  expect(complaints).toEqual([])
})

test('a script that the build did not put into a page does not run in it', async ({ page }) => {
  await page.route('./', async (route) => {
    const response = await route.fetch()
    const text = await response.text()
    await route.fulfill({
      response,
      body: text.replace('</head>', '<script>globalThis.injected = 1</script></head>'),
    })
  })
  await page.goto('./')
  await expect(page.getByRole('button', { name: 'Run both' })).toBeEnabled()
  expect(await page.evaluate(() => 'injected' in globalThis)).toBe(false)
})

test('no other site can show a page in a frame', async ({ page, baseURL }) => {
  const html = `<iframe src="${String(baseURL)}" title="site"></iframe>`
  const server = createServer((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end(html)
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const bound = server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0
  const refused = page.waitForEvent('console', (message) => message.text().includes('frame-ancestors'))
  await page.goto(`http://localhost:${port}/`)
  await refused
  await expect(page.frameLocator('iframe').getByRole('heading', { level: 1 })).toHaveCount(0)
  server.close()
})
