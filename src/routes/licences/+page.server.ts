import { readFile } from 'node:fs/promises'
import { noticesFile } from '../../../scripts/licences.mjs'
import type { PageServerLoad } from './$types'

/** Read, not run: without a script of its own the page holds each text once. */
export const csr = false

interface Package {
  readonly name: string
  readonly version: string
  readonly licence: string
  readonly texts: readonly string[]
}

/** What is shipped is known after the build of the page's scripts, which comes before this page is rendered. */
export const load: PageServerLoad = async () => {
  const text = await readFile(noticesFile, 'utf8').catch(() => '[]')
  const packages = JSON.parse(text) as Package[]
  /** Packages by their texts: many share one. */
  const groups = new Map<string, { texts: readonly string[]; packages: Omit<Package, 'texts'>[] }>()
  for (const { texts, ...one } of packages) {
    const key = texts.join('\n\n')
    const group = groups.get(key) ?? { texts, packages: [] }
    group.packages.push(one)
    groups.set(key, group)
  }
  return { groups: [...groups.values()] }
}
