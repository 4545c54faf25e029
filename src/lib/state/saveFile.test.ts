import { expect, it } from 'vitest'
import { collectInTurns, fileStem } from './saveFile'

it('lets what waits go first whenever a turn is over', async () => {
  const log: string[] = []
  let timeMs = 0
  function* parts() {
    for (const part of ['a', 'b', 'c', 'd']) {
      timeMs += 6
      log.push(part)
      if (part === 'a') setTimeout(() => log.push('waiting'))
      yield part
    }
  }
  expect(await collectInTurns(parts(), () => timeMs)).toEqual(['a', 'b', 'c', 'd'])
  expect(log).toEqual(['a', 'b', 'waiting', 'c', 'd'])
})

it('names files after experiments', () => {
  expect(['Two moons (3)', '—', 'Überfit!'].map(fileStem)).toEqual(['two-moons-3', 'experiment', 'berfit'])
})
