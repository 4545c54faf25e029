import { nn } from 'tandem/torch'
import * as torch from 'tandem/torch'
class Net extends nn.Module {
  constructor() {
    super()
    this.layers = new nn.ModuleList([1, 2, 3].map(() => new nn.Linear(4, 4)))
    this.heads = new nn.ModuleDict({ a: new nn.Linear(4, 1), b: new nn.Linear(4, 2) })
    this.scale = new nn.Parameter(torch.ones(1))
    this.params = new nn.ParameterList([new nn.Parameter(torch.randn(2))])
    this.registerBuffer('steps', torch.zeros(1))
  }
  forward(x, head = 'a') {
    for (const layer of this.layers) x = torch.relu(layer.forward(x)).add(x)
    return this.heads[head].forward(x).mul(this.scale)
  }
}
export const model = new Net()
console.log(model.forward(torch.randn(5, 4), 'b').shape)
for (const [name, p] of model.namedParameters()) console.log(name, p.shape)
console.log(Object.keys(model.stateDict()))
console.log(model.parameters().reduce((n, p) => n + p.numel(), 0))
console.log(
  [...model.children()].length,
  model.namedModules().map(([n]) => n),
)
