/** Turns an expression of a PyTorch-style program into Python: names in snake_case, an object at the end into keyword arguments. */
import { parseExpressionAt } from 'acorn'

/** Names that PyTorch writes in its own way. */
const spellings = new Map([
  ['tMax', 'T_max'],
  ['t0', 'T_0'],
  ['tMult', 'T_mult'],
])

/**
 * `leakyRelu` as Python has it, `leaky_relu`; names of classes stay.
 * @param {string} name
 */
export function snakeCase(name) {
  const own = spellings.get(name)
  if (own !== undefined) return own
  return /^[A-Z]/.test(name) ? name : name.replaceAll(/(?<=[a-z\d])([A-Z])/g, '_$1').toLowerCase()
}

/** @param {string} expression */
export function toPython(expression) {
  return python(parseExpressionAt(expression, 0, { ecmaVersion: 'latest' }))
}

/**
 * @param {import('acorn').AnyNode} node
 * @returns {string}
 */
function python(node) {
  switch (node.type) {
    case 'Literal':
      return literal(node.value)
    case 'Identifier':
      return node.name === 'Infinity' ? "float('inf')" : snakeCase(node.name)
    case 'UnaryExpression':
      return `${node.operator}${python(node.argument)}`
    case 'BinaryExpression':
      return `(${python(/** @type {any} */ (node.left))} ${node.operator} ${python(node.right)})`
    case 'ArrayExpression':
      return `[${node.elements.map((each) => (each ? python(each) : 'None')).join(', ')}]`
    case 'MemberExpression':
      return node.computed
        ? `${python(node.object)}[${python(node.property)}]`
        : `${python(node.object)}.${python(node.property)}`
    case 'ArrowFunctionExpression':
      return `(lambda ${node.params.map(python).join(', ')}: ${python(node.body)})`
    case 'ObjectExpression':
      return `{${entries(node)
        .map(([name, value]) => `'${name}': ${value}`)
        .join(', ')}}`
    case 'NewExpression':
    case 'CallExpression':
      return `${python(node.callee)}(${argumentsOf(node.arguments).join(', ')})`
    default:
      throw new Error(`toPython: expected an expression that both languages have, got ${node.type}.`)
  }
}

/** @param {unknown} value */
function literal(value) {
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return value === null ? 'None' : JSON.stringify(value)
}

/** @param {readonly import('acorn').AnyNode[]} nodes */
function argumentsOf(nodes) {
  return nodes.flatMap((node, index) => {
    const isNamed = index === nodes.length - 1 && node.type === 'ObjectExpression'
    return isNamed ? entries(node).map(([name, value]) => `${name}=${value}`) : [python(node)]
  })
}

/**
 * @param {import('acorn').ObjectExpression} node
 * @returns {(readonly [name: string, value: string])[]}
 */
function entries(node) {
  return node.properties.map((property) => {
    if (property.type !== 'Property') throw new Error('toPython: expected names with values, got a spread.')
    return [python(property.key), python(property.value)]
  })
}
