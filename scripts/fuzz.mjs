/** `npm run fuzz`: the fuzzers of tests/fuzz with as many cases, and of the seed, that are asked for. Plain Node. */
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

const folder = 'tests/fuzz'
const ending = '.test.ts'

const usage = `Usage: npm run fuzz -- [--cases 100000] [--seed 7] [NAME...]
Without a name all fuzzers run. A failure prints its smallest case; the same seed finds it again.`

const all = () =>
  readdirSync(folder).flatMap((file) => (file.endsWith(ending) ? [file.slice(0, -ending.length)] : []))

/**
 * What to run. Throws an Error that says what is wrong with the arguments.
 * @param {string[]} args
 * @param {readonly string[]} known names of the fuzzers
 */
export function readArguments(args, known) {
  const options = /** @type {const} */ ({
    cases: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', short: 'h', default: false },
  })
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  for (const name of positionals) {
    if (!known.includes(name)) throw new Error(`fuzz: expected one of ${known.join(', ')}, got ${name}.`)
  }
  return {
    help: values.help,
    cases: wholeNumber('cases', values.cases, 1),
    seed: wholeNumber('seed', values.seed, 0),
    names: positionals.length > 0 ? positionals : [...known],
  }
}

/**
 * @param {string} option
 * @param {string} text
 * @param {number} min
 */
function wholeNumber(option, text, min) {
  const value = Number(text)
  if (/^\d+$/.test(text) && value >= min && value <= 0x7fffffff) return value
  throw new Error(`fuzz: --${option}: expected a whole number from ${min}, got ${text}.`)
}

/** @param {ReturnType<typeof readArguments>} wanted */
function run({ cases, seed, names }) {
  console.log(`${cases} cases of seed ${seed}: ${names.join(', ')}`)
  const files = names.map((name) => `${folder}/${name}${ending}`)
  const env = { ...process.env, FUZZ_CASES: String(cases), FUZZ_SEED: String(seed) }
  const { status } = spawnSync('vitest', ['run', '--project', 'node', ...files], { stdio: 'inherit', env })
  return status ?? 1
}

function main() {
  try {
    const wanted = readArguments(process.argv.slice(2), all())
    if (wanted.help) console.log(usage)
    else process.exitCode = run(wanted)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    console.error(usage)
    process.exitCode = 1
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main()
