/** What a Keras-style program says of its execution: `runEagerly` and `stepsPerExecution` in `model.compile(…)`. */
import type { CallExpression, ObjectExpression, Program } from 'acorn'
import { simple } from 'acorn-walk'
import type { Execution } from '../../spec/schema'
import { methodName, propertyOf, removeProperty, setProperty, type Edit } from './programText'
import type { AskedExecution, ExecutionOfText } from './types'

interface Compile {
  readonly call: CallExpression
  /** Its options; null where it has none. */
  readonly options: ObjectExpression | null
}

/** What the calls of `compile` say; the lane's setting decides where they say nothing. */
export function readKeras(program: Program): ExecutionOfText {
  const compiles = compileCalls(program)
  const found = compiles.map(({ options }) => options && propertyOf(options, 'runEagerly')?.value)
  const [value, ...others] = found
  const [first] = compiles
  const line = value?.loc?.start.line ?? first?.call.loc?.start.line ?? 0
  const steps = first?.options && propertyOf(first.options, 'stepsPerExecution')?.value
  const stepsPerExecution = steps?.type === 'Literal' && typeof steps.value === 'number' ? steps.value : null
  const says = (execution: Execution | null, problem: string | null): ExecutionOfText => ({
    style: 'keras',
    execution,
    stepsPerExecution: execution === 'static' ? (stepsPerExecution ?? 1) : null,
    line,
    problem,
  })
  if (!first)
    return says(
      'eager',
      'Call model.compile({ optimizer, loss, runEagerly: true }), so that there is a line to change.',
    )
  const isComputed = [...found, steps].some((each) => each && each.type !== 'Literal')
  if (isComputed) return says(null, 'Write true or false for runEagerly, so that the line can be changed.')
  const said = value?.type === 'Literal' ? (value.value === true ? 'eager' : 'static') : null
  const areSame = others.every(
    (each) => each?.type === 'Literal' && value?.type === 'Literal' && each.value === value.value,
  )
  return says(areSame || !value ? said : null, null)
}

/** The edits that make the calls of `compile` say it. */
export function kerasEdits(text: string, program: Program, asked: AskedExecution): readonly Edit[] {
  return compileCalls(program).flatMap(({ call, options }) => {
    const isEager = asked.execution === 'eager'
    const steps = isEager ? 1 : asked.stepsPerExecution
    if (options) {
      const set = [setProperty(text, options, 'runEagerly', String(isEager))]
      return [...set, ...stepsEdit(text, options, steps)]
    }
    const named = [`runEagerly: ${isEager}`, ...(steps === 1 ? [] : [`stepsPerExecution: ${steps}`])]
    const end = call.end - 1
    return [{ start: end, end, text: `${call.arguments.length > 0 ? ', ' : ''}{ ${named.join(', ')} }` }]
  })
}

function stepsEdit(text: string, options: ObjectExpression, steps: number): readonly Edit[] {
  if (steps !== 1) return [setProperty(text, options, 'stepsPerExecution', String(steps))]
  const removed = removeProperty(options, 'stepsPerExecution')
  return removed ? [removed] : []
}

function compileCalls(program: Program): readonly Compile[] {
  const compiles: Compile[] = []
  simple(program, {
    CallExpression: (call) => {
      if (methodName(call.callee) !== 'compile') return
      const last = call.arguments.at(-1)
      compiles.push({ call, options: last?.type === 'ObjectExpression' ? last : null })
    },
  })
  return compiles.sort((a, b) => a.call.start - b.call.start)
}
