import { expect, test, type Page } from '@playwright/test'
import { experiment, PlaygroundPage, shortCircle } from './playgroundPage'

// What a service worker has kept does not fail.
test.use({ serviceWorkers: 'block' })

/** Fails every script and style that the page itself did not name, until told otherwise. */
async function blockParts(page: Page): Promise<() => Promise<void>> {
  const document = await (await page.request.get('./')).text()
  const parts = /\/_app\/immutable\/.*\.(js|css)$/
  await page.route(parts, (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? ''
    // Lanes are another matter: they have an error of their own.
    const isNeeded = document.includes(name) || route.request().url().includes('/workers/')
    return isNeeded ? route.continue() : route.abort()
  })
  return () => page.unroute(parts)
}

const alertAbout = (page: Page, name: string) =>
  page.getByRole('alert').filter({ hasText: `${name} could not be loaded.` })

async function tryAgain(page: Page, name: string): Promise<void> {
  await alertAbout(page, name).first().getByRole('button', { name: 'Try again' }).click()
}

test('the page is whole without its parts, and each can be tried again', async ({ page }) => {
  const unblock = await blockParts(page)
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(1, { backend: 'cpu' }))
  await expect(alertAbout(page, 'The charts')).toBeVisible()
  await expect(alertAbout(page, 'The colours of the program')).toHaveCount(2)
  await playground.lane('A').getByRole('tab', { name: 'Ledger' }).click()
  await expect(alertAbout(page, 'The ledger')).toBeVisible()
  // Still without a connection it says the same again.
  await tryAgain(page, 'The ledger')
  await expect(alertAbout(page, 'The ledger').getByRole('button', { name: 'Try again' })).toBeVisible()

  await unblock()
  await tryAgain(page, 'The ledger')
  await expect(
    playground.lane('A').getByRole('tabpanel', { name: 'Ledger' }).getByRole('table').first(),
  ).toBeVisible()
  await tryAgain(page, 'The charts')
  await expect(alertAbout(page, 'The charts')).toHaveCount(0)
  await tryAgain(page, 'The colours of the program')
  await expect(page.getByRole('alert')).toHaveCount(0)
  await expect(
    page.getByRole('region', { name: 'Program of lane B' }).locator('.keyword').first(),
  ).toBeVisible()
  await playground.runToEnd()
})

test('tabs, dialogs and the editor say that they could not be loaded', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(experiment({}, { backend: 'cpu' }))
  await expect(page.locator('.keyword').first()).toBeVisible()
  const lane = playground.lane('A')
  const dataset = page.getByLabel('Dataset')
  const exporting = async () => {
    await page.getByRole('button', { name: 'Export' }).click()
    await page.getByRole('button', { name: 'Lane A in Python …' }).click()
  }
  const parts: [string, () => Promise<unknown>, () => Promise<unknown>][] = [
    [
      'The graph',
      () => lane.getByRole('tab', { name: /^(Graph|Tape)$/ }).click(),
      () => expect(lane.getByRole('tabpanel').locator('> *').first()).toBeVisible(),
    ],
    [
      'The signatures',
      () => lane.getByRole('tab', { name: 'Signatures' }).click(),
      () => expect(lane.getByRole('tabpanel').locator('> *').first()).toBeVisible(),
    ],
    [
      'The editor',
      async () => {
        await lane.getByRole('tab', { name: 'Code' }).click()
        await lane.getByRole('button', { name: 'Edit the program of lane A' }).click()
      },
      () => expect(lane.getByRole('textbox')).toBeVisible(),
    ],
    ['The Python program', exporting, () => closeDialog(page)],
    ['The pad for points', () => dataset.selectOption('Own points …'), () => closeDialog(page)],
    ['The dialog for files', () => dataset.selectOption('CSV file …'), () => closeDialog(page)],
  ]
  for (const [name, open, isShown] of parts) {
    const unblock = await blockParts(page)
    await open()
    await expect(alertAbout(page, name).first()).toBeVisible()
    await unblock()
    await tryAgain(page, name)
    await expect(alertAbout(page, name)).toHaveCount(0)
    await isShown()
  }
})

test('a dialog that could not be loaded can be given up, and opened later', async ({ page }) => {
  const unblock = await blockParts(page)
  await new PlaygroundPage(page).open(experiment({}, { backend: 'cpu' }))
  await page.getByLabel('Dataset').selectOption('CSV file …')
  const alert = alertAbout(page, 'The dialog for files')
  await alert.getByRole('button', { name: 'Close' }).click()
  await expect(alert).toHaveCount(0)
  await unblock()
  await page.getByLabel('Dataset').selectOption('CSV file …')
  await closeDialog(page)
})

test('the comparison of models says so too', async ({ page }) => {
  const html = await (await page.request.get('./models/')).text()
  await page.route(/\/_app\/immutable\/.*\.js$/, (route) => {
    const name = new URL(route.request().url()).pathname.split('/').at(-1) ?? ''
    return html.includes(name) ? route.continue() : route.abort()
  })
  await page.goto('./models/')
  await expect(alertAbout(page, 'The comparison')).toBeVisible()
  await page.unrouteAll()
  await tryAgain(page, 'The comparison')
  await page.getByRole('button', { name: 'Run the shipped model.onnx' }).click()
  await expect(page.getByRole('img', { name: /^As a file in onnxruntime-web: answers/ })).toBeVisible()
})

async function closeDialog(page: Page): Promise<void> {
  await expect(page.getByRole('dialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
}
