import { describe, expect, it } from 'vitest'
import { csv, setCsvSource, type CsvOptions } from './csv'
import { maxCsvBytes } from './csvTable'

function given(text: string): void {
  setCsvSource(() => Promise.resolve(new TextEncoder().encode(text)))
}

/** All rows in their order. */
const all = { trainFraction: 1 } as const

async function read(text: string, options: CsvOptions) {
  given(text)
  return (await csv({ ...all, ...options })).train
}

const regression: CsvOptions = { features: ['a', 'b'], label: 'y', task: 'regression' }
const classification: CsvOptions = { features: ['a'], label: 'kind', task: 'classification' }

describe('csv', () => {
  it('reads the rows in their order, columns by name', async () => {
    const { x, y } = await read('y,b,a\n1,2,3\n4,5,6.5\n', regression)
    expect(x).toEqual({ values: Float32Array.of(3, 2, 6.5, 5), shape: [2, 2], dtype: 'float32' })
    expect(y).toEqual({ values: Float32Array.of(1, 4), shape: [2, 1], dtype: 'float32' })
  })

  it('reads quotes, CRLF, a byte-order mark and numbers in every notation', async () => {
    const text = '\uFEFF"a","b, in ""m""\nor km",y\r\n"1e-1",-.5,+2.\r\n\r\n'
    const { x, y } = await read(text, { ...regression, features: ['a', 'b, in "m"\nor km'] })
    expect(x.values).toEqual(Float32Array.of(0.1, -0.5))
    expect(y.values).toEqual(Float32Array.of(2))
  })

  it.each(['a;"b;, c";y\n1,5; -2,25 ;,5\n', 'a\t"b;, c"\ty\n1,5\t -2.25 \t,5\n'])(
    'reads what spreadsheets write where the comma is the decimal sign: %j',
    async (text) => {
      const { x, y } = await read(text, { ...regression, features: ['a', 'b;, c'] })
      expect(x.values).toEqual(Float32Array.of(1.5, -2.25))
      expect(y.values).toEqual(Float32Array.of(0.5))
    },
  )

  it('takes no comma for a decimal sign where it separates columns', async () => {
    await expect(read('a,b,y\n"1,5",2,3\n', regression)).rejects.toThrow(
      'csv: row 2, column "a": expected a number, got "1,5".',
    )
  })

  it('reads tokens as integers, and names the first that is none', async () => {
    const options: CsvOptions = { ...regression, tokens: 4 }
    const { x } = await read('a,b,y\n3,0,1\n1.0,2,4\n', options)
    expect(x).toEqual({ values: Int32Array.of(3, 0, 1, 2), shape: [2, 2], dtype: 'int32' })
    for (const [field, printed] of Object.entries({ '4': '4', '-1': '-1', '1.5': '1.5' })) {
      await expect(read(`a,b,y\n0,0,1\n0,${field},2\n`, options)).rejects.toThrow(
        `csv: row 3, column "b": expected an integer from 0 to 3, got ${printed}. Correct it, or give the embedding more rows.`,
      )
    }
    await expect(read('a,b,y\n0,0,1\n', { ...options, standardise: true })).rejects.toThrow(
      'csv: expected tokens as they are, got standardise: true. Leave out one of the two options.',
    )
  })

  it('standardises with the mean and the population deviation of the training rows', async () => {
    const { x } = await read('a,b,y\n1,5,0\n3,5,0\n5,5,0\n7,5,0\n', { ...regression, standardise: true })
    // mean 4, deviation √5; a constant column is only shifted
    const expected = [-3, -1, 1, 3].flatMap((value) => [value / Math.sqrt(5), 0])
    expect(x.values).toEqual(Float32Array.from(expected))
  })

  it('takes the scale of the training rows for the test rows', async () => {
    given(`a,b,y\n${Array.from({ length: 10 }, (_, row) => `${row},0,${row}`).join('\n')}`)
    const { train, test } = await csv({ ...regression, standardise: true, trainFraction: 0.8, seed: 3 })
    const mean = [...train.y.values].reduce((sum, value) => sum + value, 0) / 8
    const variance = [...train.y.values].reduce((sum, value) => sum + (value - mean) ** 2, 0) / 8
    expect(test.y.shape).toEqual([2, 1])
    for (const [row, value] of test.y.values.entries()) {
      expect(test.x.values[2 * row]).toBeCloseTo((value - mean) / Math.sqrt(variance), 6)
    }
  })

  const penguins =
    'sex,mass,island,kind\nmale,1,B,a\nfemale,3,T,b\n,5,T,a\nmale,NA,B,b\nfemale,7,T,?\n"male",9,B,b'
  const texts: CsvOptions = {
    features: ['sex', 'mass', 'island'],
    oneHot: [
      { column: 'sex', values: ['female', 'male'] },
      { column: 'island', values: ['B', 'D', 'T'] },
    ],
    label: 'kind',
    task: 'classification',
  }

  it('makes a column of zeros and ones of each value of a text, in their order, and skips rows with gaps', async () => {
    const { x, y } = await read(penguins, { ...texts, skipGaps: true })
    expect(x.shape).toEqual([3, 6])
    expect([...x.values]).toEqual([0, 1, 1, 1, 0, 0, 1, 0, 3, 0, 0, 1, 0, 1, 9, 1, 0, 0])
    expect([...y.values]).toEqual([0, 1, 1])
  })

  it('standardises numbers beside texts, not the texts', async () => {
    const { x } = await read(penguins, { ...texts, skipGaps: true, standardise: true })
    const deviation = Math.sqrt(((10 / 3) ** 2 + (4 / 3) ** 2 + (14 / 3) ** 2) / 3)
    const masses = [1, 3, 9].map((mass) => Math.fround((mass - 13 / 3) / deviation))
    expect([...x.values].filter((_, index) => index % 6 === 2)).toEqual(masses)
    expect(
      [...x.values].filter((_, index) => index % 6 !== 2).every((value) => value === 0 || value === 1),
    ).toBe(true)
  })

  it.each([
    [
      {},
      'csv: row 4, column "sex": expected one of "female", "male", got nothing. Fill it in, skip rows with gaps (skipGaps), or leave the column out.',
    ],
    [
      {
        skipGaps: true,
        oneHot: [
          { column: 'sex', values: ['male'] },
          { column: 'island', values: ['B', 'T'] },
        ],
      },
      'csv: row 3, column "sex": expected one of "male", got "female". Correct it, or add it to the values of oneHot.',
    ],
    [
      { oneHot: [{ column: 'beak', values: ['x'] }] },
      'csv: oneHot: expected columns of features, got "beak". Add it to the features.',
    ],
    [
      { oneHot: [{ column: 'sex', values: ['x', 'x'] }] },
      'csv: oneHot: column "sex": expected each value once, got "x" again. Remove one of the two.',
    ],
    [
      { tokens: 4, skipGaps: true },
      'csv: expected tokens as they are, got oneHot. Leave out one of the two options.',
    ],
    [
      { features: ['mass'], oneHot: [] },
      'csv: row 5, column "mass": expected a number, got "NA". Fill it in, skip rows with gaps (skipGaps), or leave the column out.',
    ],
  ])('refuses %j', async (change, message) => {
    await expect(read(penguins, { ...texts, ...change })).rejects.toThrow(message)
  })

  it('refuses what no list of values is, files of gaps alone, and texts that become too many numbers', async () => {
    const oneHot = { sex: ['female', 'male'] } as unknown as CsvOptions['oneHot']
    await expect(read(penguins, { ...texts, oneHot })).rejects.toThrow(
      `csv: oneHot: expected a list of columns with their values, got {"sex":["female","male"]}. Write oneHot: [{ column: 'sex', values: ['female', 'male'] }].`,
    )
    await expect(read('a,kind\n,x\nNaN,y', { ...classification, skipGaps: true })).rejects.toThrow(
      'csv: expected rows without gaps, got none among 2. Leave out the column that has most of them.',
    )
    const values = Array.from({ length: 100 }, (_, index) => `v${index}`)
    const many = `a,kind\n${'v0,x\nv1,y\n'.repeat(60_000)}`
    await expect(read(many, { ...classification, oneHot: [{ column: 'a', values }] })).rejects.toThrow(
      'csv: expected at most 10000000 numbers for the features, got 120000 rows of 100.',
    )
  })

  it('splits by the seed', async () => {
    given(`a,b,y\n${Array.from({ length: 20 }, (_, row) => `${row},0,0`).join('\n')}`)
    const train = async (seed: number) =>
      (await csv({ ...regression, trainFraction: 0.5, seed })).train.x.values
    expect(await train(1)).toEqual(await train(1))
    expect(await train(1)).not.toEqual(await train(2))
  })

  it('numbers classes by size or by text, and takes class numbers as they are', async () => {
    const classes = async (labels: string[], options: Partial<CsvOptions> = {}) => {
      const text = ['a,kind', ...labels.map((label) => `0,${label}`)].join('\n')
      return [...(await read(text, { ...classification, labels: 'index', ...options })).y.values]
    }
    expect(await classes(['10', '9', '10', '-1'])).toEqual([2, 1, 2, 0])
    expect(await classes(['b', ' a', 'c', 'b'])).toEqual([1, 0, 2, 1])
    expect(await classes(['1', '3'], { classes: 5 })).toEqual([1, 3])
    expect(await classes(['1', '2'], { classes: 2 })).toEqual([0, 1])
  })

  it('lays labels out as the loss needs them', async () => {
    const text = 'a,kind\n0,no\n0,yes\n'
    expect((await read(text, classification)).y).toEqual({
      values: Float32Array.of(0, 1),
      shape: [2, 1],
      dtype: 'float32',
    })
    const { y } = await read(text, { ...classification, labels: 'oneHot' })
    expect(y).toEqual({ values: Float32Array.of(1, 0, 0, 1), shape: [2, 2], dtype: 'float32' })
  })

  it.each([
    ['a,b,y\n1,2,3\n1,abc,3', regression, 'csv: row 3, column "b": expected a number, got "abc".'],
    ['a,b,y\n1,,3', regression, 'csv: row 2, column "b": expected a number, got nothing.'],
    ['a,b,y\n1,0x10,3', regression, 'csv: row 2, column "b": expected a number, got "0x10".'],
    ['a,b,y\n1,1e39,3', regression, 'csv: row 2, column "b": expected a number, got "1e39".'],
    ['a,b,y\n1,2,', regression, 'csv: row 2, column "y": expected a number, got nothing.'],
    ['a,kind\n1,x\n2, ', classification, 'csv: row 3, column "kind": expected a text, got nothing.'],
    ['a,y\n1,2', regression, 'csv: column "b": expected it once in the header, got none among "a", "y".'],
    ['a,b,b,y\n1,2,3,4', regression, 'csv: column "b": expected it once in the header, got several'],
    ['a,b,y\n1,2,3\n1,2', regression, 'csv: row 3: expected 3 fields as in the header, got 2.'],
    ['a,b,y\n1,2,3\n"1"x,2,3', regression, 'csv: row 3: expected quotes around a whole field'],
    ['a,b,y\n1,2,"3', regression, 'csv: row 2: expected quotes around a whole field'],
    ['a,b,y\n', regression, 'csv: expected a header and rows below it, got none.'],
    ['', regression, 'csv: expected a header and rows below it, got none.'],
    [
      'a,kind\n1,x\n1,y\n1,z',
      { ...classification, classes: 2 },
      'csv: column "kind": expected 2 classes, got 3 ("x", "y", "z").',
    ],
    ['a,kind\n1,x\n1,x', classification, 'csv: column "kind": expected 2 or more classes, got 1 ("x").'],
    [
      'a,b,y\n1,2,3',
      { ...regression, trainFraction: 0.8 },
      'csv: expected rows to train and rows to test, got 1 and 0 of 1.',
    ],
    ['a,b,y\n1,2,3', { ...regression, trainFraction: 2 }, 'csv: expected a trainFraction above 0'],
  ])('refuses %j', async (text, options, message) => {
    await expect(read(text, options)).rejects.toThrow(message)
  })

  it('refuses files that are too large or no text', async () => {
    setCsvSource(() => Promise.resolve(new Uint8Array(maxCsvBytes + 1)))
    await expect(csv(regression)).rejects.toThrow('csv: expected a file of at most 10 MB, got 10.0 MB.')
    setCsvSource(() => Promise.resolve(Uint8Array.of(0xff, 0xfe, 0x00)))
    await expect(csv(regression)).rejects.toThrow('csv: expected UTF-8 text, got other bytes.')
  })
})
