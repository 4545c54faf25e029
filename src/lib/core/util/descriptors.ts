/** What an object has, its own properties before those of its class; of all objects nothing. */
export function* descriptorsOf(object: unknown): Generator<readonly [name: string, PropertyDescriptor]> {
  for (let each = object; typeof each === 'object' && each !== null && each !== Object.prototype;) {
    yield* Object.entries(Object.getOwnPropertyDescriptors(each))
    each = Object.getPrototypeOf(each) as unknown
  }
}
