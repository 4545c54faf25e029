/** What is imported on use can fail on use: every such import of the page goes through `lazyPart`, which says so. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'svelte/compiler'
import { expect, it } from 'vitest'

const folders = ['src/routes', 'src/lib/components', 'src/lib/lazy', 'src/lib/state', 'src/lib/charts']

interface SyntaxNode {
  readonly type: string
  readonly callee?: { readonly type: string; readonly name?: string }
  readonly source?: { readonly value?: unknown }
}

const isNode = (value: unknown): value is SyntaxNode =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'

/** What `source` imports on use outside of `lazyPart(…)`, and how much inside. */
function importsOnUse(source: string, isComponent: boolean): { bare: unknown[]; lazy: number } {
  const tree = parse(isComponent ? source : `<script lang="ts">\n${source}\n</script>`, { modern: true })
  const found: { bare: unknown[]; lazy: number } = { bare: [], lazy: 0 }
  const walk = (value: unknown, isInside: boolean): void => {
    if (Array.isArray(value)) for (const entry of value) walk(entry, isInside)
    else if (typeof value === 'object' && value !== null) {
      if (isNode(value) && value.type === 'ImportExpression') {
        if (isInside) found.lazy++
        else found.bare.push(value.source?.value)
      }
      const isLazy = isNode(value) && value.type === 'CallExpression' && value.callee?.name === 'lazyPart'
      for (const child of Object.values(value)) walk(child, isInside || isLazy)
    }
  }
  walk([tree.instance, tree.module, tree.fragment], false)
  return found
}

async function sources(): Promise<string[]> {
  const lists = await Promise.all(
    folders.map(async (folder) =>
      (await readdir(folder, { recursive: true })).map((name) => join(folder, name)),
    ),
  )
  return lists.flat().filter((path) => /\.(svelte|ts)$/.test(path) && !path.endsWith('.test.ts'))
}

it('finds imports on use in scripts and in markup', () => {
  expect(importsOnUse(`void import('./a')`, false)).toEqual({ bare: ['./a'], lazy: 0 })
  expect(importsOnUse(`{#await import('./a') then a}{a}{/await}`, true)).toEqual({ bare: ['./a'], lazy: 0 })
  expect(importsOnUse(`const a = lazyPart('A', () => import('./a'))`, false)).toEqual({ bare: [], lazy: 1 })
  expect(importsOnUse(`import type { A } from './a'; type B = import('./b').B`, false)).toEqual({
    bare: [],
    lazy: 0,
  })
})

it('imports nothing on use without saying when that fails', async () => {
  const bare: Record<string, unknown[]> = {}
  let lazy = 0
  for (const path of await sources()) {
    const found = importsOnUse(await readFile(path, 'utf8'), path.endsWith('.svelte'))
    if (found.bare.length > 0) bare[path] = found.bare
    lazy += found.lazy
  }
  expect(bare).toEqual({})
  expect(lazy).toBeGreaterThan(15)
})
