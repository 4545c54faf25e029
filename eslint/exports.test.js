import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Linter } from 'eslint'
import tseslint from 'typescript-eslint'
import { afterAll, expect, it } from 'vitest'
import plugin from './exports.js'

const root = mkdtempSync(join(tmpdir(), 'exports-'))
afterAll(() => rmSync(root, { recursive: true }))

/** @type {Record<string, string>} */
const files = {
  'src/a.ts': `
    /** Used elsewhere. */
    export const one = 1
    export function two() { return three }
    /** Used here. */
    export const three = 3
    /** Used nowhere. */
    export class Four {}`,
  'src/b.ts': `import { one } from './a'\nexport { two as deux } from './a'`,
  'src/Component.svelte': `<script lang="ts">import { ofComponent } from '$lib/c'</script>`,
  'src/lib/c.ts': `/** For the component. */\nexport const ofComponent = 1\n/** For a test. */\nexport const ofTest = 2`,
  'src/lib/c.test.ts': `import { ofTest } from './c'`,
  'src/d.ts': `/** One. */\nexport const all = 1`,
  'src/e.ts': `export * as d from './d'`,
}
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

/** @param {string} path */
function lint(path) {
  const linter = new Linter({ cwd: root })
  const parser = /** @type {import('eslint').Linter.Parser} */ (tseslint.parser)
  /** @type {import('eslint').Linter.Config} */
  const config = {
    files: ['**/*.ts'],
    languageOptions: { parser, sourceType: 'module' },
    plugins: { tandem: plugin },
    rules: { 'tandem/documented': 'error', 'tandem/used': 'error' },
  }
  return linter.verify(files[path] ?? '', [config], join(root, path)).map(({ message }) => message)
}

it('asks for a doc comment of each export, and for a use outside of tests', () => {
  expect(lint('src/a.ts')).toEqual([
    "Say in a doc comment what 'two' is: its shapes, units and errors, if any.",
    "Nothing but tests uses 'Four': delete it, or move it to the tests.",
  ])
  expect(lint('src/lib/c.ts')).toEqual([
    "Nothing but tests uses 'ofTest': delete it, or move it to the tests.",
  ])
  expect(lint('src/d.ts')).toEqual([])
})
