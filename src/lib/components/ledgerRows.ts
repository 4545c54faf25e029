/** What the ledger says of a lane, in groups: what was paid once, what every step costs, what is held. */
import type { Execution, LedgerReport } from '$lib/workers/protocol'
import { formatBytes, formatCount, formatMs } from '$lib/core/util/figures'

interface LedgerRow {
  readonly name: string
  readonly meaning: string
  /** Undefined until it was measured. */
  readonly value: string | undefined
}

interface LedgerGroup {
  readonly title: string
  readonly rows: readonly LedgerRow[]
}

/** Every group of the table; rows of static execution only where the lane runs statically. */
export function ledgerGroups(
  ledger: LedgerReport | null,
  execution: Execution | null,
): readonly LedgerGroup[] {
  const isStatic = execution === 'static'
  return [
    ...(isStatic ? [{ title: 'Build, once', rows: buildRows(ledger) }] : []),
    { title: isStatic ? 'Run, every step' : 'Every step', rows: stepRows(ledger, isStatic) },
    { title: 'Memory', rows: memoryRows(ledger, isStatic) },
  ]
}

function buildRows(ledger: LedgerReport | null): readonly LedgerRow[] {
  const costs = ledger?.static
  return [
    {
      name: 'Trace',
      value: costs && formatMs(costs.traceMs),
      meaning: 'Running the step once on symbolic tensors, to record its graph.',
    },
    {
      name: 'Passes',
      value: costs && formatMs(costs.passesMs),
      meaning: 'Making the graph smaller: folding, merging, removing.',
    },
    {
      name: 'Compile',
      value: costs && formatMs(costs.compileMs),
      meaning: 'Loading the graph into its runtime.',
    },
    {
      name: 'Traces',
      value: costs && formatCount(costs.traces),
      meaning: 'One for each function and each signature it was called with.',
    },
  ]
}

function stepRows(ledger: LedgerReport | null, isStatic: boolean): readonly LedgerRow[] {
  return [
    {
      name: 'Time per step',
      value: ledger ? formatMs(ledger.msPerStep) : undefined,
      meaning: 'One batch: forward, backward, update. Building and instruments left out.',
    },
    ...(isStatic ? staticRows(ledger?.static) : []),
    {
      name: 'Kernels per step',
      value: ledger ? formatCount(ledger.kernelsPerStep) : undefined,
      meaning: isStatic
        ? 'Operations sent one at a time: none, the runtime gets the whole graph.'
        : 'Operations sent to the backend one at a time: the price of eager.',
    },
    {
      name: 'Host reads per step',
      value: ledger ? formatCount(ledger.hostReadsPerStep) : undefined,
      meaning: 'Values fetched from the backend, such as loss.item(); each one waits.',
    },
    {
      name: 'Instruments per step',
      value: ledger ? formatMs(ledger.instrumentMsPerStep) : undefined,
      meaning: 'What watching costs: predictions, gradient norms, weight comparison.',
    },
  ]
}

/** Where the time of a static step goes. */
function staticRows(costs: LedgerReport['static']): readonly LedgerRow[] {
  return [
    {
      name: 'of it, dispatch',
      value: costs && formatMs(costs.dispatchMsPerStep),
      meaning: 'Putting the arguments of the graph together.',
    },
    {
      name: 'of it, compute',
      value: costs && formatMs(costs.computeMsPerStep),
      meaning: 'Inside the runtime, with reading the results back.',
    },
    {
      name: 'of it, the rest',
      value: costs && formatMs(costs.restMsPerStep),
      meaning: 'The program around the graph: making batches, calling the step, logging.',
    },
    {
      name: 'Steps per call',
      value: costs && formatCount(costs.stepsPerBlock),
      meaning: 'How many steps one call of the runtime took, on average.',
    },
  ]
}

function memoryRows(ledger: LedgerReport | null, isStatic: boolean): readonly LedgerRow[] {
  return [
    {
      name: isStatic ? 'Peak live values' : 'Peak live tensors',
      value: ledger && ledger.peakTensors > 0 ? ledger.peakTensors.toLocaleString('en') : undefined,
      meaning: isStatic
        ? 'Most values that the graph of a training step needs at once.'
        : 'Most tensors at once: between the gradients and the update.',
    },
    {
      name: 'Live tensors',
      value: ledger?.liveTensors.toLocaleString('en'),
      meaning: 'Weights, optimizer slots, data. Steady means nothing leaks.',
    },
    {
      name: 'Memory held',
      value: ledger ? formatBytes(ledger.liveBytes) : undefined,
      meaning: isStatic ? 'What these take outside of the runtime.' : 'What these tensors take.',
    },
  ]
}
