/** What to say where a program imports a name that a module does not export. */

import { cutText } from '../util/cutText'
import { nearestName } from '../util/nearestName'

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
  const meant = nearestName(wanted, names)
  const fix =
    meant === undefined
      ? `It exports ${names.filter((name) => name !== 'default').join(', ')}.`
      : `Write ${meant}.`
  return `import: expected a name that '${specifier}' exports, got '${wanted}'. ${fix}`
}
