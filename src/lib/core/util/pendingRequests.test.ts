import { expect, it } from 'vitest'
import { answerOf, PendingRequests } from './pendingRequests'

it('gives each request its own answer, in whatever order they come', async () => {
  const requests = new PendingRequests<string>()
  const sent: number[] = []
  const [first, second] = [0, 1].map(() => requests.ask((id) => sent.push(id)))
  requests.settle(sent[1] ?? NaN, 'second')
  requests.settle(sent[0] ?? NaN, 'first')
  expect(await Promise.all([first, second])).toEqual(['first', 'second'])
})

it('hands on what comes before an answer, to its request alone', async () => {
  const requests = new PendingRequests<string, number>()
  const heard: string[] = []
  const answers = ['a', 'b'].map((name) =>
    requests.ask(
      () => undefined,
      (message) => heard.push(`${name}${message}`),
    ),
  )
  requests.tell(1, 50)
  requests.tell(0, 20)
  requests.tell(7, 99)
  for (const id of [0, 1]) requests.settle(id, 'done')
  await Promise.all(answers)
  expect(heard).toEqual(['b50', 'a20'])
})

interface Step {
  readonly step: number
}

it('rejects with why there is no answer, and all that waits where none will come', async () => {
  const requests = new PendingRequests<Step>()
  const refused = requests.ask((id) => requests.settle(id, answerOf<Step>({ unavailable: 'No model yet.' })))
  await expect(refused).rejects.toThrow('No model yet.')
  const waiting = [requests.ask(() => undefined), requests.ask(() => undefined)]
  requests.giveUp(new Error('The run has ended.'))
  const outcomes = await Promise.allSettled(waiting)
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  // An answer that comes too late is dropped.
  requests.settle(1, { step: 3 })
})
