/**
 * The one importer of TensorFlow.js' core. Kernels are not part of it: they come with a backend (`backends.ts`).
 *
 * The layers package is imported for its side effect: it registers the gradient of every kernel, and is the only
 * place that does so both in a bundle and in Node (core's own module for it cannot be loaded by Node).
 */
import '@tensorflow/tfjs-layers'
import './kernelGradients'
import './operators'

export * as tf from '@tensorflow/tfjs-core'
