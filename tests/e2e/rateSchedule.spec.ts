import { expect, test } from '@playwright/test'
import { PlaygroundPage, shortCircle, values } from './playgroundPage'

test('a learning rate schedule is chosen, runs alike in both lanes, and its first rate starts anew', async ({
  page,
}) => {
  const playground = new PlaygroundPage(page)
  await playground.open(shortCircle(4, { backend: 'cpu' }))
  await page.getByRole('button', { name: 'More …' }).click()
  const settings = page.getByRole('dialog', { name: 'Optimizer settings' })
  await settings.getByLabel('Learning rate schedule').selectOption('Constant in pieces')
  await settings.getByLabel('After steps').fill('8, 4')
  await settings.getByLabel('After steps').press('Tab')
  await expect(settings.getByRole('alert')).toHaveText('Type rising numbers.')
  await settings.getByLabel('After steps').fill('4, 20')
  await settings.getByLabel('Factor').fill('0.5')
  await page.keyboard.press('Escape')
  await expect(playground.lane('A').getByText('boundaries: [3, 19]')).toBeVisible()
  await expect(playground.lane('B').getByText('scheduler.step()')).toBeVisible()

  await playground.runToEnd()
  const [a, b] = [values(await playground.events('A'), 'loss'), values(await playground.events('B'), 'loss')]
  expect(a).toHaveLength(32)
  const gaps = a.map((loss, index) => Math.abs(Number(loss) - Number(b[index])))
  expect(Math.max(...gaps)).toBeLessThan(1e-5)

  await page.getByLabel('Initial learning rate').fill('0.01')
  await page.getByLabel('Initial learning rate').press('Enter')
  await expect(playground.lane('A').getByText('Finished')).toBeHidden()
})
