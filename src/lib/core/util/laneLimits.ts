/**
 * How much a lane may tell the page. The program in it is not trusted: its worker keeps to these limits, and the page
 * refuses a message that is beyond them. Texts count in characters.
 */
export const limits = {
  errorName: 100,
  errorMessage: 1500,
  /** Of one console entry, or one reason why something is not there. */
  printedText: 2000,
  /** Lines of one console entry: those of a table of 50 rows and some more. */
  printedLines: 60,
  /** In one report; there are at most ten reports a second while a program prints. */
  consoleLines: 200,
  /** Of all console entries in one report together. */
  consoleCharacters: 20_000,
  /** Labels that `console.count` and `console.time` keep in one run. */
  consoleLabels: 100,
  /** Of a layer, a weight, a compiled function, or what is logged. */
  name: 200,
  /** Different names that a run logs. */
  loggedNames: 100,
  /** Calls of `log` between two batches. */
  loggedEntries: 100_000,
  /** Numbers that a run logs under all its names: the page keeps each with its step and time, 480 MB in all. */
  loggedValues: 20_000_000,
  /** Facts about a run, such as its traces, and the text of one. */
  facts: 1000,
  factText: 1000,
  /** Arguments of a compiled function as text. */
  signature: 4000,
  /** What tells one of them from the nearest earlier one. */
  differences: 20,
  /** Signatures that a report lists. */
  signatures: 200,
  /** Nodes of a graph, and kernels of a recorded step. */
  graphNodes: 20_000,
  /** What stands beside them: constants, inputs, states; sources and events of a recorded step. */
  graphParts: 80_000,
  /** Operands of a node or a kernel, its results, and numbers in an attribute. */
  operands: 10_000,
  /** What a lane's tensors take together, and what its worker may take on the whole, in bytes: 1.5 GB. */
  memory: 1.5 * 2 ** 30,
  /** Of a model, for one example that the page asks about: each is a class that pictures tell apart. */
  outputs: 1024,
  /** In one prediction: of so many outputs for 40 × 40 points, which is the most that the page asks about. */
  predictedNumbers: 1024 * 1600,
  /** Weights of a model. */
  weights: 10_000,
  /** Numbers in all weights, or in one answer: 400 MB. */
  numbers: 100_000_000,
} as const
