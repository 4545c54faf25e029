/** What a sealed worker keeps of the browser. Everything else is taken away, so what browsers add later is too. */

/** The language itself, and what computes, measures time, or turns bytes into text. None of it leaves the worker. */
const keptGlobals = [
  'globalThis self Infinity NaN undefined eval isFinite isNaN parseFloat parseInt escape unescape',
  'decodeURI decodeURIComponent encodeURI encodeURIComponent',
  'Object Function Boolean Symbol Number BigInt Math Date Temporal Intl String RegExp JSON Reflect Proxy',
  'Array Map Set WeakMap WeakSet WeakRef FinalizationRegistry Iterator Promise',
  'ArrayBuffer SharedArrayBuffer DataView Atomics WebAssembly',
  'Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array',
  'BigInt64Array BigUint64Array Float16Array Float32Array Float64Array',
  'Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError SuppressedError',
  'DOMException DisposableStack AsyncDisposableStack',
  'console performance Performance crypto Crypto CryptoKey SubtleCrypto atob btoa structuredClone',
  'TextDecoder TextEncoder URL URLSearchParams Blob File FileReader',
  'queueMicrotask setTimeout setInterval clearTimeout clearInterval requestAnimationFrame cancelAnimationFrame',
  // events, and messages between parts of the worker
  'Event CustomEvent ErrorEvent EventTarget MessageEvent MessageChannel MessagePort AbortController AbortSignal',
  // what engines look at to know where they are
  'WorkerGlobalScope DedicatedWorkerGlobalScope WorkerNavigator WorkerLocation',
  'navigator location origin name isSecureContext crossOriginIsolated',
  'OffscreenCanvas OffscreenCanvasRenderingContext2D ImageData ImageBitmap',
].flatMap((line) => line.split(' '))

/** Interfaces of the graphics processor. */
const keptFamilies = /^(GPU|WebGL|WGSL)[A-Z0-9a-z]/

const keptOfNavigator = [
  'hardwareConcurrency deviceMemory userAgent userAgentData appCodeName appName appVersion platform product',
  'productSub vendor vendorSub language languages onLine gpu constructor',
].flatMap((line) => line.split(' '))

const kept = new Set(keptGlobals)
const keptInNavigator = new Set(keptOfNavigator)

/** Whether a program may have the browser's global of that name. */
export function isKeptGlobal(name: string): boolean {
  return kept.has(name) || keptFamilies.test(name)
}

/** Whether `navigator` keeps that property. */
export function isKeptOfNavigator(name: string): boolean {
  return keptInNavigator.has(name)
}

/** What the engines put on the global object themselves; it has no more rights than their modules. */
const libraryPrefix = '_tf'

/** Whether a library, and not the browser, made the global of that name. */
export function isLibraryGlobal(name: string): boolean {
  return name.startsWith(libraryPrefix)
}
