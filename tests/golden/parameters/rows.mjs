/**
 * What a parameter does: a call in which it has another value than in the call `of` its function, whose result differs; or the
 * reason why there is none.
 * @typedef {string | { readonly call: string } | { readonly because: string }} Other
 */

/**
 * One function, constructor or method. `$` in `call` stands for the object of its arguments.
 * @typedef {{
 *   readonly call: string
 *   readonly given?: Readonly<Record<string, string>>
 *   readonly other?: Readonly<Record<string, Other>>
 * }} Row
 */

/** @typedef {Readonly<Record<string, Row>>} Rows */

/** @param {string} reason */
export const because = (reason) => ({ because: reason })

/** @param {string} expression */
export const calling = (expression) => ({ call: expression })

export const placement = {
  device: because("all tensors are on the lane's backend"),
  dtype: because('parameters are float32'),
}

export const legacy = {
  sizeAverage: because('refused in words: reduction does its work'),
  reduce: because('refused in words: reduction does its work'),
}

export const inplace = because('the input stays as it is')

export const notInPyTorch = because('not in PyTorch')

/** @param {Row} row @param {Readonly<Record<string, string>>} given */
const callWith = ({ call }, given) =>
  call.replace(
    '$',
    () =>
      `{ ${Object.entries(given)
        .map(([name, value]) => `${name}: ${value}`)
        .join(', ')} }`,
  )

/**
 * The calls of all rows: that of the function itself, and one for each parameter.
 * @param {Rows} rows
 * @returns {[key: string, expression: string][]}
 */
export function callsOf(rows) {
  return Object.entries(rows).flatMap(([name, row]) => {
    const { given = {}, other = {} } = row
    /** @type {[string, string][]} */
    const calls = Object.entries(other).flatMap(([parameter, value]) => {
      if (typeof value === 'object' && 'because' in value) return []
      const expression =
        typeof value === 'string' ? callWith(row, { ...given, [parameter]: value }) : value.call
      return [[`${name}(${parameter})`, expression]]
    })
    return [[name, callWith(row, given)], ...calls]
  })
}
