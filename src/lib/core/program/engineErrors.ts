/** What browsers say of common mistakes, in Chromium's words and in Firefox', and what to do instead. */
import { nearestName } from '../util/nearestName'
import { inCamelCase } from '../util/spelling'
import { methodNames } from './methodNames'

interface Advice {
  readonly complaint: RegExp
  /** Of the text that the complaint found; undefined where there is none for that. */
  readonly advice: (found: string) => string | undefined
}

const network =
  'fetch|XMLHttpRequest|WebSocket|EventSource|WebTransport|WebSocketStream|RTCPeerConnection|sendBeacon'
const workers = 'Worker|SharedWorker|importScripts|postMessage|close|BroadcastChannel|registration|clients'
const storage = 'indexedDB|caches|localStorage|sessionStorage|cookieStore'
const page = 'document|window|alert|prompt|confirm|parent|top|Image|HTMLElement'

/** One of the names is not there: alone, or asked of the global object. Chromium, then Firefox where it differs. */
function missing(names: string): RegExp {
  const global = String.raw`(?:self|globalThis|window|navigator)\.`
  return new RegExp(
    `^(?:(?:${names}) is not defined|${global}(?:${names})\\b.* is (?:not a function|not a constructor|undefined)` +
      `|can't access property .*\\b${global}(?:${names}) is undefined)`,
  )
}

/** What is closed to programs, then what people write who know Python. */
const advices: readonly Advice[] = [
  {
    complaint: missing(network),
    advice: () =>
      'A program has no network here: take data from tandem/data, or choose a CSV file on the page.',
  },
  {
    complaint: missing(workers),
    advice: () =>
      'A program is sealed in its lane: it starts and ends no workers and sends no messages. Print with console.log, record with log.',
  },
  {
    complaint: missing(storage),
    advice: () => 'A program keeps nothing after its run: export the weights on the page.',
  },
  {
    complaint: missing(page),
    advice: () => 'A program runs in a worker without a page: print with console.log, record with log.',
  },
  {
    complaint:
      /^(?:Cannot (?:assign to read only|add|delete|redefine|define) property|.* is not extensible$|"[^"]*" is read-only|property "[^"]*" is non-configurable|can't (?:define|redefine|set prototype))/,
    advice: () =>
      'Built-ins and frozen objects cannot be changed in a lane: write a function of your own and call that.',
  },
  {
    complaint:
      /^(?:Array buffer allocation failed|Invalid (?:array buffer|typed array|array|string) length|Failed to set the 'length'|invalid array length|repeat count|allocation size overflow|out of memory)/i,
    advice: () => 'A length is a whole number that fits into memory: use fewer or smaller arrays.',
  },
  {
    complaint: /^(?:Maximum call stack size exceeded|too much recursion)/,
    advice: () => 'A function calls itself without end, or an object holds itself.',
  },
  {
    complaint: /^(?:Evaluating a string as JavaScript|call to (?:eval|Function)\(\) blocked)/,
    advice: () => 'A program cannot create code from text: write the function itself.',
  },
  {
    complaint: /([\w.]*[a-z\d]_[a-z\d]\w*) is not (?:a function|a constructor|iterable)/i,
    advice: (call) => `Names are in camelCase here: write ${inCamelCase(call)}.`,
  },
  {
    complaint: /((?:\w+|\)|\])\.\w+) is not a function/,
    advice: (call) => {
      const [object = '', name = ''] = call.split('.')
      const meant = nearestName(name, methodNames())
      return meant && `Write ${/^\w/.test(object) ? object : ''}.${meant}(…).`
    },
  },
  {
    complaint: /must call super constructor/i,
    advice: () => 'Write super() first in the constructor.',
  },
  {
    complaint: /null \(reading '(?:\w+_|norm|item|clone|detach|data|tolist)'\)|\bgrad is null/,
    advice: () => 'The gradient of a parameter is null before backward() and after zeroGrad().',
  },
  {
    complaint: /^([a-z]\w*) is not a function/,
    advice: (object) =>
      `Objects are not called in JavaScript: write ${object}.forward(…) in the PyTorch style, ${object}.apply(…) in the Keras style, or define ${object} as a function.`,
  },
  {
    complaint: /^Class constructor (\w+) cannot be invoked without 'new'/,
    advice: (className) => `Write new ${className}(…).`,
  },
  {
    complaint:
      /^(?:Class constructors cannot be invoked without|class constructors must be invoked with) 'new'/,
    advice: () => 'Write new before the name of the class.',
  },
  {
    complaint: /^(print|range|len|True|False|None) is not defined/,
    advice: (word) => `In JavaScript it is ${javaScriptWords[word] ?? ''}.`,
  },
]

const javaScriptWords: Readonly<Record<string, string>> = {
  print: 'console.log(…)',
  range: 'for (let i = 0; i < n; i++)',
  len: '….length',
  True: 'true',
  False: 'false',
  None: 'null',
}

/** Engines name what is wrong early; a pattern over a long text would take for ever. */
const mostRead = 300

/** The engine's message, with what to do instead where that is known. */
export function withAdvice(message: string): string {
  const begin = message.slice(0, mostRead).trim()
  for (const { complaint, advice } of advices) {
    const found = complaint.exec(begin)
    const fix = found && advice(found[1] ?? '')
    if (fix) return `${message.trim().replace(/\.$/, '')}. ${fix}`
  }
  return message
}
