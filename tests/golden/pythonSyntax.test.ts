/** Translated programs are Python in all their forms, with lines of at most 88 characters, as Python's formatters have them. */
import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { pythonNotebook, pythonScript } from '../../src/lib/core/codegen'
import { styles } from '../../src/lib/core/spec'
import { pythonCases } from './pythonCases'

/** Any Python 3 will do. */
const python = ['python3', '/usr/bin/python3'].find(
  (command) => spawnSync(command, ['-c', 'import json']).status === 0,
)

/** Reads a list of programs and prints what is wrong with them, one line each. */
const check = `import json, sys
for number, text in enumerate(json.load(sys.stdin)):
    try:
        compile(text, str(number), "exec")
    except SyntaxError as error:
        print(f"{number}: line {error.lineno}: {error.msg}")`

function complaintsOf(command: string, programs: readonly string[]): string {
  const { stdout, stderr } = spawnSync(command, ['-c', check], {
    input: JSON.stringify(programs),
    encoding: 'utf8',
  })
  return `${stdout}${stderr}`.trim()
}

/** The code of a notebook as one program. */
function codeOf(notebook: string): string {
  const { cells } = JSON.parse(notebook) as {
    readonly cells: readonly { readonly cell_type: string; readonly source: readonly string[] }[]
  }
  return cells.flatMap(({ cell_type: type, source }) => (type === 'code' ? [source.join('')] : [])).join('\n')
}

const files = [{}, { weightsFile: 'weights.safetensors' }, { hasOrder: true }]

if (python === undefined) {
  it.skip('translated programs: needs python3')
} else {
  describe('translated programs', () => {
    it.each(styles)('for %s compile', (style) => {
      const programs = pythonCases.flatMap(({ spec }) =>
        files.flatMap((given) => [
          pythonScript(spec, style, given),
          codeOf(pythonNotebook(spec, style, given)),
        ]),
      )
      expect(complaintsOf(python, programs)).toBe('')
      const lines = programs.flatMap((program) => program.split('\n'))
      expect(lines.filter(({ length }) => length > 88)).toEqual([])
    })

    it('a mistake is found', () => {
      expect(complaintsOf(python, ['x = 1', 'x = 1\ndef ('])).toContain('1: line 2: ')
    })
  })
}
