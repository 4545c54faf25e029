/** Attributes of nodes: the graph's plain values as ONNX's typed ones, and back. */
import { create } from '@bufbuild/protobuf'
import type { OpName } from '../graph/opNames'
import { ops } from '../graph/ops'
import type { AttributeValue } from '../graph/types'
import { FormatError } from '../util/errors'
import {
  AttributeProto_AttributeType as Type,
  AttributeProtoSchema,
  type AttributeProto,
  type GraphProto,
} from './onnx_pb'
import { shown } from './shown'

/** An attribute of operator `op`, of the kind that `ops.ts` says. */
export function attributeProto(op: OpName, name: string, value: AttributeValue): AttributeProto {
  if (typeof value === 'string') return text(name, value)
  const kind = ops[op].attributes[name]?.kind
  if (typeof value === 'number') return kind === 'float' ? float(name, value) : int(name, value)
  return kind === 'floats' ? floats(name, value) : ints(name, value)
}

function text(name: string, value: string): AttributeProto {
  return create(AttributeProtoSchema, { name, type: Type.STRING, s: new TextEncoder().encode(value) })
}

function float(name: string, f: number): AttributeProto {
  return create(AttributeProtoSchema, { name, type: Type.FLOAT, f })
}

function floats(name: string, values: readonly number[]): AttributeProto {
  return create(AttributeProtoSchema, { name, type: Type.FLOATS, floats: [...values] })
}

function ints(name: string, values: readonly number[]): AttributeProto {
  return create(AttributeProtoSchema, { name, type: Type.INTS, ints: values.map(BigInt) })
}

/** An attribute that ONNX holds as an integer. */
export function int(name: string, value: number): AttributeProto {
  return create(AttributeProtoSchema, { name, type: Type.INT, i: BigInt(value) })
}

/** The attribute that holds what a control-flow operator runs. */
export function bodyAttribute(g: GraphProto): AttributeProto {
  return create(AttributeProtoSchema, { name: 'body', type: Type.GRAPH, g })
}

/** The plain value of an attribute; throws FormatError for a kind that graphs do not have. */
export function attributeValue(attribute: AttributeProto): AttributeValue {
  const { name, type } = attribute
  switch (type) {
    case Type.FLOAT:
      return attribute.f
    case Type.INT:
      return integer(name, attribute.i)
    case Type.STRING:
      return new TextDecoder().decode(attribute.s)
    case Type.FLOATS:
      return attribute.floats
    case Type.INTS:
      return attribute.ints.map((value) => integer(name, value))
    default:
      throw new FormatError(
        `decodeModel: expected attribute ${shown(name)} to be a number, a text or a list of numbers, got ONNX kind ` +
          `${type}. Only models that Tandem wrote with encodeModel can be read.`,
      )
  }
}

function integer(name: string, value: bigint): number {
  const number = Number(value)
  if (Number.isSafeInteger(number)) return number
  throw new FormatError(
    `decodeModel: expected attribute ${shown(name)} to hold integers below 2^53, got ${value}. ` +
      'Only models that Tandem wrote with encodeModel can be read.',
  )
}
