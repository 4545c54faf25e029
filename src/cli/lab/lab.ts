/** The headless lab: `lab COMMAND …` on Node. One line and exit code 2 for whatever it is given that is wrong. */
import { TandemError } from '../../lib/core/util/errors'
import { UsageError } from './commandLine'
import { exportProgram } from './exportProgram'
import type { LabHost } from './host'
import { train } from './train'

/** Runs with the arguments behind its name; gives the exit code. */
type Command = (args: readonly string[], host: LabHost) => Promise<number>

const commands: Readonly<Record<string, Command>> = { train, export: exportProgram }

const usage = [
  'npm run --silent lab -- train SPEC.json [--style keras|torch] [--execution eager|static] [--backend cpu|wasm]',
  '  [--steps N | --epochs N] [--steps-per-execution K] [--init FILE.safetensors] [--data FILE.csv] [--out DIR] [--json]',
  'npm run --silent lab -- export SPEC.json --to torch-py|keras-py|torch-ipynb|keras-ipynb --out FILE',
  '  [--weights FILE.safetensors] [--data FILE.csv] [--record-order]',
  'docs/lab.md says what each option and each entry of a spec means.',
]

/** Exit codes: 0 done, 1 failed while it ran, 2 wrong arguments or files, 130 interrupted. */
export async function lab([name, ...args]: readonly string[], host: LabHost): Promise<number> {
  if ([name, ...args].some((word) => word === '--help' || word === '-h')) {
    for (const line of usage) host.print(line)
    return 0
  }
  try {
    return await commandOf(name)(args, host)
  } catch (error) {
    host.error(`lab: ${oneLine(error instanceof Error ? error.message : String(error))}`)
    if (error instanceof TandemError) return 2
    if (error instanceof Error && error.stack !== undefined) host.error(error.stack)
    return 1
  }
}

function commandOf(name: string | undefined): Command {
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined
  if (command) return command
  throw new UsageError(
    `expected a command (${Object.keys(commands).join(', ')}), got ${name ?? 'nothing'}. ` +
      'Write npm run --silent lab -- train SPEC.json [options], or --help.',
  )
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s*\n\s*/g, ' ')
}
