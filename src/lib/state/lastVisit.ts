/** What this browser keeps of the last visit: the experiment, and what brought its edited programs. */
import { decodeHash } from '$lib/core/spec/hash'
import type { Experiment } from '$lib/core/spec/schema'
import { SpecError } from '$lib/core/util/errors'

/** What brought an edited program to the page that nobody has edited or run there since. */
export type ProgramSource = 'link' | 'file'

const storageKey = 'tandem.experiment'
/** Where each lane's edited program came from, e.g. `link,`. */
const sourcesKey = 'tandem.programSources'
/** An experiment that could not be read; the latest one. */
const setAsideKey = 'tandem.experiment.setAside'

/** What the browser kept of the last visit. */
export interface LastVisit {
  /** Absent if none is kept, or if what is kept cannot be read. */
  readonly experiment?: Experiment
  /** What brought the program of each lane; undefined where it was written here. */
  readonly sources: readonly (ProgramSource | undefined)[]
  /** Why the experiment cannot be read: it is set aside, so that the next visit does not fail at it too. */
  readonly problem?: string
}

/** What is kept of the last visit. */
export function readVisit(): LastVisit {
  const kept = read(storageKey)
  const known = (read(sourcesKey) ?? '').split(',', 2)
  const sources = known.map((one) => (one === 'link' || one === 'file' ? one : undefined))
  try {
    return kept === null ? { sources } : { sources, experiment: decodeHash(kept) }
  } catch (error) {
    if (!(error instanceof SpecError)) throw error
    setAside(kept)
    const where = `this browser’s storage, as ${setAsideKey}`
    return { sources: [], problem: `${error.message} What was kept has been set aside in ${where}.` }
  }
}

/** Keeps the experiment for the next visit. */
export function keepExperiment(fragment: string): void {
  write(storageKey, fragment)
}

/** Keeps where each lane's program came from. */
export function keepSources(sources: readonly (ProgramSource | undefined)[]): void {
  write(sourcesKey, sources.join())
}

function setAside(text: string | null): void {
  try {
    // First, so that there is room for it.
    localStorage.removeItem(storageKey)
  } catch {
    return
  }
  write(setAsideKey, text ?? '')
}

/** Browsers that keep no site data refuse even to be asked; the page then just starts fresh each time. */
function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

function write(key: string, text: string): void {
  try {
    localStorage.setItem(key, text)
  } catch {
    // Full or forbidden: the address holds the experiment too.
  }
}
