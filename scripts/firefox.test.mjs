import { chmod, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findFirefox } from './firefox.mjs'

it('finds a Firefox on PATH, unless FIREFOX_PATH names another file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-firefox-'))
  const path = join(folder, 'firefox-esr')
  await writeFile(path, '')
  await chmod(path, 0o755)
  expect(await findFirefox({ PATH: folder })).toBe(path)
  expect(await findFirefox({ PATH: folder, FIREFOX_PATH: join(folder, 'other') })).toBeNull()
})
