import { describe, expect, it } from 'vitest'
import { likelyFeatures, likelyLabel, likelyTask, needsScale } from './csvChoices'
import { checkHeader, describeColumn } from './csvColumns'
import { readTable } from './csvTable'

function tableOf(text: string) {
  return readTable(new TextEncoder().encode(text))
}

function columnsOf(text: string) {
  const table = tableOf(text)
  return table.header.map((_, index) => describeColumn(table, index))
}

describe('describeColumn', () => {
  it('tells numbers from text, with range, different entries and whether they are whole', () => {
    const [a, b, c] = columnsOf('a,b,c\n1,1.5,x\n-2,2,y\n1.0,0.25,x')
    expect(a).toMatchObject({ name: 'a', kind: 'number', min: -2, max: 1, distinct: 2, isWhole: true })
    expect(b).toMatchObject({ kind: 'number', min: 0.25, max: 2, distinct: 3, isWhole: false })
    expect(c).toMatchObject({ kind: 'text', min: NaN, distinct: 2, isWhole: false, labelProblem: null })
    expect(a?.numberProblem).toBeNull()
    expect(c?.numberProblem).toContain('row 2, column "c": expected a number, got "x"')
  })

  it('takes a column of numbers with a slip in it for numbers, and says where the slip is', () => {
    const [a, b] = columnsOf('a,b\n1,3\n2,\noops,4\n3,5')
    expect(a).toMatchObject({ kind: 'number', min: 1, max: 3, labelProblem: null })
    expect(a?.numberProblem).toContain('csv: row 4, column "a": expected a number, got "oops".')
    expect(b?.numberProblem).toContain('csv: row 3, column "b": expected a number, got nothing.')
    expect(b?.labelProblem).toBe(
      'csv: row 3, column "b": expected a text, got nothing. Fill it in, skip rows with gaps (skipGaps), or leave the column out.',
    )
  })
})

describe('checkHeader', () => {
  it.each([
    ['1,2,3,4\n5,6,7,8', 'csv: row 1: expected the names of the columns, got numbers (1, 2, 3 …). Put a row'],
    ['a,b, a\n1,2,3', 'csv: row 1: expected a name of its own for each column, got "a" for columns 1 and 3.'],
    ['a\n1', 'csv: row 1: expected two columns or more, got one ("a").'],
  ])('refuses %j', (text, message) => {
    const table = tableOf(text)
    expect(() => {
      checkHeader(table)
    }).toThrow(message)
  })
})

describe('what somebody likely wants', () => {
  const flowers =
    'id,name,length,width,same,kind\n1,p,4.5,1.2,0,a\n2,q,6.1,1.9,0,b\n3,r,5.0,0.3,0,a\n4,s,5,1,0,b'

  it('is the last column that tells something, from all columns of numbers that differ and do not number the rows', () => {
    const columns = columnsOf(flowers)
    expect(likelyLabel(columns, 4)).toBe('kind')
    expect(likelyFeatures(columns, 'kind')).toEqual(['length', 'width'])
    expect(likelyFeatures(columnsOf('a,b,y\n1,2,x\n2,,y\n3,4,x'), 'y')).toEqual(['a', 'b'])
    expect(likelyLabel(columnsOf('z,x,note\n0,1,p\n1,2,q\n0,3,r\n1,3,s\n0,3,t'), 5)).toBe('x')
    expect(likelyLabel(columnsOf('Label,x\n0,1\n1,2\n0,3'), 3)).toBe('Label')
  })

  it('are classes of text and of few whole numbers, and else a regression', () => {
    const rows = Array.from({ length: 20 }, (_, row) => `${row},${row % 3},${row / 7},t${row % 2}`)
    const columns = columnsOf(`many,few,parts,text\n${rows.join('\n')}`)
    expect(columns.map(likelyTask)).toEqual(['regression', 'classification', 'regression', 'classification'])
  })

  it('is a common scale where ranges differ or reach far', () => {
    const [a, b, c, d] = columnsOf('a,b,c,d\n0,0,100,0\n1,2,101,9')
    const scaled = (...columns: (typeof a)[]) => needsScale(columns.filter((column) => column !== undefined))
    expect(scaled(a, b)).toBe(false)
    expect(scaled(a, c)).toBe(true)
    expect(scaled(a, d)).toBe(true)
  })
})
