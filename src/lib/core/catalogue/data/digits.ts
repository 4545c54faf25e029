/** Handwritten digits, from a file of the site. */
import { dataRecord, plainCall, unchecked } from './record'
import { mostTrained, samplesEntry, trainFractionEntry } from './plane'
import { maxSamples } from './sizes'

const defaults = { samples: maxSamples, trainFraction: 0.8 } as const

/** Handwritten digits, images [28, 28, 1] in ten classes. */
export const digits = {
  ...dataRecord(
    'digits',
    {
      samples: samplesEntry(defaults.samples),
      trainFraction: trainFractionEntry(defaults.trainFraction),
    },
    {
      label: 'Digits',
      choice: 'Digits',
      description: 'Handwritten digits, 28×28 pixels.',
      view: 'images',
      source: 'site',
      edit: null,
      task: () => 'classification',
      inputShape: () => [28, 28, 1],
      longest: () => 1,
      classes: () => 10,
      classChoices: [],
      tokens: () => null,
      count: ({ samples }) => samples,
      mostTrained,
      check: unchecked,
      call: ({ samples }, { style }) =>
        plainCall(samples === defaults.samples ? [] : [['samples', String(samples)]], {
          isAwaited: true,
          further: style === 'torch' ? [['channelsFirst', 'true']] : [],
        }),
    },
  ),
  defaults,
}
