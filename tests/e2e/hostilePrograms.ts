/** Programs that try to get out of their lane's worker. Each prints what it could do, which is to be nothing. */

/**
 * Tries to change what code beside the program calls, so that it would be handed the engine's workers or memory; prints
 * `changed: …` with what could be changed, and `handed: …` with what the spies were called on.
 */
export const changesBuiltins = `
const changed = []
const handed = new Set()
const spyOn = (holder, key) => {
  const original = Object.getOwnPropertyDescriptor(holder, key)
  const note = (object) => {
    const name = Object.prototype.toString.call(object)
    if (/Worker|Memory|Port|Error|Message/.test(name)) handed.add(name)
  }
  const spy = {
    configurable: true,
    get() {
      note(this)
      const value = original?.get ? original.get.call(this) : original?.value
      return typeof value === 'function' ? function (...given) { note(this); return Reflect.apply(value, this, given) } : value
    },
  }
  try {
    Object.defineProperty(holder, key, spy)
    changed.push(String(key))
  } catch {}
  try {
    if (original && 'value' in original) {
      holder[key] = function (...given) { note(this); return Reflect.apply(original.value, this, given) }
      if (Object.getOwnPropertyDescriptor(holder, key).value !== original.value) changed.push(String(key) + ' assigned')
    }
  } catch {}
}
const typedArray = Object.getPrototypeOf(Float32Array.prototype)
for (const key of ['set', 'subarray', 'slice', 'fill', 'constructor', 'buffer', 'evil']) spyOn(typedArray, key)
for (const key of ['constructor', 'set', 'evil']) spyOn(Uint8Array.prototype, key)
for (const key of ['filename', 'message', 'lineno', 'error']) spyOn(ErrorEvent.prototype, key)
for (const key of ['data', 'ports', 'source']) spyOn(MessageEvent.prototype, key)
for (const key of ['target', 'currentTarget', 'srcElement', 'type']) spyOn(Event.prototype, key)
for (const key of ['addEventListener', 'dispatchEvent', 'removeEventListener']) spyOn(EventTarget.prototype, key)
for (const key of ['postMessage', 'onmessage']) spyOn(MessagePort.prototype, key)
for (const key of ['push', 'pop', 'shift', 'splice', 'indexOf', 'forEach']) spyOn(Array.prototype, key)
for (const key of ['call', 'apply', 'bind']) spyOn(Function.prototype, key)
for (const key of ['toString', 'hasOwnProperty', 'valueOf']) spyOn(Object.prototype, key)
for (const key of ['then', 'catch', 'finally']) spyOn(Promise.prototype, key)
for (const key of ['get', 'set', 'has', 'forEach']) spyOn(Map.prototype, key)
for (const key of ['values', 'keys', 'assign', 'defineProperty']) spyOn(Object, key)
for (const key of ['apply', 'construct', 'get']) spyOn(Reflect, key)
for (const key of ['wait', 'notify', 'store', 'load']) spyOn(Atomics, key)
for (const key of ['prepareStackTrace', 'captureStackTrace']) spyOn(Error, key)
for (const key of ['tanh', 'exp', 'sqrt', 'random', 'max']) spyOn(Math, key)
for (const key of ['next', 'return']) spyOn(Object.getPrototypeOf([][Symbol.iterator]()), key)
for (const key of ['buffer', 'grow']) spyOn(WebAssembly.Memory.prototype, key)
for (const key of ['Float32Array', 'Promise', 'Math', 'Object', 'URL', 'Blob', 'navigator', 'setTimeout', 'performance']) spyOn(globalThis, key)
console.log('changed: ' + changed.join(', ') + '.')
setTimeout(() => console.log('handed: ' + [...handed].join(', ') + '.'), 0)
`

/** The few changes that only a realm with engine threads in it refuses, since refusing them slows arrays down. */
export const changesArrays = `
const spied = new Set()
const spy = (key) => ({ configurable: true, get() { spied.add(Object.prototype.toString.call(this)); return undefined } })
const allowed = []
for (const [holder, key] of [[Object.prototype, 'pthread_ptr'], [Object.prototype, 'loaded'], [Array.prototype, 'constructor'], [Array.prototype, Symbol.iterator]]) {
  try { Object.defineProperty(holder, key, spy(key)); allowed.push(String(key)) } catch {}
}
try { Array.prototype[Symbol.iterator] = Array.prototype.keys; if (Array.prototype[Symbol.iterator] === Array.prototype.keys) allowed.push('iterator') } catch {}
console.log('of arrays: ' + allowed.join(', ') + '.')
`

/** Walks over everything that the global object leads to, and prints \`roads: …\` with each interface it should not find. */
export const looksForRoads = `
const forbidden = /^(Worker|SharedWorker|EventSource|WebSocket|WebSocketStream|WebTransport|XMLHttpRequest|BroadcastChannel|Cache|CacheStorage|IDB\\w+|ServiceWorker\\w*|Storage\\w*|FileSystem\\w*|LockManager|FontFace|Notification|PushManager|fetch|importScripts|postMessage)$/
const seen = new Set([Set.prototype])
const roads = new Set()
const visit = (start) => {
  const waiting = [start]
  while (waiting.length > 0) {
    const next = waiting.pop()
    if ((typeof next !== 'object' && typeof next !== 'function') || next === null || seen.has(next)) continue
    seen.add(next)
    const isNative = typeof next === 'function' && Function.prototype.toString.call(next).includes('[native code]')
    if (isNative && forbidden.test(next.name) && next !== MessagePort.prototype.postMessage) roads.add(next.name)
    // The elements of typed arrays lead nowhere.
    if (ArrayBuffer.isView(next)) continue
    waiting.push(Object.getPrototypeOf(next))
    for (const key of Reflect.ownKeys(next)) {
      const property = Object.getOwnPropertyDescriptor(next, key)
      waiting.push(property.value, property.get, property.set)
      if (property.get && next === globalThis) waiting.push(next[key])
    }
  }
}
visit(globalThis)
visit(navigator)
for (const made of [new MessageChannel().port1, new OffscreenCanvas(1, 1), performance, crypto, location, navigator.gpu, import.meta]) visit(made)
for (const name of ['close', 'postMessage', 'fetch', 'onmessage']) if (name in globalThis) roads.add(name)
console.log('visited ' + (seen.size > 1000) + ', roads: ' + [...roads].join(', ') + '.')
`
