/** What a translated program needs to run. */
import type { Style } from '../../spec/schema'

/** The Python, packages and files that a program needs. */
export interface Requirements {
  /** A sentence for people. */
  readonly text: string
  /** Lines of a `requirements.txt`. */
  readonly packages: readonly string[]
}

/** Versions are those that `tests/golden` runs scripts in. */
export const requirements: { readonly [S in Style]: Requirements } = {
  keras: {
    text: 'For Keras 3 with NumPy and a backend such as TensorFlow. Such programs are run in Keras 3.15 and give the losses of this page.',
    packages: ['keras>=3.0', 'numpy', 'tensorflow'],
  },
  torch: {
    text: 'For PyTorch 2 or later with NumPy. Such programs are run in PyTorch 2.13 and give the losses of this page.',
    packages: ['torch>=2.0', 'numpy'],
  },
}
