import { expect, it } from 'vitest'
import { importProblem } from './importedNames'

const names = ['Sequential', 'Input', 'setRandomSeed', 'layers']

it.each([
  ['layers', null],
  ['Sequental', "import: expected a name that 'tandem/keras' exports, got 'Sequental'. Write Sequential."],
  [
    'set_random_seed',
    "import: expected a name that 'tandem/keras' exports, got 'set_random_seed'. Write setRandomSeed.",
  ],
  [
    'backend',
    "import: expected a name that 'tandem/keras' exports, got 'backend'. It exports Sequential, Input, setRandomSeed, layers.",
  ],
  [
    'default',
    "import: expected names in braces, got a default import of 'tandem/keras'. Write import { … } from 'tandem/keras'.",
  ],
])('%s', (wanted, problem) => {
  expect(importProblem('tandem/keras', wanted, names)).toBe(problem)
})
