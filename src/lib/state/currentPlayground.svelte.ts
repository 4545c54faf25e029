/** The one playground of a visit: its runs stay when the reader looks at another page. */
import { Address } from './address'
import { Playground } from './playground.svelte'

interface CurrentPlayground {
  readonly playground: Playground
  readonly address: Address
}

let current: CurrentPlayground | undefined

/** Opened on the first call, with the last visit and the link in the page's address. Needs a browser. */
export function currentPlayground(): CurrentPlayground {
  return (current ??= open())
}

function open(): CurrentPlayground {
  let opened!: CurrentPlayground
  // Under a root of its own: what is derived in it would end with the component that called.
  $effect.root(() => {
    const playground = new Playground()
    opened = { playground, address: new Address(playground.experiment, location.hash) }
  })
  return opened
}
