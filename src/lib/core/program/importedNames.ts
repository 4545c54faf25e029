/** What to say where a program imports a name that a module does not export. */

import { cutText } from '../util/cutText'

/** To look for what was meant takes time with the square of the length. */
const longestName = 100

/** Null where the name is there; otherwise the message, with the name that was meant where one comes close. */
export function importProblem(specifier: string, wanted: string, names: readonly string[]): string | null {
  if (names.includes(wanted)) return null
  if (wanted.length > longestName) {
    return `import: expected a name that '${specifier}' exports, got '${cutText(wanted, longestName)}'. Write a shorter one.`
  }
  if (wanted === 'default') {
    return `import: expected names in braces, got a default import of '${specifier}'. Write import { … } from '${specifier}'.`
  }
  const meant = closest(wanted, names)
  const fix =
    meant === null
      ? `It exports ${names.filter((name) => name !== 'default').join(', ')}.`
      : `Write ${meant}.`
  return `import: expected a name that '${specifier}' exports, got '${wanted}'. ${fix}`
}

/** The name that differs in case, underscores or few letters. */
function closest(wanted: string, names: readonly string[]): string | null {
  const bare = (name: string) => name.toLowerCase().replaceAll('_', '')
  const [best] = names
    .map((name) => ({ name, distance: distance(bare(name), bare(wanted)) }))
    .toSorted((a, b) => a.distance - b.distance)
  return best && best.distance <= Math.min(2, wanted.length / 3) ? best.name : null
}

/** Letters to insert, leave out or replace. Source: Levenshtein, 1966. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced))
    }
    row = next
  }
  return row[b.length] ?? 0
}
