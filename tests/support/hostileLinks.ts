/** Links that somebody might send to do harm to whoever opens them; made here, since some of them are large. */
import { deflateRawSync } from 'node:zlib'
import { defaultExperiment } from '../../src/lib/core/spec/defaults'
import { encodeHash } from '../../src/lib/core/spec/hash'
import { parseExperiment } from '../../src/lib/core/spec/parse'
import type { Experiment, LayerSpec } from '../../src/lib/core/spec/schema'

export interface HostileLink {
  readonly name: string
  /** The fragment, without `#`. */
  readonly hash: () => string
  /** Refused with a message, an experiment that is shown, or programs that are shown and run when asked to. */
  readonly outcome: 'refused' | 'shown' | 'shown and run'
}

/** The longest program that an experiment holds. */
const longestProgram = 50_000

const linkTo = (json: string | Buffer) => `1.${deflateRawSync(json, { level: 9 }).toString('base64url')}`

/** The default experiment as JSON, with the text at `from` replaced. */
function jsonWith(from: string, to: string): string {
  const json = JSON.stringify(defaultExperiment())
  if (!json.includes(from)) throw new Error(`expected ${from} in ${json}`)
  return json.replace(from, () => to)
}

function withProgram(program: string): string {
  const base = defaultExperiment()
  const lanes = base.lanes.map((lane) => ({ ...lane, backend: 'cpu' as const, program }))
  return encodeHash(parseExperiment({ ...base, lanes }))
}

function withName(name: string): string {
  const base = defaultExperiment()
  return encodeHash({ ...base, spec: { ...base.spec, name } })
}

function withLayers(layers: readonly LayerSpec[]): string {
  const base = defaultExperiment()
  return encodeHash({ ...base, spec: { ...base.spec, model: { layers } } } satisfies Experiment)
}

const csv = '"data":{"kind":"csv","label":"y","task":"regression","features":[0§0]}'

/** 36 million numbers in fewer than 100,000 characters, where each is checked to be the name of a column. */
function bomb(): string {
  const [before = '', after = ''] = jsonWith(dataOf(defaultExperiment()), csv).split('§')
  return linkTo(
    Buffer.concat([Buffer.from(before), Buffer.alloc(72_000_000, ',0'), Buffer.from(`,${after}`)]),
  )
}

function dataOf({ spec }: Experiment): string {
  return `"data":${JSON.stringify(spec.data)}`
}

const nested = (depth: number) => jsonWith('"seed":42', `"seed":${'['.repeat(depth)}${']'.repeat(depth)}`)
const dense: LayerSpec = { type: 'dense', units: 8, activation: 'tanh', useBias: true }
const script =
  '</script><script>document.title = "hostile"</script><img src=x onerror="document.title=\'hostile\'">'
const withKey = (key: string) => jsonWith('"seed":42', `"seed":42,"${key}":{"isHostile":true}`)

export const hostileLinks: readonly HostileLink[] = [
  { name: 'that unpacks to 36 million numbers', hash: bomb, outcome: 'refused' },
  {
    name: 'with lists in lists, two million deep',
    hash: () => linkTo(nested(2_000_000)),
    outcome: 'refused',
  },
  {
    name: 'with an entry named by a million letters',
    hash: () => linkTo(withKey('x'.repeat(1e6))),
    outcome: 'refused',
  },
  { name: 'with __proto__ for an entry', hash: () => linkTo(withKey('__proto__')), outcome: 'refused' },
  { name: 'with constructor for an entry', hash: () => linkTo(withKey('constructor')), outcome: 'refused' },
  {
    name: 'with more layers than a model may have',
    hash: () =>
      withLayers([...Array.from({ length: 20 }, () => dense), { ...dense, units: 1, activation: 'sigmoid' }]),
    outcome: 'refused',
  },
  { name: 'that is too long', hash: () => `1.${'A'.repeat(1e6)}`, outcome: 'refused' },
  {
    name: 'with a program of 50,000 empty lines',
    hash: () =>
      linkTo(
        jsonWith(
          '"style":"keras"',
          `"style":"keras","program":${JSON.stringify('\n'.repeat(longestProgram))}`,
        ),
      ),
    outcome: 'refused',
  },
  {
    name: 'with a program of one long line',
    hash: () => withProgram('x'.repeat(longestProgram)),
    outcome: 'shown and run',
  },
  {
    name: 'with a program of open brackets',
    hash: () => withProgram('['.repeat(longestProgram)),
    outcome: 'shown and run',
  },
  {
    name: 'with a program of 16,000 operators',
    hash: () => withProgram(`${'1+'.repeat(16_000)}1`),
    outcome: 'shown and run',
  },
  {
    name: 'with a program that reads other than it runs',
    hash: () =>
      withProgram('const isSafe = true /* \u2066if (isSafe) \u2069 */\n// \u202egnihton\u2069 } \u2066\n'),
    outcome: 'shown and run',
  },
  {
    name: 'with a program that ends the script',
    hash: () => withProgram(`// ${script}\n`),
    outcome: 'shown and run',
  },
  { name: 'with a name that is a script', hash: () => withName(script.slice(0, 100)), outcome: 'shown' },
  {
    name: 'with a name that reads backwards',
    hash: () => withName('\u202eelcric\u0000\u2028'),
    outcome: 'shown',
  },
]
