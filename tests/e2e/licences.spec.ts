import { expect, test } from '@playwright/test'
import { readFile } from 'node:fs/promises'
import { violations } from './accessibility'

test('the page names every package that is shipped, with its licence', async ({ page, context }) => {
  await page.goto('./')
  const opened = context.waitForEvent('page')
  await page.getByRole('link', { name: 'Licences' }).click()
  const licences = await opened
  await expect(licences.getByRole('heading', { level: 1, name: 'Licences' })).toBeVisible()
  const names = (await licences.locator('.package').allInnerTexts()).map(
    (text) => text.split(' ', 1)[0] ?? '',
  )
  const { dependencies } = JSON.parse(await readFile('package.json', 'utf8')) as {
    dependencies: Record<string, string>
  }
  // Some come as part of others, with the build, or as data.
  const others = [
    'svelte',
    '@sveltejs/kit',
    'prettier',
    'mnist',
    'vite',
    '@lezer/common',
    '@kurkle/color',
    'd3-drag',
  ]
  expect(names).toEqual(expect.arrayContaining([...Object.keys(dependencies), ...others]))
  expect(new Set(names).size).toBe(names.length)
  for (const section of await licences.getByRole('region').all()) {
    expect((await section.locator('pre').first().innerText()).length).toBeGreaterThan(100)
  }
  expect(await violations(licences)).toEqual([])
})
