/** The editor of one lane's program. Outlives its place on the page: text, undo and selection stay with the lane. */
import { apiSupport } from './completion'
import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import {
  defaultKeymap,
  history,
  historyKeymap,
  indentWithTab,
  isolateHistory,
  redo,
  redoDepth,
  undo,
  undoDepth,
} from '@codemirror/commands'
import { javascriptLanguage } from '@codemirror/lang-javascript'
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  LanguageSupport,
  syntaxHighlighting,
} from '@codemirror/language'
import { lintKeymap } from '@codemirror/lint'
import { unifiedMergeView } from '@codemirror/merge'
import {
  Compartment,
  EditorState,
  type Extension,
  type Transaction,
  type TransactionSpec,
} from '@codemirror/state'
import { EditorView, highlightSpecialChars, keymap } from '@codemirror/view'
import { styleTags, tags } from '@lezer/highlight'
import * as apiDocs from 'virtual:api-docs'
import { hangingLines, lineGutter, marksField, setMarks, type Marks } from './marks'
import { problems } from './problems'
import { boundedDiff, textChanges } from './textChanges'
import { programProblem, withLineFeeds } from '$lib/core/spec/programText'
import { describeHidden, escapeOf, hiddenCharacters } from '$lib/core/util/hiddenCharacters'
import { theme } from './theme'

/** What the editor tells, whoever shows it at the moment. */
export interface EditorListener {
  onText(text: string): void
  onShowNodes(line: number): void
  /** A change was refused: what kept the text from being taken. */
  onRefused(problem: string): void
  /** What can be undone or redone may have changed. */
  onHistory(): void
}

/** A call's name in the colour that the read-only pane gives it. */
const language = javascriptLanguage.configure({
  props: [
    styleTags({
      'NewExpression/VariableName NewExpression/MemberExpression/PropertyName': tags.function(
        tags.variableName,
      ),
    }),
  ],
})

const colours = HighlightStyle.define([
  {
    tag: [tags.keyword, tags.bool, tags.null, tags.self, tags.operatorKeyword],
    color: 'var(--code-keyword)',
  },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: 'var(--code-string)' },
  { tag: tags.number, color: 'var(--code-number)' },
  {
    tag: [tags.function(tags.variableName), tags.function(tags.propertyName)],
    color: 'var(--code-call)',
  },
  { tag: tags.comment, color: 'var(--code-comment)', fontStyle: 'italic' },
])

/** The same escapes as in the panes that are read. */
const visibleCharacters = highlightSpecialChars({
  specialChars: hiddenCharacters,
  render: (code) => {
    const character = String.fromCodePoint(code)
    const dom = document.createElement('span')
    dom.className = 'hidden-character'
    dom.title = describeHidden(character)
    dom.textContent = escapeOf(character)
    return dom
  },
})

/** Without Ctrl+Enter, which runs the lanes. */
const keys = defaultKeymap.filter(({ key }) => key !== 'Mod-Enter')

/** A CodeMirror editor for one program. */
export class ProgramEditor {
  listener: EditorListener | null = null
  readonly #changes = new Compartment()
  readonly #extensions: Extension
  #state: EditorState
  #view: EditorView | null = null
  #scrollTop = 0

  constructor(laneId: string, text: string) {
    this.#extensions = this.#setUp(laneId)
    this.#state = this.#newState(text)
  }

  get text(): string {
    return this.#state.doc.toString()
  }

  get canUndo(): boolean {
    return undoDepth(this.#state) > 0
  }

  get canRedo(): boolean {
    return redoDepth(this.#state) > 0
  }

  /** Puts the editor into the page; gives back what takes it out again. */
  mount(parent: HTMLElement): () => void {
    const view = new EditorView({
      parent,
      state: this.#state,
      dispatchTransactions: (transactions, self) => {
        self.update(transactions)
        this.#follow(transactions, self)
      },
    })
    // The numbers that lead to the graph are buttons, so the gutter is no mere decoration.
    view.dom.querySelector('.cm-gutters')?.removeAttribute('aria-hidden')
    this.#view = view
    view.scrollDOM.scrollTop = this.#scrollTop
    return () => {
      this.#scrollTop = view.scrollDOM.scrollTop
      view.destroy()
      this.#view = null
    }
  }

  /** Takes the keyboard, at the place that was pressed where there is one. */
  focus(at?: { x: number; y: number }, scrollTop = this.#scrollTop): void {
    const view = this.#view
    if (!view) return
    view.scrollDOM.scrollTop = scrollTop
    const position = at ? view.posAtCoords(at) : null
    if (position !== null) view.dispatch({ selection: { anchor: position } })
    view.focus()
  }

  /** Shows another text; one that can be undone is a step of the history, else the history begins anew. */
  setText(text: string, canBeUndone: boolean): void {
    if (text === this.text) return
    if (canBeUndone) this.#replace(text)
    else this.#set(this.#newState(text))
  }

  /** Changes no more than the formatting does, so that the selection stays where it is. */
  replaceBy(text: string): void {
    this.#replace(text)
  }

  setMarks(marks: Marks): void {
    this.#dispatch({ effects: setMarks.of(marks) })
  }

  /** Shows what differs from `original`; null shows the text alone. */
  showChanges(original: string | null): void {
    const extension =
      original === null
        ? []
        : unifiedMergeView({ original, gutter: false, mergeControls: false, diffConfig: boundedDiff })
    this.#dispatch({ effects: this.#changes.reconfigure(extension) })
  }

  scrollTo(line: number): void {
    if (line > this.#state.doc.lines) return
    const { from } = this.#state.doc.line(line)
    this.#dispatch({ effects: EditorView.scrollIntoView(from, { y: 'nearest', yMargin: 40 }) })
  }

  undo(): void {
    if (this.#view) undo(this.#view)
  }

  redo(): void {
    if (this.#view) redo(this.#view)
  }

  #newState(text: string): EditorState {
    return EditorState.create({ doc: text, extensions: this.#extensions })
  }

  #setUp(laneId: string): Extension {
    return [
      history(),
      lineGutter((line) => this.listener?.onShowNodes(line)),
      marksField,
      hangingLines,
      visibleCharacters,
      EditorView.clipboardInputFilter.of(withLineFeeds),
      EditorView.lineWrapping,
      indentUnit.of('  '),
      EditorState.tabSize.of(2),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      new LanguageSupport(language),
      syntaxHighlighting(colours),
      apiSupport(apiDocs),
      problems(),
      EditorState.changeFilter.of((transaction) => this.#fits(transaction)),
      keymap.of([
        ...closeBracketsKeymap,
        ...completionKeymap,
        ...lintKeymap,
        ...keys,
        ...historyKeymap,
        indentWithTab,
      ]),
      EditorView.contentAttributes.of({
        tabindex: '0',
        'aria-label': `Program of lane ${laneId}`,
        'aria-description':
          'Tab indents; press Escape, then Tab, to leave the editor. Control and Enter run the lanes.',
      }),
      this.#changes.of([]),
      theme,
    ]
  }

  #fits({ docChanged, newDoc, startState }: Transaction): boolean {
    if (!docChanged || newDoc.length < startState.doc.length) return true
    const problem = programProblem(newDoc.toString())
    if (problem !== null) this.listener?.onRefused(problem)
    return problem === null
  }

  #follow(transactions: readonly Transaction[], view: EditorView): void {
    this.#state = view.state
    if (!transactions.some(({ docChanged }) => docChanged)) return
    this.listener?.onHistory()
    this.listener?.onText(this.text)
  }

  #replace(text: string): void {
    const changes = textChanges(this.text, text)
    this.#dispatch({ changes, annotations: isolateHistory.of('full') })
  }

  #dispatch(spec: TransactionSpec): void {
    if (this.#view) this.#view.dispatch(spec)
    else this.#state = this.#state.update(spec).state
  }

  #set(state: EditorState): void {
    this.#state = state
    this.#view?.setState(state)
    this.listener?.onHistory()
  }
}
