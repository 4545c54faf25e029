/** Points in the plane that are drawn from a seed: classes, or numbers to predict. */
import * as v from 'valibot'
import { oneOf, real } from '../fields'
import { setElsewhere, type Entries, upTo, whole, withDefault } from '../settings'
import { dataRecord, plainCall, unchecked, type DataFacts } from './record'
import { maxSamples } from './sizes'

/** What a generator takes where nothing is said. */
export interface PlaneDefaults {
  readonly samples: number
  readonly trainFraction: number
  readonly noise: number
}

const defaults: PlaneDefaults = { samples: 500, trainFraction: 0.5, noise: 0.1 }
const spiralDefaults: PlaneDefaults = { ...defaults, noise: 0.05 }
const spiralClasses = [2, 3] as const

/** The largest share that may train: something is left for testing. */
export const mostTrained = 0.9

/** The entry `samples`. */
export function samplesEntry(byDefault: number) {
  return withDefault(whole('Samples', maxSamples, undefined, 10), byDefault)
}

/** The entry `trainFraction`, which the page sets in percent. */
export function trainFractionEntry(byDefault: number, most = mostTrained) {
  return setElsewhere(v.optional(real(0.1, most), byDefault))
}

function entriesOf({ samples, noise, trainFraction }: PlaneDefaults) {
  return {
    samples: samplesEntry(samples),
    noise: withDefault(upTo('Noise', 1, 'Standard deviation of the noise, 0 to 1'), noise),
    trainFraction: trainFractionEntry(trainFraction),
  }
}

interface Points {
  readonly samples: number
  readonly noise: number
}

function facts(
  label: string,
  description: string,
  task: 'classification' | 'regression',
): DataFacts<Points, 'plane', null> {
  return {
    label,
    choice: label,
    description,
    view: 'plane',
    source: 'seed',
    edit: null,
    task: () => task,
    inputShape: () => [2],
    longest: () => 1,
    classes: () => (task === 'classification' ? 2 : 0),
    classChoices: [],
    tokens: () => null,
    count: ({ samples }) => samples,
    mostTrained,
    check: unchecked,
    call: (data) => plainCall(optionsOf(data)),
  }
}

function optionsOf({ samples, noise }: Points) {
  return [
    ['samples', String(samples)],
    ['noise', String(noise)],
  ] as const
}

/** The record of a kind with the usual entries. */
function points<const K extends string>(kind: K, ...known: Parameters<typeof facts>) {
  return { ...dataRecord(kind, entriesOf(defaults), facts(...known)), defaults }
}

/** A disc inside a ring. */
export const circle = points('circle', 'Circle', 'A disc inside a ring.', 'classification')
/** Opposite quadrants share a class. */
export const xor = points('xor', 'XOR', 'Opposite quadrants share a class.', 'classification')
/** Two round clouds. */
export const gaussians = points('gaussians', 'Gaussians', 'Two round clouds.', 'classification')
/** Two half circles that interlock. */
export const moons = points('moons', 'Moons', 'Two half circles that interlock.', 'classification')
/** A tilted plane to predict. */
export const plane = points('plane', 'Plane', 'A tilted plane: linear in both inputs.', 'regression')
/** A product of two sine waves to predict. */
export const waves = points('waves', 'Waves', 'A product of two sine waves.', 'regression')

const spiralEntries = {
  ...entriesOf(spiralDefaults),
  classes: setElsewhere(v.optional(oneOf(spiralClasses), 2)),
} satisfies Entries

/** Arms wound around each other. */
export const spiral = {
  ...dataRecord('spiral', spiralEntries, {
    ...facts('Spiral', 'Two or three arms wound around each other.', 'classification'),
    classes: ({ classes }) => classes,
    classChoices: spiralClasses,
    call: (data) => plainCall([...optionsOf(data), ['classes', String(data.classes)]]),
  }),
  defaults: spiralDefaults,
}
