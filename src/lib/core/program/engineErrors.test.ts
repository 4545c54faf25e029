import { expect, it } from 'vitest'
import { withAdvice } from './engineErrors'

/** What Chromium and Firefox say in a sealed worker, as they said it. */
const complaints = {
  'Write model.parameters(…).': ['model.paramters is not a function'],
  'Write model.compile(…).': ['model.compil is not a function'],
  'Write .summary(…).': ['makeModel(...).sumary is not a function'],
  'Write super() first in the constructor.': [
    "Must call super constructor in derived class before accessing 'this' or returning from derived constructor",
    "must call super constructor before using 'this' in derived class constructor",
  ],
  'The gradient of a parameter is null before backward() and after zeroGrad().': [
    "Cannot read properties of null (reading 'zero_')",
    `can't access property "mul_", weight.grad is null`,
  ],
  'A program has no network here': [
    'fetch is not defined',
    'self.fetch is not a function',
    'globalThis.fetch is not a function',
    'XMLHttpRequest is not defined',
    'self.XMLHttpRequest is not a constructor',
    'WebSocket is not defined',
    'navigator.sendBeacon is not a function',
  ],
  'A program is sealed in its lane': [
    'self.close is not a function',
    'close is not defined',
    'postMessage is not defined',
    'Worker is not defined',
    'importScripts is not defined',
    'BroadcastChannel is not defined',
  ],
  'A program keeps nothing after its run': [
    'localStorage is not defined',
    'caches is not defined',
    `can't access property "setItem", self.localStorage is undefined`,
    `can't access property "open", self.indexedDB is undefined`,
  ],
  'A program runs in a worker without a page': [
    'document is not defined',
    'window is not defined',
    'alert is not defined',
    `can't access property "body", self.document is undefined`,
  ],
  'Built-ins and frozen objects cannot be changed in a lane': [
    "Cannot assign to read only property 'tanh' of object '#<Object>'",
    'Cannot add property xx, object is not extensible',
    "Cannot delete property 'tanh' of #<Object>",
    'Cannot redefine property: tanh',
    'Cannot define property tanhh, object is not extensible',
    '#<Object> is not extensible',
    '"tanh" is read-only',
    `can't define property "xx": Math is not extensible`,
    `property "tanh" is non-configurable and can't be deleted`,
    `can't redefine non-configurable property "tanh"`,
    `can't set prototype of this object`,
    `can't define array index property past the end of an array with non-writable length`,
  ],
  'A length is a whole number that fits into memory': [
    'Array buffer allocation failed',
    'Invalid array buffer length',
    'Invalid typed array length: 1000000000000',
    'Invalid array length',
    'Invalid string length',
    "Failed to set the 'length' property on 'Array': Invalid array length",
    'invalid array length',
    'repeat count must be less than infinity and not overflow maximum string size',
    'allocation size overflow',
  ],
  'A function calls itself without end': ['Maximum call stack size exceeded', 'too much recursion'],
  'A program cannot create code from text': [
    `Evaluating a string as JavaScript violates the following Content Security Policy directive because 'unsafe-eval' is not an allowed source of script: script-src 'self' blob: 'wasm-unsafe-eval'".\n\n`,
    'call to eval() blocked by CSP',
    'call to Function() blocked by CSP',
  ],
  'Write new': [
    "Class constructor Linear cannot be invoked without 'new'",
    "class constructors must be invoked with 'new'",
  ],
} as const

it.each(
  Object.entries(complaints).flatMap(([advice, messages]) => messages.map((message) => [message, advice])),
)('says what to do: %s', (message, advice) => {
  expect(withAdvice(message)).toContain(`${message.trim().replace(/\.$/, '')}. ${advice}`)
})

it.each([
  'close is not a function',
  'x.fetch is not a function',
  'parent is not a function',
  'self is not defined',
  'MessageChannel is not defined',
  'requestAnimationFrame is not defined',
  "Cannot read properties of undefined (reading 'x')",
  'Assignment to constant variable.',
])('gives no advice on what is closed for names of the program: %s', (message) => {
  expect(withAdvice(message)).not.toMatch(/A program|Built-ins|In JavaScript it is/)
})
