/** docs/lab.md says what the schema and the command lines say. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { dataKinds } from '../../lib/core/spec/datasets'
import { parseSpec } from '../../lib/core/spec/parse'
import { activations, lossNames, specSchema } from '../../lib/core/spec/schema'

const guide = readFileSync('docs/lab.md', 'utf8')

/** The cell beside `entry`. */
function cell(entry: string): string {
  return (
    guide
      .split('\n')
      .find((line) => line.startsWith(`| ${entry} `))
      ?.split('|')[2] ?? ''
  )
}

const codes = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)

/** `dense {units, activation?}` for each alternative of a variant, as the schema has it; `type` and `schedule` left out. */
function alternatives(options: readonly { readonly entries: object }[]): string[] {
  return options.map(({ entries }) => {
    const { type, ...others } = entries as Record<string, { type: string; literal?: string }>
    const names = Object.entries(others)
      .filter(([name]) => name !== 'schedule')
      .map(([name, schema]) => (schema.type === 'optional' ? `${name}?` : name))
    return names.length === 0 ? (type?.literal ?? '') : `${type?.literal ?? ''} {${names.join(', ')}}`
  })
}

describe('docs/lab.md', () => {
  it('shows a spec that is valid', () => {
    const [, json = ''] = /```json\n([\s\S]*?)```/.exec(guide) ?? []
    expect(parseSpec(JSON.parse(json)).data.kind).toBe('csv')
  })

  it('names what the schema has', () => {
    const sorted = (names: readonly string[]) => [...names].sort()
    expect(sorted(codes(cell('`data.kind`')))).toEqual(sorted(dataKinds))
    expect(codes(cell('activations'))).toEqual([...activations])
    expect(codes(cell('`loss`'))).toEqual([...lossNames])
    const { model, optimizer } = specSchema.entries
    const layer = model.entries.layers.pipe[1].item
    expect(sorted(codes(cell('layers')))).toEqual(sorted(alternatives(layer.options)))
    const named = codes(cell('`optimizer`')).filter((code) => code !== 'schedule?')
    expect(named).toEqual(alternatives(optimizer.options))
  })
})
