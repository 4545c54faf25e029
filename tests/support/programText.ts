/** Programs of specs as text, for tests of what is generated. */
import { defaultSpec } from '../../src/lib/core/spec/defaults'
import { parseSpec } from '../../src/lib/core/spec/parse'
import type { Spec, Style } from '../../src/lib/core/spec/schema'
import { generateProgram } from '../../src/lib/core/codegen/generateProgram'

/** The spec that a page begins with. */
export const circle = defaultSpec()

/** That spec with other layers. */
export function withLayers(
  layers: readonly unknown[],
  change: Partial<Record<keyof Spec, unknown>> = {},
): Spec {
  return parseSpec({ ...circle, ...change, model: { layers } })
}

/** Lane B's program, aligned to a lane A of the given style; native without one. */
export function program(spec: Spec, style: Style, alignedTo?: Style): string {
  return generateProgram(spec, style, { lane: 'B', alignedTo })
}

/** The text as if every call were on one line. */
export function flat(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll(', }', ' }')
}

/** The lines of a text that contain one of the words. */
export function linesWith(text: string, ...words: string[]): string[] {
  const lines = text.split('\n').filter((line) => words.some((word) => line.includes(word)))
  return lines.map((line) => line.trim())
}
