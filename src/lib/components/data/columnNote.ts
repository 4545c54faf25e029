/** What is said of a column of a CSV file beside its kind and range. */
import type { ColumnUse, CsvColumn } from '$lib/core/data/csvColumns'
import { formatCount, formatFigure } from '$lib/core/util/figures'

/** Whether it can be chosen as a feature: now, or once its faults are corrected or its gaps skipped. */
export function canBeFeature({ kind, filled }: CsvColumn): boolean {
  return kind === 'number' || filled.textProblem === null
}

/** Smallest and largest number; nothing for texts. */
export function rangeOf({ kind, min, max }: CsvColumn): string {
  return kind === 'number' ? `${formatFigure(min)} to ${formatFigure(max)}` : ''
}

/** What it is, what it becomes, and what is wrong with it; `use` is that of the rows that are taken. */
export function columnNote(column: CsvColumn, use: ColumnUse, isLabel: boolean): string {
  const { kind, gaps, filled } = column
  const gapCount = gaps.length === 1 ? '1 gap' : `${formatCount(gaps.length)} gaps`
  const withGaps = (text: string) =>
    [text, gaps.length > 0 ? gapCount : ''].filter((part) => part !== '').join(', ')
  if (isLabel) return withGaps('label')
  if (!canBeFeature(column)) return 'too many texts'
  if (kind === 'number' && filled.numberProblem !== null) return 'faulty fields'
  if (use.distinct < 2) return withGaps('constant')
  return withGaps(kind === 'text' ? `${formatCount(use.values?.length ?? 0)} columns of 0 and 1` : '')
}
