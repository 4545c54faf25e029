/** What the lab needs of the process it runs in. */
export interface LabHost {
  /** Where paths are relative to. */
  readonly folder: string
  /** The root of the repository. */
  readonly root: string
  /** Prints a line on standard output. */
  readonly print: (line: string) => void
  /** Prints a line on standard error. */
  readonly error: (line: string) => void
  /** Writes to the terminal as it is; null where there is none. */
  readonly terminal: ((text: string) => void) | null
  /** From now on Ctrl-C calls `stop` instead of ending the process. */
  readonly onInterrupt: (stop: () => void) => void
}
