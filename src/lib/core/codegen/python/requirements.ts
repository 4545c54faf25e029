/** What a translated program needs to run. */
import type { Style } from '../../spec/schema'

export interface Requirements {
  /** A sentence for people. */
  readonly text: string
  /** Lines of a `requirements.txt`. */
  readonly packages: readonly string[]
}

/** Versions are those that `tests/golden` runs scripts in, or whose signatures it checks calls against. */
export const requirements: { readonly [S in Style]: Requirements } = {
  keras: {
    text: 'For Keras 3 with NumPy and a backend such as TensorFlow. Its calls are checked against Keras 3.8.',
    packages: ['keras>=3.0', 'numpy', 'tensorflow'],
  },
  torch: {
    text: 'For PyTorch 1.13 or later with NumPy. Such programs are run in PyTorch 1.13 and give the losses of this page.',
    packages: ['torch>=1.13', 'numpy'],
  },
}
