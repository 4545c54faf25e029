/** What a lane shows of how its steps run: graphs that were compiled, their signatures, and a recorded eager step. */
import type { CompiledReport, RecordedStep, SignatureReport } from '$lib/workers/protocol'

/** A signature of an earlier part of the run, before its execution or its model changed. */
export interface PastSignature extends SignatureReport {
  readonly untilStep: number
}

/** Graphs that are kept; a lesson in retracing makes many. */
const compiledLength = 40
const pastLength = 20

const mostConstantBytes = 256 * 2 ** 20

function constantBytes({ stages }: CompiledReport): number {
  const data = new Set(stages.flatMap(({ graph }) => graph.constants.map((constant) => constant.data)))
  return [...data].reduce((sum, { byteLength }) => sum + byteLength, 0)
}

/** The graphs of a lane's compiled functions. */
export class LaneGraphs {
  #compiled = $state.raw<readonly CompiledReport[]>([])
  #signatures = $state.raw<readonly SignatureReport[]>([])
  #pastSignatures = $state.raw<readonly PastSignature[]>([])
  #tape = $state.raw<RecordedStep | null>(null)

  /** Every function that was compiled in this part of the run, in order, with its graph at each stage. */
  get compiled() {
    return this.#compiled
  }
  get signatures() {
    return this.#signatures
  }
  get pastSignatures() {
    return this.#pastSignatures
  }
  /** The eager step that was recorded last, kernel by kernel. */
  get tape() {
    return this.#tape
  }

  /** Keeps the last graphs, as many as the page has room for: constants may hold a program's data. */
  addCompiled(report: CompiledReport): void {
    let room = mostConstantBytes
    const kept = [...this.#compiled, report].slice(-compiledLength).toReversed()
    this.#compiled = kept.filter((one) => one === report || (room -= constantBytes(one)) >= 0).toReversed()
  }

  setSignatures(signatures: readonly SignatureReport[]): void {
    this.#signatures = signatures
  }

  setTape(tape: RecordedStep): void {
    this.#tape = tape
  }

  /** Another part of the run begins: of the one that ended at step `untilStep` the signatures are kept. */
  beginPart(untilStep: number): void {
    const past = this.#signatures.map((signature) => ({ ...signature, untilStep }))
    this.#pastSignatures = [...this.#pastSignatures, ...past].slice(-pastLength)
    this.#compiled = []
    this.#signatures = []
    this.#tape = null
  }
}
