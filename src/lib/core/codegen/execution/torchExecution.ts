/** What a PyTorch-style program says of its execution: calls of `compile`, and whether they are disabled. */
import type { AnyNode, CallExpression, ObjectExpression, Program } from 'acorn'
import { simple } from 'acorn-walk'
import { compiledLoop } from './compiledLoop'
import {
  callsMethod,
  importsOf,
  methodName,
  propertyOf,
  removeProperty,
  setProperty,
  visit,
  type Edit,
} from './programText'
import type { AskedExecution, ExecutionOfText } from './types'

const torch = 'tandem/torch'

/** A call of `compile`. */
interface Compile {
  readonly call: CallExpression
  /** Its options; null where it has none, undefined for what is no literal. */
  readonly options: ObjectExpression | null | undefined
  /** It holds a training step. */
  readonly trains: boolean
}

/** A call of `compile` that is not disabled makes the step static. */
export function readTorch(text: string, program: Program): ExecutionOfText {
  const compiles = trainingCompiles(program)
  const [first] = compiles
  const enabled = compiles.find((each) => !isDisabled(each))
  const line = (enabled ?? first)?.call.loc?.start.line ?? 0
  const execution = enabled ? 'static' : 'eager'
  const isComputed = compiles.some(
    ({ options }) => options === undefined || (options && isComputedFlag(options)),
  )
  const canAdd = first !== undefined || addedCompile(text, program) !== null
  const problem = isComputed
    ? 'Write the options of compile as { disable: true }, so that the line can be changed.'
    : canAdd
      ? null
      : 'Put the training step in a function, const step = compile((x, y) => { … }), and call it in the loop.'
  const steps = first?.options && propertyOf(first.options, 'stepsPerExecution')?.value
  const stepsPerExecution = steps?.type === 'Literal' && typeof steps.value === 'number' ? steps.value : null
  return {
    style: 'torch',
    execution,
    stepsPerExecution: enabled ? (stepsPerExecution ?? 1) : null,
    line,
    problem,
  }
}

/** The edits that compile the program's steps, or no longer do. */
export function torchEdits(text: string, program: Program, asked: AskedExecution): readonly Edit[] {
  const all = compileCalls(program)
  if (asked.execution === 'eager') return all.flatMap((each) => disabling(text, each))
  const edits = all.flatMap((each) => [...enabling(each), ...stepsEdits(text, each, asked.stepsPerExecution)])
  return all.length > 0 ? edits : (addedCompile(text, program) ?? [])
}

function disabling(text: string, { call, options }: Compile): readonly Edit[] {
  if (options) return [setProperty(text, options, 'disable', 'true')]
  const end = call.end - 1
  return options === null ? [{ start: end, end, text: ', { disable: true }' }] : []
}

function enabling({ call, options }: Compile): readonly Edit[] {
  if (!options || !propertyOf(options, 'disable')) return []
  const [step] = call.arguments
  if (options.properties.length === 1 && step) return [{ start: step.end, end: options.end, text: '' }]
  const removed = removeProperty(options, 'disable')
  return removed ? [removed] : []
}

function stepsEdits(text: string, { call, options, trains }: Compile, steps: number): readonly Edit[] {
  if (!trains || options === undefined) return []
  if (options && propertyOf(options, 'stepsPerExecution'))
    return [setProperty(text, options, 'stepsPerExecution', String(steps))]
  if (steps === 1) return []
  // The edit that enables it takes options away that only disable it.
  const others = options?.properties.filter((each) => each !== propertyOf(options, 'disable')?.node) ?? []
  if (options && others.length > 0) return [setProperty(text, options, 'stepsPerExecution', String(steps))]
  const end = call.end - 1
  return [{ start: end, end, text: `, { stepsPerExecution: ${steps} }` }]
}

/** A function with the step in it is compiled where it stands; the step of a loop becomes one. */
function addedCompile(text: string, program: Program): readonly Edit[] | null {
  const imported = compileImport(program)
  if (!imported) return null
  const { name, edits } = imported
  const step = stepFunction(program)
  if (step)
    return [
      ...edits,
      { start: step.start, end: step.start, text: `${name}(` },
      { start: step.end, end: step.end, text: ')' },
    ]
  const loop = compiledLoop(text, program, name)
  return loop && [...edits, ...loop]
}

/** `const step = (x, y) => { … backward() … }`. */
function stepFunction(program: Program): AnyNode | null {
  let found: AnyNode | null = null
  visit(program, (node, around) => {
    if (node.type !== 'ArrowFunctionExpression' && node.type !== 'FunctionExpression') return
    if (around.at(-2)?.type !== 'VariableDeclarator' || !callsMethod(node.body, 'backward')) return
    if (callsMethod(node.body, 'step') && node.params.length > 0) found ??= node
  })
  return found
}

/** What `compile` is called in the program, and the edits that import it. */
function compileImport(program: Program): { readonly name: string; readonly edits: readonly Edit[] } | null {
  for (const [local, { module, name }] of importsOf(program)) {
    if (module !== torch) continue
    if (name === 'compile') return { name: local, edits: [] }
    if (name === 'default' || name === '*') return { name: `${local}.compile`, edits: [] }
  }
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration' || statement.source.value !== torch) continue
    // Beside `optim`, where the generated programs have it.
    const before = statement.specifiers.find(({ local }) => local.name === 'optim')
    const [first] = statement.specifiers
    if (before) return { name: 'compile', edits: [{ start: before.end, end: before.end, text: ', compile' }] }
    if (first)
      return { name: 'compile', edits: [{ start: first.start, end: first.start, text: 'compile, ' }] }
  }
  return null
}

/** Those that hold training steps; all where none does, as with `compile(model)`. */
function trainingCompiles(program: Program): readonly Compile[] {
  const all = compileCalls(program)
  const training = all.filter(({ trains }) => trains)
  return training.length > 0 ? training : all
}

function compileCalls(program: Program): readonly Compile[] {
  const imported = importsOf(program)
  const compiles: Compile[] = []
  simple(program, {
    CallExpression: (call) => {
      if (!isCompile(call, imported)) return
      const [step, options] = call.arguments
      if (!step) return
      const literal = options?.type === 'ObjectExpression' ? options : undefined
      compiles.push({ call, options: options ? literal : null, trains: callsMethod(step, 'backward') })
    },
  })
  return compiles.sort((a, b) => a.call.start - b.call.start)
}

function isCompile({ callee }: CallExpression, imported: ReturnType<typeof importsOf>): boolean {
  if (callee.type === 'Identifier') {
    const found = imported.get(callee.name)
    return found?.module === torch && found.name === 'compile'
  }
  if (methodName(callee) !== 'compile' || callee.type !== 'MemberExpression') return false
  const { object } = callee
  const whole = object.type === 'Identifier' ? imported.get(object.name) : undefined
  return whole?.module === torch && whole.name !== 'compile'
}

function isDisabled({ options }: Compile): boolean {
  const value = options && propertyOf(options, 'disable')?.value
  return value?.type === 'Literal' && value.value === true
}

function isComputedFlag(options: ObjectExpression): boolean {
  const value = propertyOf(options, 'disable')?.value
  return value !== undefined && value.type !== 'Literal'
}
