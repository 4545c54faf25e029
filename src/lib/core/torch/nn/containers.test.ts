import { beforeAll, expect, it } from 'vitest'
import { initialiseBackend } from '../../eager/backends'
import { nn, ones, zeros } from '../index'

beforeAll(() => initialiseBackend('cpu'))

it('Sequential is indexed, appended to, and named', () => {
  const model = new nn.Sequential({ first: new nn.Linear(2, 3), act: new nn.ReLU() })
  model.append(new nn.Linear(3, 1))
  expect(model.length).toBe(3)
  expect(model[1]).toBeInstanceOf(nn.ReLU)
  expect(model[-1]).toBe(model[2])
  expect(Object.keys(model.stateDict())).toEqual(['first.weight', 'first.bias', '2.weight', '2.bias'])
  expect(model.forward(ones(4, 2)).shape).toEqual([4, 1])
})

it('ModuleList grows, and is gone through in order', () => {
  const list = new nn.ModuleList([new nn.Linear(2, 2)]).append(new nn.Tanh()).extend([new nn.ReLU()])
  expect([...list].map(({ constructor }) => constructor.name)).toEqual(['Linear', 'Tanh', 'ReLU'])
  expect(list[2]).toBeInstanceOf(nn.ReLU)
})

it('ModuleDict has its modules by name', () => {
  const heads = new nn.ModuleDict({ a: new nn.Linear(2, 1) }).set('b', new nn.Linear(2, 3))
  expect(heads.keys()).toEqual(['a', 'b'])
  expect(heads['b']).toBe(heads.get('b'))
  expect(heads.parameters()).toHaveLength(4)
  expect(() => heads.get('c')).toThrow('ModuleDict: expected one of a, b, got c.')
  expect(() => heads.forward()).toThrow('ModuleDict: expected a call of one of its modules')
})

it('ParameterList belongs to its module', () => {
  class Scales extends nn.Module {
    scales = new nn.ParameterList([new nn.Parameter(zeros(2)), new nn.Parameter(zeros(3))])
    forward() {
      return [...this.scales][1] ?? zeros(1)
    }
  }
  const module = new Scales()
  expect(module.namedParameters().map(([name]) => name)).toEqual(['scales.0', 'scales.1'])
  expect(module.forward().shape).toEqual([3])
  expect(() => module.scales.forward()).toThrow('ParameterList: expected a call of one of its modules')
})

it('a module prints as PyTorch prints it', () => {
  expect(String(new nn.Sequential(new nn.Conv2d(1, 2, 3), new nn.ReLU()))).toBe(
    'Sequential(\n  (0): Conv2d(inChannels=1, outChannels=2, kernelSize=[3, 3], stride=[1, 1], padding=0)\n  (1): ReLU()\n)',
  )
  expect(new nn.Linear(2, 1).to('cpu')).toBeInstanceOf(nn.Linear)
  expect(() => new nn.Linear(2, 1).to('cuda:0')).toThrow(
    "Module.to: expected the device 'cpu', got 'cuda:0'.",
  )
})

it('a hook before forward changes the inputs', async () => {
  const layer = new nn.Flatten()
  const handle = layer.registerForwardPreHook((_, [x]) => [(x as ReturnType<typeof ones>).mul(2)])
  expect(await layer.forward(ones(1, 2)).tolist()).toEqual([[2, 2]])
  handle.remove()
  expect(await layer.forward(ones(1, 2)).tolist()).toEqual([[1, 1]])
})
