/** One command with its options as they were written: what they are allowed to be is asked one by one. */
import { parseArgs } from 'node:util'
import { TandemError } from '../../lib/core/util/errors'

/** The command line asks for something that cannot be done. */
export class UsageError extends TandemError {
  override name = 'UsageError'
}

/** The options of a command: those with a value behind them, and flags. */
export type OptionTable<N extends string> = Readonly<Record<N, 'value' | 'flag'>>

/** The options and paths of one command, read by a table of what it has. */
export class CommandLine<N extends string> {
  readonly #values = new Map<N, string>()
  readonly #paths: readonly string[]

  /** Throws UsageError for options that are unknown, repeated or without their value. */
  constructor(
    private readonly command: string,
    private readonly options: OptionTable<N>,
    args: readonly string[],
  ) {
    const { tokens, positionals } = parseArgs({
      args: [...args],
      options: Object.fromEntries(
        Object.entries(options).map(([name, kind]) => [
          name,
          { type: kind === 'flag' ? 'boolean' : 'string' },
        ]),
      ),
      strict: false,
      allowPositionals: true,
      tokens: true,
    })
    this.#paths = positionals
    for (const token of tokens) if (token.kind === 'option') this.#take(token)
  }

  #take({ name, rawName, value, inlineValue }: OptionToken): void {
    if (!this.#isKnown(name)) throw this.#unknown(rawName)
    // A flag behind an option that wants a value: the value was forgotten.
    const isForgotten = value === undefined || (!inlineValue && value.startsWith('--'))
    if (this.options[name] === 'value' && isForgotten) {
      throw this.wrong(name, 'a value', 'nothing', 'Write one behind it.')
    }
    if (this.options[name] === 'flag' && value !== undefined) {
      throw this.wrong(name, 'no value', value, `Write --${name} alone.`)
    }
    if (this.#values.has(name)) throw this.wrong(name, 'it once', 'it again', 'Remove one of the two.')
    this.#values.set(name, value ?? '')
  }

  #isKnown(name: string): name is N {
    return Object.hasOwn(this.options, name)
  }

  #unknown(rawName: string): UsageError {
    const known = Object.keys(this.options).map((name) => `--${name}`)
    return new UsageError(
      `${this.command}: expected one of ${known.join(', ')}, got ${rawName}. Remove it or correct its name.`,
    )
  }

  /** The path of the one spec; `usage` is how to write the command. */
  spec(usage: string): string {
    const [spec, ...others] = this.#paths
    if (spec !== undefined && others.length === 0) return spec
    const got = spec === undefined ? 'none' : this.#paths.join(' ')
    throw new UsageError(`${this.command}: expected one spec, got ${got}. Write ${usage}.`)
  }

  has(name: N): boolean {
    return this.#values.has(name)
  }

  /** One of the words; null where the option is left out. */
  choice<const T extends string>(name: N, choices: readonly T[]): T | null {
    const given = this.#values.get(name)
    if (given === undefined) return null
    const found = choices.find((each) => each === given)
    if (found !== undefined) return found
    throw this.wrong(name, choices.join(' or '), given, 'Choose one of them.')
  }

  /** A path; null where the option is left out. */
  path(name: N): string | null {
    const given = this.#values.get(name)
    if (given === '') throw this.wrong(name, 'a path', given, 'Write one behind it.')
    return given ?? null
  }

  /** A whole number from 1 to `most`; null where the option is left out. */
  count(name: N, most: number): number | null {
    const given = this.#values.get(name)
    if (given === undefined) return null
    const number = /^\d+$/.test(given) ? Number(given) : 0
    if (number >= 1 && number <= most) return number
    throw this.wrong(name, `a whole number from 1 to ${most}`, given, 'Choose one in that range.')
  }

  /** The error of an option. */
  wrong(name: N, expected: string, got: string, fix: string): UsageError {
    return new UsageError(`--${name}: expected ${expected}, got ${got === '' ? 'nothing' : got}. ${fix}`)
  }
}

interface OptionToken {
  readonly name: string
  readonly rawName: string
  readonly value: string | undefined
  readonly inlineValue: boolean | undefined
}
