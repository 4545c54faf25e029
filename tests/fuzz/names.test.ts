/** A name is text wherever it is put: it changes no program, no notebook and no path, whatever is in it. */
import { Parser, type Node } from 'acorn'
import { full } from 'acorn-walk'
import { unzipSync } from 'fflate'
import papaparse from 'papaparse'
import fc from 'fast-check'
import { describe, expect } from 'vitest'
import { generateProgram, pythonNotebook, pythonScript, type ProgramPlace } from '../../src/lib/core/codegen'
import { styles } from '../../src/lib/core/spec'
import { parseSpec } from '../../src/lib/core/spec/parse'
import type { Spec, Style } from '../../src/lib/core/spec/schema'
import { fileStem } from '../../src/lib/state/saveFile'
import { writePart } from '../../src/lib/workers/exportHost'
import { fuzz } from './fuzz'
import { hostileText } from './hostile'
import { pythonParts, pythonString } from './pythonText'
import { hiddenCharacters } from '../../src/lib/core/util/hiddenCharacters'

/** What stands between names in the same place of two programs. */
interface Names {
  readonly name: string
  readonly features: readonly string[]
  readonly label: string
  readonly file: string
}

const columnNames = fc.uniqueArray(hostileText(200), { minLength: 2, maxLength: 4 })
const names: fc.Arbitrary<Names> = fc
  .tuple(hostileText(100), columnNames, hostileText(255))
  .map(([name, [label = '', ...features], file]) => ({ name, features, label, file }))

const plainNames = ({ features }: Names): Names => ({
  name: 'plain',
  features: features.map((_, index) => `feature${index}`),
  label: 'label',
  file: 'file',
})

function specOf({ name, features, label, file }: Names): Spec {
  return parseSpec({
    version: 1,
    name,
    data: {
      kind: 'csv',
      ...{ features, label, task: 'regression', trainFraction: 0.5 },
      file: { name: file, hash: 'a', rows: 4 },
    },
    model: { layers: [{ type: 'dense', units: 1 }] },
    loss: 'meanSquaredError',
    optimizer: { type: 'sgd', learningRate: 0.1 },
    training: {},
  })
}

/** What nobody sees in a text, or what turns it around. */
const hidden = /(?!\n)\p{Cc}|[\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\u200b\ufeff\u00ad]/u

/** A program's tree without the texts of its strings, those texts, and its comments. */
function readProgram(text: string) {
  const comments: string[] = []
  const tree = Parser.parse(text, {
    ecmaVersion: 'latest',
    sourceType: 'module',
    onComment: (_isBlock, comment) => void comments.push(comment),
  })
  const strings: string[] = []
  const types: string[] = []
  full(tree, (node: Node & { value?: unknown; name?: unknown }) => {
    const isString = node.type === 'Literal' && typeof node.value === 'string'
    if (isString) strings.push(String(node.value))
    const own = [node.name, node.value].filter((part) => typeof part !== 'object')
    types.push(isString ? 'string' : `${node.type} ${own.join(' ')}`)
  })
  return { types: types.join(), strings, comments }
}

const places: readonly ProgramPlace[] = [
  { lane: 'A' },
  { lane: 'B', alignedTo: 'torch', execution: 'static', stepsPerExecution: 10 },
]

describe('a name in JavaScript', () => {
  const named = fc.tuple(names, fc.constantFrom(...styles), fc.constantFrom(...places))

  fuzz('is inside of its string, and can be seen', named, ([given, style, place]) => {
    const plain = plainNames(given)
    const renamed = new Map(plain.features.map((name, index) => [name, given.features[index]]))
    renamed.set(plain.label, given.label)
    const expected = readProgram(generateProgram(specOf(plain), style, place))
    const program = generateProgram(specOf(given), style, place)
    const { types, strings, comments } = readProgram(program)
    expect([types, comments]).toEqual([expected.types, expected.comments])
    expect(strings).toEqual(expected.strings.map((text) => renamed.get(text) ?? text))
    expect(program).not.toMatch(hidden)
  })
})

const titleOf = (name: string, style: Style) =>
  `${name.trim() || 'CSV'} in ${style === 'keras' ? 'Keras 3' : 'PyTorch'}`

interface Notebook {
  readonly cells: readonly { readonly cell_type: string; readonly source: readonly string[] }[]
}

/** Characters that mean something to Markdown, or to what shows it. */
const markdown = /[`*_[\]<>&!#~|$:.@\\]/

describe('a name in Python', () => {
  const named = fc.tuple(names, fc.constantFrom(...styles), hostileText(60), hostileText(60))

  fuzz('is inside of its string, and can be seen', named, ([given, style, dataFile, weightsFile]) => {
    const script = pythonScript(specOf(given), style, { dataFile, weightsFile, hasOrder: true })
    const plainFiles = { dataFile: 'data', weightsFile: 'weights', hasOrder: true }
    const plain = pythonParts(pythonScript(specOf(plainNames(given)), style, plainFiles))
    const { code, comments, strings } = pythonParts(script)
    expect([code, comments]).toEqual([plain.code, plain.comments])
    const renamed = new Map([
      ['data', dataFile],
      ['weights', weightsFile],
    ])
    const [title = '', ...rest] = strings
    expect(pythonString(title)).toBe(`${titleOf(given.name, style)}.`)
    const changed = rest.filter((text, index) => text !== plain.strings[index + 1])
    for (const text of changed) expect([...renamed.values()]).toContain(pythonString(text))
    expect(script).not.toMatch(hidden)
  })

  fuzz('is plain text in a notebook', named, ([given, style]) => {
    const read = (names: Names) => JSON.parse(pythonNotebook(specOf(names), style)) as Notebook
    const { cells } = read(given)
    const [heading, ...rest] = cells
    expect(rest).toEqual(read(plainNames(given)).cells.slice(1))
    expect(heading?.source).toHaveLength(1)
    const [line = ''] = heading?.source ?? []
    expect(line).not.toMatch(hidden)
    expect(line).not.toContain('\n')
    expect(line.replace(/^# /, '').replaceAll(/\\[^]/g, '')).not.toMatch(markdown)
    // As far as the name can be seen, it is there.
    const shown = line.replace(/^# /, '').replaceAll(/\\([^])/g, '$1')
    const bare = (text: string) => text.replaceAll(hiddenCharacters, '').replaceAll(/[\s\ufffd]/g, '')
    expect(bare(shown)).toBe(bare(titleOf(given.name, style)))
  })
})

describe('a name in an archive', () => {
  fuzz('leaves paths as they are', names, async (given) => {
    // As a file can have them: trimmed, each once, in UTF-8.
    const clean = (text: string, index: number) =>
      `${index}${text.toWellFormed().replaceAll(/\r\n?/g, '\n')}`.slice(0, 200).toWellFormed().trim()
    const [label = '', ...features] = [given.label, ...given.features].map(clean)
    const rows = [1, 2, 3, 4].map((row) => [label, ...features].map((_, column) => row * column))
    const text = papaparse.unparse([[label, ...features], ...rows], { newline: '\n' })
    const folder = `${fileStem(given.name)}-keras`
    expect(folder).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    const zip = await writePart({
      part: 'archive',
      spec: specOf({ ...given, label, features }),
      style: 'keras',
      csv: { hash: text, blob: new Blob([text]) },
      hasOrder: true,
      weights: null,
      folder,
      texts: { 'program.py': 'pass' },
    })
    expect(Object.keys(unzipSync(zip)).sort()).toEqual([`${folder}/data.npz`, `${folder}/program.py`])
  })
})
