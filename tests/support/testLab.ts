/** For tests: the lab in a folder of its own, with what it prints kept. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach } from 'vitest'
import { lab } from '../../src/cli/lab/lab'

/** A folder and an output to call commands of the lab with. */
export class TestLab {
  readonly folder = mkdtempSync(join(tmpdir(), 'lab-'))
  printed: string[] = []
  errors: string[] = []
  /** Hears what is written to the terminal. */
  onTerminal: (text: string) => void = () => undefined
  /** Ctrl-C. */
  interrupt: () => void = () => undefined

  constructor() {
    afterAll(() => rmSync(this.folder, { recursive: true }))
    beforeEach(() => {
      this.printed = []
      this.errors = []
      this.onTerminal = () => undefined
    })
  }

  /** Runs a command line without quotes; gives the exit code. */
  run(line: string): Promise<number> {
    return lab(line.split(' '), {
      folder: this.folder,
      root: process.cwd(),
      print: (text) => this.printed.push(text),
      error: (text) => this.errors.push(text),
      terminal: (text) => this.onTerminal(text),
      onInterrupt: (stop) => (this.interrupt = stop),
    })
  }

  /** Text, bytes or JSON into a file of the folder. */
  write(name: string, content: unknown): void {
    const isRaw = typeof content === 'string' || content instanceof Uint8Array
    writeFileSync(join(this.folder, name), isRaw ? content : JSON.stringify(content))
  }

  read(name: string): Uint8Array {
    return readFileSync(join(this.folder, name))
  }

  text(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8')
  }
}
