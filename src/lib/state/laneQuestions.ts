/** What the page asks the worker of a lane, and the answers, which come by the number of their question. */
import type { Handlers } from '$lib/core/util/handlers'
import { answerOf, PendingRequests } from '$lib/core/util/pendingRequests'
import type {
  Classification,
  GivenFile,
  Graph,
  InspectedGraph,
  Inspection,
  LaneCommand,
  LaneMessage,
  LoadedWeights,
  TakenWeights,
} from '$lib/workers/protocol'

type Question = Extract<
  LaneCommand,
  { type: 'inspect' | 'encode' | 'classify' | 'takeWeights' | 'loadWeights' }
>
type Answer = Extract<
  LaneMessage,
  { type: 'inspection' | 'onnx' | 'classified' | 'weights' | 'weightsLoaded' }
>
/** A command without its run, which the lane knows. */
export type WithoutRun<C> = C extends unknown ? Omit<C, 'runId'> : never

/** Questions to one lane. Each rejects with the reason where there is no answer. */
export class LaneQuestions {
  readonly #inspections = new PendingRequests<Inspection>()
  readonly #files = new PendingRequests<Uint8Array<ArrayBuffer>>()
  readonly #classifications = new PendingRequests<Classification>()
  readonly #taken = new PendingRequests<TakenWeights>()
  readonly #loaded = new PendingRequests<LoadedWeights>()

  readonly handlers: Handlers<Answer> = {
    inspection: ({ inspectionId, outcome }) => this.#inspections.settle(inspectionId, answerOf(outcome)),
    onnx: ({ fileId, outcome }) => this.#files.settle(fileId, answerOf(outcome)),
    classified: ({ questionId, outcome }) => this.#classifications.settle(questionId, answerOf(outcome)),
    weights: ({ questionId, outcome }) => this.#taken.settle(questionId, answerOf(outcome)),
    weightsLoaded: ({ questionId, outcome }) => this.#loaded.settle(questionId, answerOf(outcome)),
  }

  /** `send` gives false where there is no worker to answer. */
  constructor(private readonly send: (question: WithoutRun<Question>) => boolean) {}

  /** What every node of a compiled graph gives now. */
  inspect(inspected: InspectedGraph): Promise<Inspection> {
    return this.#ask(this.#inspections, (inspectionId) => ({ type: 'inspect', inspectionId, inspected }))
  }

  /** The graph as an ONNX file. */
  encode(graph: Graph): Promise<Uint8Array<ArrayBuffer>> {
    return this.#ask(this.#files, (fileId) => ({ type: 'encode', fileId, graph }))
  }

  /** What the model reads in 28 × 28 pixels of 0..1 now, also after the run. */
  classify(pixels: Float32Array): Promise<Classification> {
    return this.#ask(this.#classifications, (questionId) => ({ type: 'classify', questionId, pixels }))
  }

  /** A copy of the weights, also after the run. */
  takeWeights(): Promise<TakenWeights> {
    return this.#ask(this.#taken, (questionId) => ({ type: 'takeWeights', questionId }))
  }

  /** Gives the run the weights of a safetensors file; where they do not fit the lane keeps its own. */
  loadWeights(file: GivenFile): Promise<LoadedWeights> {
    return this.#ask(this.#loaded, (questionId) => ({ type: 'loadWeights', questionId, file }))
  }

  /** Nobody will answer any more: the run that was asked is over. */
  giveUp(): void {
    const all = [this.#inspections, this.#files, this.#classifications, this.#taken, this.#loaded]
    for (const requests of all) requests.giveUp(new Error('The run has ended.'))
  }

  #ask<T>(requests: PendingRequests<T>, question: (id: number) => WithoutRun<Question>): Promise<T> {
    return requests.ask((id) => {
      if (!this.send(question(id))) this.giveUp()
    })
  }
}
