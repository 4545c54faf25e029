// Variables of loops and private fields that a compiled step reads are conditions of its graph, as other variables are.
import * as torch from 'tandem/torch'

let scale = 1
const scaled = torch.compile((x) => x.mul(scale))
const got = []
for (scale of [1, 2]) got.push(await scaled(torch.ones(1)).item())
for (scale in { 3: true, 4: true })
  got.push(
    await torch
      .compile((x) => x.mul(Number(scale)))(torch.ones(1))
      .item(),
  )

class Gain extends torch.nn.Module {
  #gain = 1
  setGain(gain) {
    this.#gain = gain
  }
  forward(x) {
    return x.mul(this.#gain)
  }
}
const gain = new Gain()
const step = torch.compile((x) => gain.forward(x))
for (const value of [5, 6]) {
  gain.setGain(value)
  got.push(await step(torch.ones(1)).item())
}
if (JSON.stringify(got) !== '[1,2,3,4,5,6]') throw new Error(JSON.stringify(got))
