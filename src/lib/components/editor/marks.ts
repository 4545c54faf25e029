/** What a run says about lines of the program: where it is, where it failed, which lines have nodes in the graph. */
import { RangeSet, StateEffect, StateField, type EditorState, type Extension } from '@codemirror/state'
import {
  Decoration,
  EditorView,
  GutterMarker,
  gutter,
  gutterLineClass,
  ViewPlugin,
  WidgetType,
  type DecorationSet,
  type ViewUpdate,
} from '@codemirror/view'
import { hangOf } from '../codeLines'

/** Lines of the program that a run marks. */
export interface Marks {
  /** 0 is no line. */
  readonly current: number
  readonly recent: ReadonlySet<number>
  readonly failed: number
  readonly message: string
  /** Line of what is selected in the graph; 0 for none. */
  readonly marked: number
  /** Nodes of the graph that come from each line. */
  readonly nodeCounts: ReadonlyMap<number, number>
}

/** No line is marked. */
export const noMarks: Marks = {
  current: 0,
  recent: new Set(),
  failed: 0,
  message: '',
  marked: 0,
  nodeCounts: new Map(),
}

/** Sets the lines that are marked. */
export const setMarks = StateEffect.define<Marks>()

/** The marks of the run; an edit moves lines, so it takes them away. */
export const marksField = StateField.define<Marks>({
  create: () => noMarks,
  update(marks, transaction) {
    const set = transaction.effects.find((effect) => effect.is(setMarks))
    if (set) return set.value
    return transaction.docChanged ? noMarks : marks
  },
  provide: (field) => [
    EditorView.decorations.compute([field, 'doc'], lineDecorations),
    gutterLineClass.compute([field, 'doc'], gutterClasses),
  ],
})

class LineClass extends GutterMarker {
  constructor(override readonly elementClass: string) {
    super()
  }
}

class LineNumber extends GutterMarker {
  constructor(
    private readonly line: number,
    private readonly nodes: number,
    private readonly onShow: (line: number) => void,
  ) {
    super()
  }

  override eq(other: LineNumber): boolean {
    return other.line === this.line && other.nodes === this.nodes
  }

  override toDOM(): HTMLElement {
    const { line, nodes, onShow } = this
    const dom = document.createElement(nodes > 0 ? 'button' : 'span')
    dom.textContent = String(line)
    if (!(dom instanceof HTMLButtonElement)) {
      dom.setAttribute('aria-hidden', 'true')
      return dom
    }
    dom.type = 'button'
    dom.title = `${String(nodes)} nodes of the graph come from this line`
    dom.ariaLabel = `Line ${String(line)}: show its ${String(nodes)} nodes`
    dom.onclick = () => {
      onShow(line)
    }
    return dom
  }
}

class Message extends WidgetType {
  constructor(private readonly text: string) {
    super()
  }

  override eq(other: Message): boolean {
    return other.text === this.text
  }

  override toDOM(): HTMLElement {
    const dom = document.createElement('div')
    dom.className = 'cm-message'
    dom.textContent = this.text
    return dom
  }
}

/** Numbers beside the lines; where a line has nodes in the graph, its number is a button that shows them. */
export function lineGutter(onShow: (line: number) => void): Extension {
  return gutter({
    class: 'cm-programGutter',
    lineMarker: ({ state }, { from }) => {
      const line = state.doc.lineAt(from).number
      return new LineNumber(line, state.field(marksField).nodeCounts.get(line) ?? 0, onShow)
    },
    lineMarkerChange: ({ startState, state }) =>
      startState.field(marksField).nodeCounts !== state.field(marksField).nodeCounts,
  })
}

/** Sets wrapped lines in by their own indentation and two columns more, and names each line in the page. */
export const hangingLines = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet
    constructor(view: EditorView) {
      this.decorations = hang(view)
    }
    update(update: ViewUpdate): void {
      if (update.docChanged || update.viewportChanged) this.decorations = hang(update.view)
    }
  },
  { decorations: (plugin) => plugin.decorations },
)

function hang(view: EditorView): DecorationSet {
  const lines = view.visibleRanges.flatMap(({ from, to }) => linesBetween(view.state, from, to))
  return Decoration.set(
    [...new Map(lines.map((line) => [line.number, line])).values()].map(({ from, number, text }) => {
      const attributes = { 'data-line': String(number), style: `--hang: ${String(hangOf(text))}ch` }
      return Decoration.line({ attributes }).range(from)
    }),
  )
}

function linesBetween({ doc }: EditorState, from: number, to: number) {
  const first = doc.lineAt(from).number
  return Array.from({ length: doc.lineAt(to).number - first + 1 }, (_, index) => doc.line(first + index))
}

/** Classes of the lines that have one. */
function classes({ current, recent, failed, marked }: Marks): ReadonlyMap<number, string> {
  const found = new Map<number, string>()
  const add = (line: number, name: string) => {
    if (line > 0) found.set(line, `${found.get(line) ?? ''} ${name}`.trim())
  }
  for (const line of recent) add(line, 'recent')
  add(current, 'current')
  add(failed, 'failed')
  add(marked, 'marked')
  return found
}

function linesWithClass(state: EditorState) {
  return [...classes(state.field(marksField))]
    .filter(([line]) => line <= state.doc.lines)
    .sort(([a], [b]) => a - b)
    .map(([line, name]) => ({ line: state.doc.line(line), name }))
}

function lineDecorations(state: EditorState): DecorationSet {
  const { failed, message } = state.field(marksField)
  const ranges = linesWithClass(state).flatMap(({ line, name }) => [
    Decoration.line({ class: name }).range(line.from),
    ...(line.number === failed && message !== ''
      ? [Decoration.widget({ widget: new Message(message), block: true, side: 1 }).range(line.to)]
      : []),
  ])
  return Decoration.set(ranges, true)
}

function gutterClasses(state: EditorState): RangeSet<GutterMarker> {
  return RangeSet.of(linesWithClass(state).map(({ line, name }) => new LineClass(name).range(line.from)))
}
