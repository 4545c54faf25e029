/** The sections of a translated program, from which both the script and the notebook are cut. */
import { isSequences } from '../../catalogue/data'
import { labelOf } from '../../spec/datasets'
import type { Spec, Style } from '../../spec/schema'
import { hasTestSplit } from '../data'
import type { AskedExecution } from '../execution/types'
import { pythonText } from './printPython'

/** What lies beside a translated program. */
export interface PythonFiles {
  /**
   * Path of an .npz file, relative to the program: `x_train`, `y_train`, and `x_test`, `y_test` where the spec keeps
   * examples for testing. Images are [n, 28, 28, 1] for Keras and [n, 1, 28, 28] for PyTorch. Of sequences of different
   * length, which zeros bring to one, it has `lengths_train` and `lengths_test` too.
   */
  readonly dataFile?: string
  /** Whether that file also has `order` [epochs, n]: the rows of each epoch, one after the other. */
  readonly hasOrder?: boolean
  /** Path of a safetensors file in the framework's own names and layout; without one the model starts anew. */
  readonly weightsFile?: string | null
  /** How the steps of the lane run, and so those of the program; the framework's own way if left out. */
  readonly execution?: AskedExecution | null
}

/** The same with nothing left open. */
export interface Files {
  readonly dataFile: string
  readonly hasOrder: boolean
  readonly weightsFile: string | null
  readonly execution: AskedExecution | null
}

/** What stands above the line that says how steps run. */
export const executionComments = {
  eager: '# As in the lane: eager, each operation when Python reaches it.',
  static: '# As in the lane: static, the step is traced into a graph and compiled.',
} as const

/** A part of the program under a heading. */
export interface Section {
  readonly title: string
  /** For the notebook: what the code does, in Markdown. */
  readonly text: string
  readonly code: readonly string[]
}

/** Name and version of each framework. */
export const frameworks: { readonly [S in Style]: string } = { keras: 'Keras 3', torch: 'PyTorch' }

/** What the program trains on or is called. */
export function titleOf({ name, data }: Spec): string {
  return name.trim() || labelOf(data)
}

/** Whether sequences come at their own lengths, `lengths_train` and `lengths_test` in the data file. */
export function isRagged({ data }: Pick<Spec, 'data'>): boolean {
  return isSequences(data) && !data.padded
}

/** `np.load(…)` and the arrays of the file. `folder` is defined by the imports. */
export function loadArrays(spec: Spec, { dataFile }: Files): readonly string[] {
  const names = hasTestSplit(spec) ? ['x_train', 'y_train', 'x_test', 'y_test'] : ['x_train', 'y_train']
  const lengths = isRagged(spec) ? ['train', ...(hasTestSplit(spec) ? ['test'] : [])] : []
  return [
    `data = np.load(folder / ${pythonText(dataFile)})`,
    ...pairs(names).map(([x, y]) => `${x}, ${y} = data["${x}"], data["${y}"]`),
    ...lengths.map((part) => `lengths_${part} = data["lengths_${part}"]`),
  ]
}

function pairs(names: readonly string[]): (readonly [string, string])[] {
  return names.flatMap((name, index) => (index % 2 === 0 ? [[name, names[index + 1] ?? ''] as const] : []))
}

/** A reader of safetensors that needs no package but numpy. */
export const safetensorsReader = [
  'def load_safetensors(path):',
  '    """The float32 tensors of a file by name: a length, a JSON header, the values."""',
  '    content = path.read_bytes()',
  '    start = 8 + int.from_bytes(content[:8], "little")',
  '    header = json.loads(content[8:start])',
  '    header.pop("__metadata__", None)',
  '    tensors = {}',
  '    for name, entry in header.items():',
  '        first, last = entry["data_offsets"]',
  '        values = np.frombuffer(content[start + first : start + last], dtype="<f4")',
  '        tensors[name] = values.reshape(entry["shape"])',
  '    return tensors',
] as const
