/** What elements can be: an array that may hold undefined is none of these. */
type Present = string | number | bigint | boolean | symbol | object | null

/**
 * The element at an index that must be right: a default here (`?? 0`) would hide a wrong one.
 * @throws Error `internal:` if there is no such element
 */
export function at<T extends Present>(values: ArrayLike<T>, index: number): T {
  const value = values[index]
  if (value === undefined)
    throw new Error(`internal: expected an element ${index} of ${values.length}, found none`)
  return value
}

/**
 * The last element of what must have one.
 * @throws Error `internal:` if there is none
 */
export function last<T extends Present>(values: ArrayLike<T>): T {
  return at(values, values.length - 1)
}
