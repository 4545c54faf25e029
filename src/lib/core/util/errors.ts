/** The error classes of the project. Every message reads `where: expected X, got Y. Fix.` */

/** Base of every error whose cause is the user's input, not a defect of Tandem. */
export class TandemError extends Error {
  override name = 'TandemError'
}

/** Shapes of tensors do not fit together. */
export class ShapeError extends TandemError {
  override name = 'ShapeError'
}

/** A spec, lane setting or link does not follow the schema; `path` names the offending entry. */
export class SpecError extends TandemError {
  override name = 'SpecError'
  constructor(
    readonly path: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(`${path}: ${message}`, options)
  }
}

/** An argument of a Keras-style, PyTorch-style or data call is not acceptable. */
export class ArgumentError extends TandemError {
  override name = 'ArgumentError'
}

/** `backward()` cannot run: no graph, graph already freed, or not a scalar. */
export class AutogradError extends TandemError {
  override name = 'AutogradError'
}

/** A backend is missing, lost, or lacks a kernel the program needs. */
export class BackendError extends TandemError {
  override name = 'BackendError'
  /** The cause in a few words, for places where the backend's name already stands. */
  readonly reason: string | undefined
  constructor(message: string, { reason, ...options }: ErrorOptions & { reason?: string } = {}) {
    super(message, options)
    this.reason = reason
  }
}

/** The program text could not be parsed or evaluated. */
export class ProgramError extends TandemError {
  override name = 'ProgramError'
}

/** A traced function reads a value that does not exist until the graph runs. */
export class TracedValueError extends TandemError {
  override name = 'TracedValueError'
}

/** A traced function uses an operation that has no counterpart in a graph. */
export class UnsupportedOpError extends TandemError {
  override name = 'UnsupportedOpError'
}

/** A compiled function cannot be built or run. */
export class CompileError extends TandemError {
  override name = 'CompileError'
}

/** A file is not in the format that it should have. */
export class FormatError extends TandemError {
  override name = 'FormatError'
}

/** A graph breaks its own rules: always a defect of Tandem, so messages begin with `internal:`. */
export class GraphError extends Error {
  override name = 'GraphError'
}
