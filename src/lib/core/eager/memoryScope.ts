/** Memory scopes: tensors and tape nodes made while one is open are freed when it closes. For code that awaits. */
import { freeTapesSince, tapeMark } from './tape'
import { tf } from './tfjs'

/** An open scope; close it exactly where it was opened, in a `finally`. */
export class MemoryScope {
  private readonly scope: ReturnType<typeof tf.engine>['state']['activeScope']
  private readonly mark = tapeMark()

  constructor(name: string) {
    const engine = tf.engine()
    engine.startScope(name)
    this.scope = engine.state.activeScope
  }

  /** Frees what was made inside, closing scopes that were opened inside and left open. Harmless when closed. */
  close(): void {
    const engine = tf.engine()
    if (!engine.state.scopeStack.includes(this.scope)) return
    freeTapesSince(this.mark)
    while (engine.state.scopeStack.includes(this.scope)) engine.endScope()
  }
}

/** Runs `body`, which may await, in a scope of its own. */
export async function withMemoryScope<T>(name: string, body: () => Promise<T>): Promise<T> {
  const scope = new MemoryScope(name)
  try {
    return await body()
  } finally {
    scope.close()
  }
}
