import { expect, it } from 'vitest'
import { limits } from '../util/laneLimits'
import { RunLog } from './runLog'

const log = (figures: unknown) => new RunLog().add(figures as Record<string, number>, 1)

it.each<[unknown, string]>([
  [null, 'log: expected figures by name, got null. Write log({ loss: value }).'],
  ['loss', 'log: expected figures by name, got loss. Write log({ loss: value }).'],
  [{ loss: '5' }, 'log: expected a number for loss, got string 5. Call tensor.item() for its number.'],
  [{ loss: 'x'.repeat(1e6) }, 'got string xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… 976.5 KB more. Call'],
  [{ loss: { a: 1 } }, 'got object {a: 1}. Call'],
  [{ loss: Promise.resolve(1) }, 'log: expected a number for loss, got a promise. Write await before it.'],
  [
    { ['x'.repeat(1e7)]: 1 },
    'log: expected names of at most 200 characters, got 10000000: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx… 9.5 MB more',
  ],
])('refuses %s in words', (figures, message) => {
  expect(() => log(figures)).toThrow(message)
})

it('refuses more different names than a run can show', () => {
  const run = new RunLog()
  for (let name = 0; name < limits.loggedNames; name++) run.add({ [`loss${name}`]: 1 }, name)
  run.add({ loss3: 2 }, 200)
  expect(() => run.add({ other: 1 }, 201)).toThrow(
    'log: expected at most 100 different names in a run, got one more: other. Log what belongs together under one name.',
  )
})

it('refuses a loop that logs without end', () => {
  const run = new RunLog()
  for (let call = 0; call < limits.loggedEntries; call++) run.add({ loss: 1 }, 0)
  expect(() => run.add({ loss: 1 }, 0)).toThrow('log: expected at most 100000 calls between two batches')
})

it('refuses more numbers than the page keeps of a run, however they are spread', () => {
  expect(new RunLog()).toMatchObject({ mostValues: limits.loggedValues })
  const run = new RunLog(10)
  for (let call = 0; call < 5; call++) {
    run.add({ loss: 1, accuracy: 1 }, call)
    run.takeArrived()
  }
  expect(() => run.add({ loss: 1 }, 5)).toThrow(
    'log: expected at most 10 numbers in a run, got one more. Log fewer of them, or less often.',
  )
})

it('reads figures once', () => {
  let reads = 0
  const figures = {
    get loss() {
      return reads++ === 0 ? 0.5 : 'later'
    },
  }
  const run = new RunLog()
  run.add(figures as unknown as Record<string, number>, 1)
  expect(run.takeArrived()).toEqual([{ step: 1, values: { loss: 0.5 }, isTold: false }])
})
