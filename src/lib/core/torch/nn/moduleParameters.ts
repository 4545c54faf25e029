/** What the methods of modules take, in PyTorch's order. Source: torch.nn.Module. */
import type { ModelWeights } from '../../nn/weights'
import { anything, callable, dictionary, flag, oneOf, only, taking, text } from '../../util/kinds'
import { parameters } from '../../util/parameters'
import { Device } from '../device'
import { Parameter } from '../parameter'
import { Tensor } from '../tensor'
import type { StateDict } from './stateDict'

const recurse = {
  /** Whether those of the modules below count too. */
  recurse: flag.or(true),
}

const prefix = {
  /** What their names begin with. */
  prefix: text.or(''),
}

const removeDuplicate = {
  /** Whether those that come twice are listed once. */
  removeDuplicate: flag.or(true),
}

const hookOptions = {
  /** Whether it is called before the hooks that are there. */
  prepend: flag.named.or(false),
  withKwargs: only(false, 'Leave it out: a hook is given all arguments.').named,
}

/** What the methods of modules take. */
export const parametersOf = {
  namedModules: parameters('Module.namedModules', {
    memo: only(null as object | null, 'Leave it out.'),
    ...prefix,
    ...removeDuplicate,
  }),
  modules: parameters('Module.modules', removeDuplicate),
  registerParameter: parameters('Module.registerParameter', {
    name: text,
    param: taking<Parameter>(
      'a parameter',
      (value) => value instanceof Parameter,
      'Pass new nn.Parameter(x).',
    ).or(null),
  }),
  registerBuffer: parameters('Module.registerBuffer', {
    name: text,
    tensor: taking<Tensor | null>('a tensor or null', (value) => value === null || value instanceof Tensor),
    /** Whether it stands in the state dict. */
    persistent: flag.or(true),
  }),
  to: parameters('Module.to', {
    device: taking<unknown>(
      "a device, 'float32' or a tensor",
      (value) => typeof value === 'string' || value instanceof Device || value instanceof Tensor,
    )
      .or(null)
      .unused("all tensors are on the lane's backend"),
    dtype: oneOf('float32').or(null).unused('parameters are float32'),
    nonBlocking: flag.or(false).unused('nothing moves'),
    memoryFormat: anything<unknown>().named.or(null).unused('tensors have one format'),
  }),
  requiresGrad: parameters('Module.requiresGrad_', { requiresGrad: flag.or(true) }),
  namedParameters: parameters('Module.namedParameters', { ...prefix, ...recurse, ...removeDuplicate }),
  namedBuffers: parameters('Module.namedBuffers', { ...prefix, ...recurse, ...removeDuplicate }),
  parameters: parameters('Module.parameters', recurse),
  buffers: parameters('Module.buffers', recurse),
  train: parameters('Module.train', {
    /** False for evaluation. */
    mode: flag.or(true),
  }),
  zeroGrad: parameters('Module.zeroGrad', {
    /** Whether gradients become null; zeros otherwise. */
    setToNone: flag.or(true),
  }),
  stateDict: parameters('Module.stateDict', {
    destination: only(null as object | null, 'Leave it out, and spread what comes back: { ...state }.').named,
    prefix: prefix.prefix.named,
    /** Whether the parameters themselves are given, with their gradients. */
    keepVars: flag.named.or(false),
  }),
  loadStateDict: parameters('Module.loadStateDict', {
    /** Values by name, as stateDict() gives them. */
    stateDict: dictionary<ModelWeights | StateDict>('a state dict'),
    /** Whether all names must fit. */
    strict: flag.or(true),
    assign: only(false, 'Leave it out: values are copied.'),
  }),
  registerForwardHook: parameters('Module.registerForwardHook', {
    /** Called with the module, its inputs and its output. */
    hook: callable<(...given: never[]) => unknown>(),
    ...hookOptions,
    alwaysCall: only(false, 'Leave it out: after an error no hook is called.').named,
  }),
  registerForwardPreHook: parameters('Module.registerForwardPreHook', {
    /** Called with the module and its inputs. */
    hook: callable<(...given: never[]) => unknown>(),
    ...hookOptions,
  }),
}
