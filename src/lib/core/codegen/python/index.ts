/** A spec as a real Python program for Keras 3 or PyTorch: a script, and a notebook of the same cells. */
import type { Spec, Style } from '../../spec/schema'
import { escapeHidden } from '../../util/hiddenCharacters'
import { kerasImports, kerasSections } from './keras'
import { pythonText } from './printPython'
import { frameworks, titleOf, type Files, type PythonFiles, type Section } from './sections'
import { torchImports, torchSections } from './torch'

export { requirements, type Requirements } from './requirements'
export type { PythonFiles } from './sections'

const writers = {
  keras: { imports: kerasImports, sections: kerasSections },
  torch: { imports: torchImports, sections: torchSections },
} as const

/** A script that finds its files beside itself. */
export function pythonScript(spec: Spec, style: Style, given: PythonFiles = {}): string {
  const [imports, ...sections] = sectionsOf(spec, style, filesOf(given), 'Path(__file__).parent')
  // The title is part of a string literal.
  const title = pythonText(`${titleOf(spec)} in ${frameworks[style]}.`).slice(1, -1)
  const parts = sections.map(({ title, code }) => `${gapBefore(code)}# ${title}\n${code.join('\n')}`)
  return [`"""${title}"""\n`, ...(imports?.code ?? []), ...parts, ''].join('\n')
}

/** Two empty lines before a class or function, one before anything else. */
function gapBefore([first = '']: readonly string[]): string {
  return /^(class|def) /.test(first) ? '\n\n' : '\n'
}

/** The JSON of a Jupyter notebook (nbformat 4) that finds its files in the folder it runs in. */
export function pythonNotebook(spec: Spec, style: Style, given: PythonFiles = {}): string {
  const sections = sectionsOf(spec, style, filesOf(given), 'Path()')
  const title = [`# ${plainMarkdown(titleOf(spec))} in ${frameworks[style]}`]
  const cells = sections.flatMap(({ title, text, code }) => [
    markdownCell(title, [`## ${title}`, '', text]),
    codeCell(title, code),
  ])
  const notebook = {
    cells: [markdownCell('notebook', title), ...cells],
    metadata: {
      kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
      language_info: { name: 'python' },
    },
    nbformat: 4,
    nbformat_minor: 5,
  }
  return `${JSON.stringify(notebook, null, 1)}\n`
}

function filesOf({
  dataFile = 'data.npz',
  hasOrder = false,
  weightsFile = null,
  execution = null,
}: PythonFiles): Files {
  return { dataFile, hasOrder, weightsFile, execution }
}

function sectionsOf(spec: Spec, style: Style, files: Files, folder: string): readonly Section[] {
  const { imports, sections } = writers[style]
  const code = [...imports(spec, files), '', `folder = ${folder}`]
  return [
    { title: 'Imports', text: 'The files of this program lie in `folder`.', code },
    ...sections(spec, files),
  ]
}

/** A name as one line of Markdown that shows its characters: no link, picture, formula or tag. */
function plainMarkdown(name: string): string {
  const line = escapeHidden(name.replaceAll(/\s+/g, ' '), () => '\ufffd')
  return line.replaceAll(/[\\`*_[\]<>&!#~|$:.@]/g, '\\$&')
}

/** Cells have an id since nbformat 4.5. */
function markdownCell(title: string, lines: readonly string[]) {
  return { cell_type: 'markdown', id: `${cellId(title)}-text`, metadata: {}, source: sourceOf(lines) }
}

function codeCell(title: string, lines: readonly string[]) {
  const empty = { execution_count: null, metadata: {}, outputs: [] }
  return { cell_type: 'code', id: cellId(title), ...empty, source: sourceOf(lines) }
}

function cellId(title: string): string {
  return title.toLowerCase()
}

/** Lines that keep their ends but for the last, as notebooks store them. */
function sourceOf(lines: readonly string[]): readonly string[] {
  const all = lines.join('\n').split('\n')
  return all.map((line, index) => (index < all.length - 1 ? `${line}\n` : line))
}
