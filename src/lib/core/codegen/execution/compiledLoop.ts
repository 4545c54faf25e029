/** Takes the training step out of a loop, as a compiled function in front of it. */
import type { AnyNode, BlockStatement, Pattern, Program, Statement } from 'acorn'
import { full } from 'acorn-walk'
import { methodName, visit, type Edit } from './programText'

/** A training step in a loop. */
interface LoopStep {
  readonly body: BlockStatement
  readonly first: number
  readonly last: number
  /** The statements around it, from the outermost loop on. */
  readonly loops: readonly AnyNode[]
}

const loopTypes: ReadonlySet<string> = new Set([
  'ForOfStatement',
  'ForStatement',
  'WhileStatement',
  'BlockStatement',
])

/** The edits; null where the step cannot be told from what is around it. */
export function compiledLoop(text: string, program: Program, compile: string): readonly Edit[] | null {
  const step = findStep(program)
  if (!step) return null
  const { body, first, last, loops } = step
  const statements = body.body.slice(first, last + 1)
  if (statements.some(awaits)) return null
  const [outer] = loops
  const [from, to] = [statements[0], statements.at(-1)]
  if (!outer || !from || !to) return null
  const read = new Set(statements.flatMap(namesIn))
  const inputs = declaredAround(step).filter((name) => read.has(name))
  const after = new Set(body.body.slice(last + 1).flatMap(namesIn))
  const made = statements.flatMap(declaredBy).filter((name) => after.has(name))
  if (inputs.length === 0 || taken(program, 'trainStep')) return null
  const result = made.length === 1 ? made.join('') : `{ ${made.join(', ')} }`
  const lines = text.slice(from.start, to.end).split('\n')
  const [here, there] = [indentAt(text, from.start), indentAt(text, outer.start)]
  const moved = lines.map(
    (line, index) => `${there}  ${index === 0 ? line : line.slice(commonIndent(line, here))}`,
  )
  const call = `trainStep(${inputs.join(', ')})`
  const whole = [
    `const trainStep = ${compile}((${inputs.join(', ')}) => {`,
    ...moved,
    ...(made.length > 0 ? [`${there}  return ${result}`] : []),
    `${there}})`,
    '',
    there,
  ]
  return [
    { start: outer.start, end: outer.start, text: whole.join('\n') },
    { start: from.start, end: to.end, text: made.length > 0 ? `const ${result} = ${call}` : call },
  ]
}

/** From `zeroGrad()`, or the statements that lead to `backward()`, to the last `step()` behind it. */
function findStep(program: Program): LoopStep | null {
  let found: LoopStep | null = null
  visit(program, (node, around) => {
    if (found || node.type !== 'BlockStatement') return
    const { body } = node
    const backward = body.findIndex((statement) => isCallOf(statement, 'backward'))
    if (backward < 0 || around.at(-2)?.type === 'IfStatement') return
    const calls = (name: string) => body.flatMap((each, index) => (isCallOf(each, name) ? [index] : []))
    const zeroed = calls('zeroGrad').filter((index) => index < backward)
    const computed = body.findIndex((each) => each.type === 'VariableDeclaration' && !awaits(each))
    let last = backward
    while (calls('step').includes(last + 1)) last++
    const first = Math.min(...zeroed, computed < 0 ? backward : computed)
    const loops = around.slice(around.findLastIndex(({ type }) => !loopTypes.has(type)) + 1)
    if (last > backward && zeroed.length > 0 && loops[0]?.type !== 'BlockStatement')
      found = { body: node, first, last, loops }
  })
  return found
}

function isCallOf(statement: Statement | AnyNode, name: string): boolean {
  if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'CallExpression') return false
  return methodName(statement.expression.callee) === name
}

/** What the loops around the step declare, in their order. */
function declaredAround({ body, first, loops }: LoopStep): readonly string[] {
  const names = loops.flatMap((node) => {
    if (node.type === 'ForOfStatement') return declaredBy(node.left)
    if (node.type === 'ForStatement') return node.init ? declaredBy(node.init) : []
    if (node.type !== 'BlockStatement') return []
    return (node === body ? node.body.slice(0, first) : node.body).flatMap(declaredBy)
  })
  return [...new Set(names)]
}

function declaredBy(node: AnyNode): string[] {
  if (node.type !== 'VariableDeclaration') return []
  return node.declarations.flatMap(({ id }) => namesOf(id))
}

function namesOf(pattern: Pattern): string[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern.name]
    case 'ArrayPattern':
      return pattern.elements.flatMap((each) => (each ? namesOf(each) : []))
    case 'ObjectPattern':
      return pattern.properties.flatMap((each) => namesOf(each.type === 'Property' ? each.value : each))
    case 'RestElement':
      return namesOf(pattern.argument)
    case 'AssignmentPattern':
      return namesOf(pattern.left)
    default:
      return []
  }
}

function namesIn(node: AnyNode): string[] {
  const names: string[] = []
  full(node, (each) => {
    if (each.type === 'Identifier') names.push(each.name)
  })
  return names
}

function awaits(node: AnyNode): boolean {
  let isFound = false
  full(node, ({ type }) => {
    if (type === 'AwaitExpression') isFound = true
  })
  return isFound
}

function taken(program: Program, name: string): boolean {
  return namesIn(program).includes(name)
}

function indentAt(text: string, position: number): string {
  return /[ \t]*$/.exec(text.slice(text.lastIndexOf('\n', position - 1) + 1, position))?.[0] ?? ''
}

function commonIndent(line: string, indent: string): number {
  return line.startsWith(indent) ? indent.length : line.length - line.trimStart().length
}
