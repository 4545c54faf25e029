import { expect, it } from 'vitest'
import { pythonScript } from '$lib/core/codegen/python'
import { defaultSpec } from '$lib/core/spec/defaults'
import { highlightPython } from './highlightPython'

const kinds = (source: string) =>
  highlightPython(source)
    .flat()
    .filter(({ kind }) => kind !== 'plain')
    .map(({ kind, text }) => `${kind} ${text}`)

it('tells comments, strings, numbers, keywords and calls apart', () => {
  expect(kinds('for x in f(1e-3):  # "a"\n    s = f"{x} # no"')).toEqual([
    'keyword for',
    'keyword in',
    'call f',
    'number 1e-3',
    'comment # "a"',
    'string f"{x} # no"',
  ])
  expect(kinds('"""Two\nlines."""\nlayer_1 = None')).toEqual([
    'string """Two',
    'string lines."""',
    'keyword None',
  ])
})

it.each(['keras', 'torch'] as const)('loses no character of a %s program', (style) => {
  const script = pythonScript(defaultSpec(), style, { weightsFile: 'w.safetensors', hasOrder: true })
  const lines = highlightPython(script).map((spans) => spans.map(({ text }) => text).join(''))
  expect(`${lines.join('\n')}\n`).toBe(script)
})
