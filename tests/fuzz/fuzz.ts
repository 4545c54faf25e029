/**
 * A property that holds for whatever is put in: 2,000 seeded cases in `npm test`, as many as asked for by `npm run fuzz`.
 * The same seed gives the same cases; of a failure the smallest case is printed.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'

const cases = Number(process.env['FUZZ_CASES'] ?? 2000)
const seed = Number(process.env['FUZZ_SEED'] ?? 1)

/** Ten times what the slowest take, for machines that do something else too. */
const msPerCase = 30
const timeout = Math.max(cases, 2000) * msPerCase
/** Of that time; a search for the smallest case ends then with the smallest so far. */
const searchShare = 0.8

/** A message for people; a file or link must not decide how long it is. */
export const longestMessage = 2000

/** Of a failing case, so much is printed. */
const longestCase = 4000

/** `property` throws, or rejects, where it does not hold for a value. */
export function fuzz<T>(
  title: string,
  values: fc.Arbitrary<T>,
  property: (value: T) => void | Promise<void>,
): void {
  const holds = fc.asyncProperty(values, async (value) => {
    await property(value)
    assertPrototypes()
  })
  it(title, { timeout }, async () => {
    const outcome = await fc.check(holds, {
      seed,
      numRuns: cases,
      interruptAfterTimeLimit: timeout * searchShare,
      markInterruptAsFailure: true,
    })
    expect(outcome.failed ? reportOf(outcome) : '').toBe('')
  })
}

function reportOf<T>({
  counterexample,
  counterexamplePath,
  errorInstance,
  numRuns,
}: fc.RunDetails<[T]>): string {
  if (counterexample === null)
    return `seed ${seed}: only ${numRuns} of ${cases} cases in the time of the test`
  const shown = fc.stringify(counterexample)
  const problem = errorInstance instanceof Error ? (errorInstance.stack ?? '') : String(errorInstance)
  return [
    `seed ${seed}, case ${numRuns}, path ${counterexamplePath}; the smallest that fails:`,
    shown.length > longestCase ? `${shown.slice(0, longestCase)} … (${shown.length} characters)` : shown,
    problem.slice(0, longestCase),
  ].join('\n')
}

/** No case may change what every object inherits. */
function assertPrototypes(): void {
  const found = [Object.prototype, Array.prototype].flatMap((prototype) => Object.keys(prototype))
  if (found.length > 0) throw new Error(`expected untouched prototypes, got ${found.join(', ')}`)
}

type ErrorClass = abstract new (...values: never[]) => Error

/**
 * What `read` gives, or undefined where it refuses: with an error of that class, in a message of bounded length that does
 * not blame Tandem.
 */
export async function readOrRefuse<T>(
  read: () => T | Promise<T>,
  refusal: ErrorClass,
): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    assertRefusal(error, refusal)
    return undefined
  }
}

function assertRefusal(error: unknown, refusal: ErrorClass): void {
  const shown = error instanceof Error ? `${error.name}: ${error.message.slice(0, 200)}` : String(error)
  if (!(error instanceof refusal)) throw new Error(`expected ${refusal.name}, got ${shown}`, { cause: error })
  if (error.message.length > longestMessage)
    throw new Error(`expected a short message, got ${error.message.length} characters: ${shown}`)
  if (error.message.includes('internal:')) throw new Error(`expected a message for people, got ${shown}`)
}
