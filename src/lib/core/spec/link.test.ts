import { deflateSync, strToU8 } from 'fflate'
import { describe, expect, it } from 'vitest'
import * as v from 'valibot'
import { SpecError } from '../util/errors'
import { randomStream } from '../util/random'
import { defaultExperiment } from './defaults'
import { exportSpec, importSpec, textOfFile } from './file'
import { decodeHash, encodeHash } from './hash'
import { limits } from '../util/limits'
import { parseExperiment } from './parse'
import { experimentSchema } from './schema'

const experiment = defaultExperiment()

describe('links', () => {
  it('round-trip, also with text beyond Latin-1', () => {
    const named = { ...experiment, spec: { ...experiment.spec, name: 'Kreis – 圆' } }
    expect(decodeHash(encodeHash(named))).toEqual(named)
    expect(decodeHash(`#${encodeHash(named)}`)).toEqual(named)
  })

  it('are short and need no escaping', () => {
    const hash = encodeHash(experiment)
    expect(hash).toMatch(/^1\.[\w-]+$/)
    expect(hash.length).toBeLessThan(700)
  })

  it('are rejected at every truncation', () => {
    const hash = encodeHash(experiment)
    for (let length = 0; length < hash.length; length++) {
      expect(() => decodeHash(hash.slice(0, length)), `cut at ${length}`).toThrow(SpecError)
    }
  })

  it.each([
    ...[')', '.', ',', ').', '”,', '>', '=', ' ', '\n', '\u200b', '%E2%80%8B', '%29', '&fbclid=IwAR0x-y_z'],
    '&utm_source=chat&utm_medium=group%20chat',
    '&gclid=abc).',
    '?utm_source=mail',
  ])('open with %j after them', (tail) => {
    expect(decodeHash(encodeHash(defaultExperiment()) + tail)).toEqual(defaultExperiment())
  })

  it.each([')abc', '&other=1', '&fbclid', '%zz', '#'])(
    'do not open with %j, which may belong to them',
    (tail) => {
      expect(() => decodeHash(encodeHash(defaultExperiment()) + tail)).toThrow(
        'link: expected a complete link, got',
      )
    },
  )

  it('that are cut and end in a point are still damaged', () => {
    expect(() => decodeHash(`${encodeHash(defaultExperiment()).slice(0, -5)}.`)).toThrow(
      'link: expected a complete link',
    )
  })

  it('say what is wrong with them', () => {
    expect(() => decodeHash('#section-2')).toThrow(
      'link: expected a link made by Tandem, got something else.',
    )
    expect(() => decodeHash(`#${'9'.repeat(1000)}.abc`)).toThrow(
      'link: expected format 1, got 9999999999999999… 984 characters more.',
    )
    expect(() => decodeHash('2.abc')).toThrow(
      'link: expected format 1, got 2. Open the link with a newer Tandem.',
    )
    expect(() => decodeHash('1.abc')).toThrow(
      'link: expected a complete link, got 3 characters that cannot be',
    )
  })

  it('are validated', () => {
    const wrong = { ...experiment, spec: { ...experiment.spec, seed: -1 } }
    expect(() => decodeHash(encodeHash(wrong))).toThrow('spec.seed: expected a whole number')
  })
})

/** A link to whatever JSON is given. */
const linkTo = (json: string) =>
  `1.${Buffer.from(deflateSync(strToU8(json), { level: 9 })).toString('base64url')}`
const withProgram = (program: string) => ({
  ...experiment,
  lanes: experiment.lanes.map((lane) => ({ ...lane, program })) as unknown as typeof experiment.lanes,
})

describe('what is written can be read back', () => {
  const random = randomStream(7, 'links')
  const draw = (first: number, last: number) => first + Math.floor(random() * (last - first + 1))
  const text = (length: number, character: () => number) =>
    String.fromCharCode(...Array.from({ length }, character))
  /** Characters that take the most room in JSON, in UTF-8, or after deflation. */
  const letters = () => draw(0x20, 0x7e)
  const ofThreeBytes = () => draw(0x4e00, 0x9fff)

  it.each([
    ['letters', letters, letters],
    ['characters of three bytes', ofThreeBytes, ofThreeBytes],
    ['letters beside names of control characters', letters, () => draw(0, 8)],
    ['letters beside names of lone surrogates', letters, () => draw(0xdc00, 0xdfff)],
    ['letters beside names of any characters', letters, () => draw(0, 0xffff)],
  ])('with two programs of 50,000 %s and as long names of columns', (_, ofProgram, ofNames) => {
    const name = (length: number) => text(length, ofNames)
    const data = {
      kind: 'csv',
      features: Array.from({ length: 250 }, () => name(200)),
      label: name(200),
      task: 'regression',
    }
    const model = { layers: [{ type: 'dense', units: 1, activation: 'linear' }] }
    const program = () =>
      text(limits.hiddenCharacters, () => draw(0, 8)) +
      text(limits.programCharacters - limits.hiddenCharacters, ofProgram)
    const valid = parseExperiment({
      ...experiment,
      preset: name(100),
      spec: { ...experiment.spec, name: name(100), data, loss: 'meanSquaredError', model },
      lanes: experiment.lanes.map((lane) => ({ ...lane, program: program() })),
    })
    const hash = encodeHash(valid)
    expect(hash.length).toBeLessThan(0.9 * limits.linkCharacters)
    expect(decodeHash(hash)).toEqual(valid)
    expect(importSpec(exportSpec(valid))).toEqual(valid)
  })

  it('and what could not be is not written', () => {
    const long = text(100_000, ofThreeBytes) + text(100_000, ofThreeBytes) + text(100_000, ofThreeBytes)
    expect(() => encodeHash(withProgram(long))).toThrow(
      /^link: expected at most 1000000 characters, got \d{7}\. Shorten the programs, or pass the experiment on as a file\.$/,
    )
  })
})

describe('a hostile link', () => {
  const refused = (json: string) => expect(() => decodeHash(linkTo(json)))

  it('is refused while it is inflated, and before it is if it is long', () => {
    const bomb = linkTo(`{"version":1,"spec":[${'0,'.repeat(36_000_000)}0]}`)
    expect(bomb.length).toBeLessThan(100_000)
    expect(() => decodeHash(bomb)).toThrow(
      'link: expected an experiment of at most 2.0 MB, got more. Ask whoever made the link for another.',
    )
    expect(() => decodeHash('1'.repeat(1_000_001))).toThrow(
      'link: expected at most 1000000 characters, got 1000001.',
    )
  })

  it('costs one error, however many entries are wrong', () => {
    let read = 0
    const counted = new Proxy(Array.from({ length: 21 }), {
      get: (list, key) => {
        if (typeof key === 'string' && /^\d+$/.test(key)) read++
        return Reflect.get(list, key) as unknown
      },
    })
    const spec = { ...experiment.spec, model: { layers: counted } }
    expect(() => parseExperiment({ ...experiment, spec })).toThrow(
      'spec.model.layers: expected a list of 1 to 20 entries, got 21. Add or remove entries.',
    )
    expect(read).toBe(0)
    const points = Array.from({ length: 500 }, () => [9, 9, 9])
    const data = { kind: 'points', points }
    const issues = v.safeParse(
      experimentSchema,
      { ...experiment, spec: { ...experiment.spec, data } },
      {
        abortEarly: true,
      },
    ).issues
    expect(issues).toHaveLength(1)
  })

  it('has its misspelt names told before what they leave missing', () => {
    const layers = [{ type: 'dense', unit: 8 }]
    const spec = { ...experiment.spec, model: { layers } }
    refused(JSON.stringify({ ...experiment, spec })).toThrow(
      'spec.model.layers[0].unit: expected only the entries type, units, activation, useBias, got another one.',
    )
    refused(JSON.stringify({ [`x${'y'.repeat(100_000)}`]: 1, ...experiment })).toThrow(
      new RegExp(`^xy{35}… 97\\.6 KB more: expected only the entries version, spec`),
    )
  })

  it('cannot reach what every object inherits', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const json = JSON.stringify(experiment).replace('{', `{"${name}":{"polluted":true},`)
      refused(json).toThrow(`${name}: expected only the entries version, spec, lanes, schedule, preset`)
      refused(json.replace('"kind":"circle"', `"kind":"${name}"`)).toThrow(SpecError)
    }
    const kind = JSON.stringify(experiment).replace('"kind":"circle"', '"kind":"__proto__"')
    refused(kind).toThrow('spec.data.kind: expected one of circle, xor')
    expect({}).not.toHaveProperty('polluted')
  })

  it('may be nested as deep as it likes', () => {
    const deep = `${'['.repeat(500_000)}${']'.repeat(500_000)}`
    refused(deep).toThrow('experiment: expected an object, got [[[[…]]]]. Use { … }.')
    refused(`{"version":${deep}}`).toThrow('version: expected version 1, got [[[[…]]]].')
    refused(`{"version":1,"spec":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`).toThrow(
      'spec.a: expected only the entries',
    )
  })

  it('has no number that is none', () => {
    const withSeed = (seed: string) => JSON.stringify(experiment).replace('"seed":42', `"seed":${seed}`)
    refused(withSeed('1e999')).toThrow(
      'spec.seed: expected a whole number from 0 to 4294967295, got Infinity.',
    )
    refused(withSeed('"NaN"')).toThrow('spec.seed: expected a whole number from 0 to 4294967295, got "NaN".')
    refused(withSeed('9'.repeat(100_000))).toThrow('got Infinity.')
    refused(withSeed(`"${'9'.repeat(100_000)}"`)).toThrow('97.6 KB more". Choose one in that range.')
  })

  it('has no program of more lines than are shown', () => {
    const lines = (count: number, end: string) => JSON.stringify(withProgram(end.repeat(count - 1)))
    for (const end of ['\n', '\r', '\r\n', '\u2028', '\u2029']) {
      expect(decodeHash(linkTo(lines(2000, end))).lanes[0].program).toBe('\n'.repeat(1999))
      refused(lines(2001, end)).toThrow(
        'lanes[0].program: expected a program of at most 2,000 lines, got 2,001. Shorten it.',
      )
    }
    refused(JSON.stringify(withProgram('x'.repeat(50_001)))).toThrow(
      'lanes[0].program: expected a program of at most 50,000 characters, got 50,001. Shorten it.',
    )
    const number = JSON.stringify({
      ...experiment,
      lanes: [{ style: 'keras', program: 1 }, experiment.lanes[1]],
    })
    refused(number).toThrow('lanes[0].program: expected the text of a program, got 1.')
  })
})

describe('files', () => {
  it('round-trip an experiment', () => {
    expect(importSpec(exportSpec(experiment))).toEqual(experiment)
  })

  it('take a bare spec and add the default lanes', () => {
    expect(importSpec(exportSpec(experiment.spec))).toEqual(experiment)
  })

  it('are read only where they may hold an experiment', async () => {
    const file = { name: 'a.json', size: 10, text: () => Promise.reject(new Error('It was moved')) }
    await expect(textOfFile({ ...file, size: 3 * 1024 ** 3 })).rejects.toThrow(
      'file: expected the JSON of an experiment, at most 2.0 MB, got 3072.0 MB. Choose a file that Tandem exported.',
    )
    await expect(textOfFile(file)).rejects.toThrow(
      'file: expected to read a.json, got an error (It was moved). Choose it again.',
    )
    expect(await textOfFile({ ...file, text: () => Promise.resolve('text') })).toBe('text')
    expect(() => importSpec(' '.repeat(2 * 1024 ** 2 + 1))).toThrow('at most 2.0 MB, got 2.0 MB.')
  })

  it('say what is wrong with them', () => {
    expect(() => importSpec('{ "version": 1, ')).toThrow(
      'file: expected the JSON of an experiment, got something else (',
    )
    expect(() => importSpec('[]')).toThrow(SpecError)
    expect(() => importSpec('{"version":1,"spec":{"version":9}}')).toThrow(
      'spec.version: expected version 1, got 9.',
    )
  })
})
