/** What a graph holds and ONNX has no place for: texts that go into the file beside the model, and back. */
import * as v from 'valibot'
import type { Graph, Origin } from '../graph/types'
import { FormatError } from '../util/errors'
import type { ModelProto } from './onnx_pb'
import { shown } from './shown'

/** Under which key `metadata_props` holds the rest of the graph. */
const key = 'tandem'

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

const originSchema = v.object({
  phase: v.picklist(['forward', 'loss', 'backward', 'update']),
  layer: v.string(),
  line: count,
})

const variableSchema = v.object({ name: v.string(), shape: v.array(count) })

const metadataSchema = v.object({
  roles: v.record(v.string(), v.picklist(['argument', 'state', 'host'])),
  states: v.array(
    v.object({
      input: v.string(),
      output: v.nullable(v.string()),
      variables: v.array(variableSchema),
    }),
  ),
  results: v.array(v.string()),
  /** Sizes, when traced, of dimensions that the file leaves open. */
  sizes: v.record(v.string(), count),
})

/** What is written into a file beside the model. */
export type Metadata = v.InferOutput<typeof metadataSchema>

/** The entries of `metadata_props`. */
export function printMetadata(graph: Graph, sizes: Readonly<Record<string, number>> = {}) {
  const { inputs, states, results } = graph
  const roles = Object.fromEntries(inputs.map(({ name, role }) => [name, role]))
  return { [key]: JSON.stringify({ roles, states, results, sizes }) }
}

/** Throws FormatError where the file is not one that `encodeModel` wrote. */
export function parseMetadata({ metadataProps }: ModelProto): Metadata {
  const entry = metadataProps.find((one) => one.key === key)
  return parse(metadataSchema, entry?.value, `metadata ${key}`)
}

/** A node's `doc_string`. */
export function printOrigin({ phase, layer, line }: Origin): string {
  return JSON.stringify({ phase, layer, line })
}

/** Throws FormatError where `text` is not what `printOrigin` gives. */
export function parseOrigin(text: string, node: string): Origin {
  return parse(originSchema, text, `doc_string of ${node}`)
}

function parse<Schema extends v.GenericSchema>(
  schema: Schema,
  text: string | undefined,
  where: string,
): v.InferOutput<Schema> {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text, { abortEarly: true })
  if (parsed.success) return parsed.output
  throw new FormatError(
    `decodeModel: expected ${shown(where)} as Tandem writes it, got ${text === undefined ? 'none' : shown(text)}. ` +
      'Only models that Tandem wrote with encodeModel can be read.',
  )
}
