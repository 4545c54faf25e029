/** A short name for the content of a file: equal files have equal ones. Tells files apart, proves nothing. */

/** 16 hexadecimal digits. Two multiplicative hashes over all bytes, mixed as in cyrb53 (public domain). */
export function contentHash(bytes: Uint8Array): string {
  let first = 0xdeadbeef
  let second = 0x41c6ce57
  for (const byte of bytes) {
    first = Math.imul(first ^ byte, 2654435761)
    second = Math.imul(second ^ byte, 1597334677)
  }
  return hex(mixed(first, second)) + hex(mixed(second, first))
}

function mixed(own: number, other: number): number {
  const half = Math.imul(own ^ (own >>> 16), 2246822507)
  return half ^ Math.imul(other ^ (other >>> 13), 3266489909)
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0')
}
