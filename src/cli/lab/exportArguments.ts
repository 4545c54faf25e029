/** The arguments of `export`, read and checked. */
import { CommandLine } from './commandLine'

/** What a spec can be exported to: a framework, and a script or a notebook. */
export const exportTargets = ['torch-py', 'keras-py', 'torch-ipynb', 'keras-ipynb'] as const

/** A format that the lab writes. */
export type ExportTarget = (typeof exportTargets)[number]

/** What `lab export` was told on its command line. */
export interface ExportArguments {
  /** Path of the spec. */
  readonly spec: string
  readonly to: ExportTarget
  /** Path of a safetensors file. */
  readonly weights: string | null
  /** Path of a CSV file. */
  readonly data: string | null
  /** Whether the program takes the batches of our run, which then lie in its data file. */
  readonly recordsOrder: boolean
  /** Path of the program. */
  readonly out: string
}

const options = {
  to: 'value',
  weights: 'value',
  data: 'value',
  'record-order': 'flag',
  out: 'value',
} as const

/** The arguments behind `export`. Throws UsageError for the first that is wrong. */
export function parseExportArguments(args: readonly string[]): ExportArguments {
  const line = new CommandLine('export', options, args)
  const spec = line.spec(`export SPEC.json --to ${exportTargets[0]} --out FILE`)
  const to = line.choice('to', exportTargets)
  if (to === null) throw line.wrong('to', exportTargets.join(' or '), 'nothing', 'Add --to with one of them.')
  const out = line.path('out')
  if (out === null) throw line.wrong('out', 'the file to write', 'nothing', 'Add --out FILE.')
  return {
    spec,
    to,
    weights: line.path('weights'),
    data: line.path('data'),
    recordsOrder: line.has('record-order'),
    out,
  }
}
