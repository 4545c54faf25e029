import { chmod, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { expect, it } from 'vitest'
import { findChromium } from './chromium.mjs'

/** @param {string} name @param {number} mode */
async function folderWith(name, mode) {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-chromium-'))
  const path = join(folder, name)
  await writeFile(path, '')
  await chmod(path, mode)
  return { folder, path }
}

it('prefers CHROMIUM_PATH', async () => {
  const named = await folderWith('my-browser', 0o755)
  const onPath = await folderWith('chromium', 0o755)
  expect(await findChromium({ CHROMIUM_PATH: named.path, PATH: onPath.folder })).toBe(named.path)
})

it('finds Chromium or Chrome on PATH, Chromium first', async () => {
  const chrome = await folderWith('google-chrome', 0o755)
  const chromium = await folderWith('chromium', 0o755)
  expect(await findChromium({ PATH: chrome.folder })).toBe(chrome.path)
  expect(await findChromium({ PATH: [chrome.folder, chromium.folder].join(delimiter) })).toBe(chromium.path)
})

it('finds nothing where nothing can be run', async () => {
  const { folder, path } = await folderWith('chromium', 0o644)
  expect(await findChromium({ PATH: folder })).toBeNull()
  expect(await findChromium({ CHROMIUM_PATH: path, PATH: '' })).toBeNull()
})
