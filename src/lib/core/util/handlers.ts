/** Messages of a union, each kind with its own handler: a table in which a kind that is left out does not compile. */

type Message = { readonly type: string }

/** One handler for each kind of message in `M`. */
export type Handlers<M extends Message> = {
  readonly [Type in M['type']]: (message: Extract<M, { readonly type: Type }>) => void
}

/** Hands `message` to the handler of its kind. */
export function handle<M extends Message>(handlers: Handlers<M>, message: M): void {
  const handler = handlers[message.type as M['type']] as (message: M) => void
  handler(message)
}
