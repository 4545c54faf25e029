/** The editor's looks, from the page's tokens: line by line the same as the read-only pane. */
import { EditorView } from '@codemirror/view'

const tooltip = {
  border: '1px solid var(--border-control)',
  borderRadius: 'var(--radius)',
  backgroundColor: 'var(--surface-raised)',
  color: 'var(--text)',
  boxShadow: 'var(--shadow-raised)',
}

const tint = (colour: string, share: number) =>
  `color-mix(in srgb, var(${colour}) ${String(share)}%, transparent)`

/** The editor in the colours of the page. */
export const theme = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--surface-sunken)', color: 'var(--text)' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '-2px' },
  '.cm-scroller': {
    fontFamily: 'var(--font-mono)',
    fontSize: 'var(--text-small)',
    lineHeight: '20px',
    scrollbarWidth: 'thin',
  },
  '.cm-content': { padding: 'var(--space-2) 0 40px', caretColor: 'var(--text)' },
  '.cm-line': {
    minHeight: '20px',
    padding: '0 var(--space-2) 0 var(--hang)',
    textIndent: 'calc(-1 * var(--hang))',
    overflowWrap: 'anywhere',
  },
  '.cm-gutters': { border: '0', backgroundColor: 'transparent', color: 'var(--text-quiet)' },
  '.cm-programGutter .cm-gutterElement': {
    width: '47px',
    paddingRight: '14px',
    borderLeft: '3px solid transparent',
    textAlign: 'right',
    userSelect: 'none',
  },
  '.cm-programGutter button': {
    width: '100%',
    minWidth: '0',
    minHeight: '20px',
    height: '20px',
    padding: '0',
    justifyContent: 'flex-end',
    border: '0',
    backgroundColor: 'transparent',
    color: 'var(--accent)',
    font: 'inherit',
    textDecoration: 'underline',
  },
  '.recent': { backgroundColor: 'var(--lane-faint)' },
  '.current': { backgroundColor: 'var(--lane-tint)' },
  '.failed': { backgroundColor: 'var(--danger-tint)' },
  '.marked': { backgroundColor: 'var(--accent-tint)' },
  '.cm-programGutter .current': {
    borderLeftColor: 'var(--lane)',
    color: 'var(--lane)',
    fontWeight: '700',
  },
  '.cm-programGutter .failed': { borderLeftColor: 'var(--danger)' },
  '.cm-programGutter .marked': { borderLeftColor: 'var(--accent)' },
  '.cm-message': {
    padding: '4px var(--space-2) 4px 0',
    backgroundColor: 'var(--danger-tint)',
    color: 'var(--danger)',
    fontFamily: 'var(--font)',
    whiteSpace: 'pre-wrap',
  },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--accent-tint)', outline: '0' },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'var(--danger-tint)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--danger)',
    textDecorationSkipInk: 'none',
  },
  '.cm-tooltip': tooltip,
  '.cm-tooltip .cm-diagnostic-error': { borderLeftColor: 'var(--danger)', fontFamily: 'var(--font)' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--font-mono)',
    fontSize: 'var(--text-small)',
    maxHeight: '220px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '3px 8px' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--accent-tint)',
    color: 'var(--text)',
  },
  '.cm-tooltip.cm-completionInfo': { ...tooltip, maxWidth: '360px', padding: '0' },
  '.cm-api': { maxWidth: '440px', padding: '6px 10px', fontSize: 'var(--text-small)' },
  '.cm-api code': { whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' },
  '.cm-api p': { marginTop: '4px', fontFamily: 'var(--font)' },
  '.cm-changedLine': { backgroundColor: tint('--success', 12) },
  '.cm-changedText': { background: tint('--success', 26) },
  '.cm-deletedChunk': { paddingLeft: '0', backgroundColor: 'var(--danger-tint)' },
  '.cm-deletedChunk .cm-deletedText': { background: tint('--danger', 12) },
  '.cm-deletedLine': { paddingLeft: '2ch' },
})
