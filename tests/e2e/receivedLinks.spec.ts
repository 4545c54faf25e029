import { deflateRawSync } from 'node:zlib'
import { expect, test } from '@playwright/test'
import { defaultExperiment } from '../../src/lib/core/spec/defaults'
import { encodeHash } from '../../src/lib/core/spec/hash'
import { PlaygroundPage, shortCircle } from './playgroundPage'

/** A link to whatever JSON is given. */
const linkTo = (json: string) => `./#1.${deflateRawSync(json).toString('base64url')}`

/** The JSON of an experiment with this program in both lanes, whether it is valid or not. */
function withProgram(program: string): string {
  const base = defaultExperiment()
  return JSON.stringify({ ...base, lanes: base.lanes.map((lane) => ({ ...lane, program })) })
}

test('what was typed just before a reload is there after it', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(2, { backend: 'cpu' }))
  const lane = playground.lane('A')
  await lane.getByRole('button', { name: 'Edit the program of lane A' }).click()
  const editor = lane.getByRole('textbox', { name: 'Program of lane A' })
  await expect(editor).toBeFocused()
  const address = page.url()
  const loaded = page.waitForEvent('load')
  // In one task: the page has no time to write its address.
  await editor.evaluate((content) => {
    content.querySelector('.cm-line')?.prepend('/* typed at once */')
    location.reload()
  })
  await loaded
  expect(page.url()).toBe(address)
  await expect(lane.getByText('/* typed at once */')).toBeVisible()
  await page.waitForURL((url) => url.href !== address)
  await page.reload()
  await expect(lane.getByText('/* typed at once */')).toBeVisible()
})

test('characters that cannot be seen are shown alike where a program is read and edited, and told of', async ({
  page,
}) => {
  const playground = new PlaygroundPage(page)
  await page.goto(linkTo(withProgram("// \u202e\u2066ok\u2069\nconsole.log('a\u200bb', x\u3164)\u2028y()")))
  const lane = playground.lane('A')
  await expect(lane.getByRole('note')).toHaveText(
    /^This link brought an edited program\. It holds characters that cannot be seen, in lines 1 and 2: they are shown as escapes, such as \\u200B\. Read it before you run it\.$/,
  )
  const escapes = ['\\u202E', '\\u2066', '\\u2069', '\\u200B', '\\u3164']
  const hidden = lane.getByTitle(/^A character that cannot be seen: U\+/)
  await expect(hidden).toHaveText(escapes)
  const lines = ['// \\u202E\\u2066ok\\u2069', "console.log('a\\u200Bb', x\\u3164)", 'y()']
  for (const line of lines) await expect(lane.getByText(line, { exact: true })).toBeVisible()
  await lane.getByRole('button', { name: 'Edit the program of lane A' }).click()
  const editor = lane.getByRole('textbox', { name: 'Program of lane A' })
  await expect(editor).toBeFocused()
  await expect(hidden).toHaveText(escapes)
  await expect(editor.locator('.cm-line')).toHaveText(lines)
})

const hostile: readonly (readonly [what: string, link: () => string, message: string])[] = [
  [
    'inflates to millions of entries',
    () => linkTo(`{"version":1,"spec":[${'0,'.repeat(20_000_000)}0]}`),
    'link: expected an experiment of at most 2.0 MB, got more.',
  ],
  [
    'has a program of 50,000 lines',
    () => linkTo(withProgram('\n'.repeat(49_999))),
    'lanes[0].program: expected a program of at most 2,000 lines, got 50,000.',
  ],
  [
    'hides most of a program',
    () => linkTo(withProgram('\u202e'.repeat(50_000))),
    'lanes[0].program: expected a program that can be read, got 50,000 characters that cannot be seen.',
  ],
  [
    'is nested a million times',
    () => linkTo(`{"version":1,"spec":${'['.repeat(900_000)}${']'.repeat(900_000)}}`),
    'spec: expected an object, got [[[[…]]]].',
  ],
  [
    'is too long',
    () => `./#1.${'A'.repeat(1_000_001)}`,
    'link: expected at most 1000000 characters, got 1000003.',
  ],
]

for (const [what, link, message] of hostile) {
  test(`a link that ${what} is refused in words, once`, async ({ page }) => {
    const playground = new PlaygroundPage(page)
    await page.goto(link())
    await expect(page.getByText('This link cannot be opened')).toBeVisible()
    await expect(page.getByText(message)).toBeVisible()
    await expect(playground.button('Run both')).toBeEnabled()
    await page.goto('./models/')
    await page.goto('./')
    await expect(playground.button('Run both')).toBeEnabled()
    await expect(page.getByText('cannot be')).toBeHidden()
  })
}

for (const tail of [')', '.', '&fbclid=IwAR0abc', '\u200b', '&utm_source=chat&utm_medium=social).']) {
  test(`a link with ${JSON.stringify(tail)} after it opens`, async ({ page }) => {
    await page.goto(`./#${encodeHash(shortCircle(7, { backend: 'cpu' }))}${tail}`)
    await expect(page.getByRole('textbox', { name: 'Epochs' })).toHaveValue('7')
    await expect(page.getByText('cannot be opened')).toBeHidden()
  })
}

test('a last visit that cannot be read is set aside in words', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await page.goto('./models/')
  await page.evaluate(() => {
    localStorage.setItem('tandem.experiment', '1.broken')
  })
  await page.goto('./')
  await expect(page.getByText('The last visit cannot be restored')).toBeVisible()
  await expect(
    page.getByText('set aside in this browser’s storage, as tandem.experiment.setAside'),
  ).toBeVisible()
  await expect(playground.button('Run both')).toBeEnabled()
  await page.reload()
  await expect(playground.button('Run both')).toBeEnabled()
  await expect(page.getByText('The last visit cannot be restored')).toBeHidden()
})

test('a file that cannot hold an experiment is not read', async ({ page }) => {
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(2, { backend: 'cpu' }))
  await page.getByLabel('Experiment file').setInputFiles({
    name: 'large.json',
    mimeType: 'application/json',
    buffer: Buffer.alloc(3 * 1024 * 1024, ' '),
  })
  await expect(
    page.getByText('file: expected the JSON of an experiment, at most 2.0 MB, got 3.0 MB.'),
  ).toBeVisible()
})
