"""What PyTorch gives for the calls of the tables: reads {"calls", "signatures"} from stdin, writes values and signatures."""

import inspect
import json
import re
import sys

import torch
import torch.nn.functional as F
from torch import autograd, nn, optim
from torch.nn import init, utils
from torch.optim import lr_scheduler
from torch.utils.data import DataLoader, Subset, TensorDataset, random_split

torch.set_default_dtype(torch.float64)


def t(values, **options):
    return torch.tensor(values, dtype=torch.float64, **options)


def ints(values):
    return torch.tensor(values, dtype=torch.int64)


def zeros(*shape):
    return torch.zeros(*shape)


def fixed(shape, start=0):
    """Numbers of both signs that differ everywhere."""
    count = 1
    for size in shape:
        count *= size
    return torch.sin(torch.arange(count, dtype=torch.float64) * 1.7 + start).reshape(list(shape))


def rows(columns=3):
    return fixed([4, columns], 1)


def image():
    return fixed([2, 2, 5, 6], 2)


def sequence():
    return fixed([3, 4, 5], 3)


def fill(module):
    with torch.no_grad():
        for index, parameter in enumerate(module.parameters()):
            parameter.copy_(fixed(list(parameter.shape), index + 5) * 0.5)
    return module


def run(module, *inputs):
    """The output of a module whose parameters are fixed, and the gradients of its mean square."""
    fill(module)
    output = module(*inputs)
    first = output
    while isinstance(first, (tuple, list)):
        first = first[0]
    parameters = list(module.parameters())
    if parameters:
        (first * first).mean().backward()
    grads = [[] if p.grad is None else p.grad for p in parameters]
    return [[name for name in module.state_dict() if name != "num_batches_tracked"], output, grads]


def evaluated(module, x):
    """The same after one batch of training, in evaluation."""
    fill(module)
    module(x)
    return module.eval()(x)


def loss(criterion, x, y):
    x = x.clone().requires_grad_()
    value = criterion(x, y)
    value.sum().backward()
    return [value, x.grad]


def pair():
    return [nn.Parameter(t([1.0, -2.0])), nn.Parameter(t([0.5]))]


def trained(make, steps=4):
    """Parameters after some steps down x² + sin(3x), whose gradients change sign."""
    parameters = pair()
    optimizer = make(parameters)
    for step in range(steps):
        optimizer.zero_grad()
        sum((p * p + (p * (3 + step)).sin()).sum() for p in parameters).backward()
        optimizer.step()
    return parameters


def rates(make, epochs=8, metrics=None):
    optimizer = optim.SGD(pair(), lr=1.0)
    scheduler = make(optimizer)
    found = [scheduler.get_last_lr()[0]]
    for epoch in range(epochs):
        optimizer.step()
        scheduler.step(*([] if metrics is None else [metrics[epoch]]))
        found.append(scheduler.get_last_lr()[0])
    return found


def spread(tensor):
    """Mean and standard deviation, rounded so that chance does not show."""
    return [round(tensor.mean().item()), round(tensor.std().item())]


def between(tensor, low, high):
    return bool((tensor >= low).all() and (tensor <= high).all())


def clipped(clip):
    parameters = pair()
    sum((p * p * 3).sum() for p in parameters).backward()
    returned = clip(parameters)
    return [returned, [p.grad for p in parameters]]


def data(count=10):
    return TensorDataset(torch.arange(count), torch.arange(count) * 2)


def batches(loader):
    return [batch[0] for batch in loader]


def sizes(loader):
    return [len(batch[0]) for batch in loader]


def is_shuffled(loader):
    order = [int(value) for batch in loader for value in batch[0]]
    return [sorted(order) == list(range(len(order))), order == list(range(len(order)))]


def lengths(parts):
    return [len(part) for part in parts]


def counted(items):
    return len(list(items))


def required(items):
    parameters = items.parameters() if isinstance(items, nn.Module) else items
    return [each.requires_grad for each in parameters]


def keys_and_values(state):
    return list(state.values())


def keys_of(state):
    return list(state.items())


def plain_net():
    return nn.Sequential(nn.Linear(2, 3))


def tracked():
    """Buffers under two names; PyTorch's num_batches_tracked is not there in Tandem."""
    layer = nn.Identity()
    layer.register_buffer("own", t([1.0]))
    inner = nn.Identity()
    inner.register_buffer("mean", t([2.0]))
    layer.add_module("inner", inner)
    layer.add_module("again", inner)
    return layer


def net():
    return fill(nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3)))


def names(pairs):
    return [name for name, _ in pairs]


def shared():
    layer = nn.Linear(2, 2)
    return nn.Sequential(layer, layer)


def hooked(register):
    """What two hooks make of a sum, the second one registered by the row."""
    layer = nn.Identity()
    layer.register_forward_hook(lambda module, inputs, output: output * 2)
    register(layer, lambda module, inputs, output: output + 1)
    return layer(t([1.0]))


def pre_hooked(register):
    layer = nn.Identity()
    layer.register_forward_pre_hook(lambda module, inputs: (inputs[0] * 2,))
    register(layer, lambda module, inputs: (inputs[0] + 1,))
    return layer(t([1.0]))


def buffered(register):
    layer = nn.Linear(1, 1)
    register(layer)
    return list(layer.state_dict().keys())


def gradients_after(clear):
    layer = fill(nn.Linear(2, 1))
    layer(rows(2)).sum().backward()
    clear(layer)
    return [[] if p.grad is None else p.grad for p in layer.parameters()]


def loaded(load):
    layer = fill(nn.Linear(2, 1))
    result = load(layer)
    return [result.missing_keys, result.unexpected_keys, layer.weight]


def applied(apply):
    layer = nn.Sequential(nn.Linear(1, 1))
    apply(layer)
    return [layer[0].training, required(layer)]


def closed(step):
    parameters = pair()
    optimizer = optim.SGD(parameters, lr=0.1)

    def closure():
        value = sum((p * p).sum() for p in parameters)
        value.backward()
        return value

    return [step(optimizer, closure), parameters]


def differentiated(differentiate):
    x = t([1.0, 2.0], requires_grad=True)
    y = t([3.0], requires_grad=True)
    return [[] if g is None else g for g in differentiate((x * x).sum(), x, y)]


def scaled(value):
    return value * 2


def plain(value):
    if isinstance(value, torch.Tensor):
        return value.detach().to(torch.float64).tolist()
    if isinstance(value, (bool, int, float)) or value is None:
        return value
    if isinstance(value, str):
        return re.sub(r"(?<=[a-z\d])_([a-z\d])", lambda match: match.group(1).upper(), value)
    if isinstance(value, dict):
        return {plain(key): plain(each) for key, each in value.items()}
    return [plain(each) for each in value]


def from_text(text):
    """The parameters of a built-in function, as its documentation states them."""
    inner = re.search(r"\((.*?)\)\s*->", text, re.S).group(1)
    return [
        [part.split("=")[0].strip().split(" ")[-1], "=" in part, False]
        for part in re.split(r",(?![^(]*\))", inner)
        if part.strip()
    ]


def signature(function):
    target = function.__init__ if inspect.isclass(function) else function
    try:
        parameters = list(inspect.signature(target).parameters.values())
    except (TypeError, ValueError):
        return from_text(function.__doc__)
    if any(each.kind == each.VAR_POSITIONAL for each in parameters):
        return None
    return [
        [each.name, each.default is not each.empty, each.kind == each.KEYWORD_ONLY]
        for each in parameters
        if each.name != "self" and each.kind != each.VAR_KEYWORD
    ]


def evaluate(key, expression):
    torch.manual_seed(1)
    try:
        return plain(eval(expression, globals()))
    except Exception as error:
        raise RuntimeError(f"{key}: {expression}") from error


if __name__ == "__main__":
    request = json.load(sys.stdin)
    json.dump(
        {
            "versions": {"python": sys.version.split()[0], "torch": torch.__version__},
            "signatures": {key: signature(eval(each, globals())) for key, each in request["signatures"].items()},
            # As text, one line each.
            "values": {key: json.dumps(evaluate(key, each)) for key, each in request["calls"].items()},
        },
        sys.stdout,
    )
