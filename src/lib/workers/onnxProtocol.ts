/** What crosses between the page and the worker that runs ONNX files. */
import type { OrtBuilds } from '../core/session/types'
import type { DigitSamples, Prediction, Probe } from '../core/program/types'

/** Predictions of an ONNX file, and the digits that they are of. */
export interface OnnxAnswer {
  readonly prediction: Prediction
  /** Absent where the inputs are points. */
  readonly samples?: DigitSamples | undefined
  /** Examples that were predicted. */
  readonly examples: number
  /** Milliseconds of the one run. */
  readonly runMs: number
}

/** What that worker is told. */
export type OnnxCommand =
  /** First command; all addresses are on the page's own origin. */
  | { readonly type: 'load'; readonly ortBuilds: OrtBuilds; readonly digits: string }
  /** Answered by `answer` or `failed`. */
  | {
      readonly type: 'run'
      readonly runId: number
      /** The file, or its address. */
      readonly model: Uint8Array | string
      readonly probe: Probe
    }

/** What that worker tells. */
export type OnnxMessage =
  | { readonly type: 'answer'; readonly runId: number; readonly answer: OnnxAnswer }
  | { readonly type: 'failed'; readonly runId: number; readonly message: string }
