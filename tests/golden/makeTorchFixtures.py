"""Writes torchFixtures.json: what PyTorch computes for the cases of torchCases.py, which torch.test.ts runs here.

Needs the package torch. Run: python tests/golden/makeTorchFixtures.py

PyTorch computes in float64 from numbers that float32 holds to rounding, so that the fixtures are free of PyTorch's own
rounding over ten steps.
"""
import re

import torch
from torch import nn

import torchCases as cases
from fixtureText import plain, snake, write

torch.set_default_dtype(torch.float64)

STEPS = 10


def snake_option(key, value):
    if key == "trackRunningStats" or not isinstance(value, str):
        return value
    return snake(value)


def keywords(options):
    renamed = {"logSoftmax": "log_softmax", "t0": "T_0", "tMult": "T_mult"}
    return {
        renamed.get(key, snake(key)): torch.tensor(value) if key in ("weight", "posWeight") else snake_option(key, value)
        for key, value in options.items()
    }


def flat(tensor):
    return plain(tensor.detach().reshape(-1))


def camel(name):
    return ".".join(re.sub(r"_([a-z0-9])", lambda match: match[1].upper(), part) for part in name.split("."))


def arrays(named):
    return {camel(name): flat(value) for name, value in named if not name.endswith("num_batches_tracked")}


class Output(nn.Module):
    """Of what a recurrent module returns, its outputs of all steps."""

    def forward(self, returned):
        return returned[0]


class LastState(nn.Module):
    """Of what a recurrent module returns, the last state of each layer."""

    def forward(self, returned):
        state = returned[1]
        return torch.cat(state) if isinstance(state, tuple) else state


class OverTime(nn.Module):
    """The outputs of a cell at all steps of [batch, time, features]."""

    def __init__(self, name, *args, **options):
        super().__init__()
        self.cell = getattr(nn, name)(*args, **options)

    def forward(self, x):
        state, outputs = None, []
        for step in x.unbind(1):
            state = self.cell(step, state)
            outputs.append(state[0] if isinstance(state, tuple) else state)
        return torch.stack(outputs, 1)


own_modules = {"Output": Output, "LastState": LastState, "OverTime": OverTime}


def module_of(cls, args, options):
    make = own_modules.get(cls) or getattr(nn, cls)
    return make(*[tuple(arg) if isinstance(arg, list) and None in arg else arg for arg in args], **keywords(options))


def rounded(shape, decimals=2):
    return torch.round(torch.randn(shape), decimals=decimals)


def targets(kind, output):
    if kind == "normal":
        return rounded(output.shape)
    if kind == "binary":
        return torch.randint(0, 2, output.shape).double()
    if kind == "probabilities":
        return torch.round(torch.softmax(torch.randn(output.shape), 1), decimals=3)
    return torch.randint(0, output.shape[1], [output.shape[0], *output.shape[2:]])


def optimizer_of(description, groups, model):
    cls, options = description
    parameters = list(model.parameters())
    given = parameters if groups is None else [
        {"params": [parameter], **keywords(group)} for parameter, group in zip(parameters, groups)
    ]
    return getattr(torch.optim, cls)(given, **keywords(options))


def table(description):
    """A function of the epoch."""
    return lambda epoch: description["factors"][epoch]


def train(description):
    torch.manual_seed(sum(map(ord, description["name"])))
    model = nn.Sequential(*[module_of(*module) for module in description["modules"]])
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.round(parameter, decimals=4))
    x = torch.randint(0, description["integers"], description["x"]) if "integers" in description else rounded(description["x"])
    x.requires_grad_(x.is_floating_point())
    with torch.no_grad():
        model.eval()
        y = targets(description["y"], model(x))
        model.train()
    loss_cls, loss_options = description["loss"]
    criterion = getattr(nn, loss_cls)(**keywords(loss_options))
    unreduced = getattr(nn, loss_cls)(**keywords({**loss_options, "reduction": "none"}))
    optimizer = optimizer_of(description["optimizer"], description.get("groups"), model)
    result = {**description, "x": plain(x), "y": plain(y), "initial": arrays(model.state_dict().items())}
    scheduler, rates, losses = None, [], []
    if "scheduler" in description:
        cls, args, options = description["scheduler"]
        given = [table(arg) if isinstance(arg, dict) else arg for arg in args]
        scheduler = getattr(torch.optim.lr_scheduler, cls)(optimizer, *given, **keywords(options))
        rates.append([group["lr"] for group in optimizer.param_groups])
    for step in range(1, STEPS + 1):
        optimizer.zero_grad()
        output = model(x)
        loss = criterion(output, y)
        loss.backward()
        losses.append(loss.item())
        if step == 1:
            result["forward"] = flat(output)
            if description in cases.LOSSES:
                result["unreduced"] = flat(unreduced(output, y))
            result["gradients"] = arrays((name, parameter.grad) for name, parameter in model.named_parameters())
            if x.grad is not None:
                result["inputGradient"] = flat(x.grad)
        for clip in ["clipGradNorm", "clipGradValue"]:
            if clip in description:
                args, options = description[clip][:1], (description[clip][1:] or [{}])[0]
                norm = getattr(nn.utils, snake(clip) + "_")(model.parameters(), *args, **keywords(options))
                if step == 1 and norm is not None:
                    result["norm"] = plain(norm.item())
                if step == 1:
                    result["clipped"] = arrays((name, parameter.grad) for name, parameter in model.named_parameters())
        optimizer.step()
        if scheduler is not None:
            scheduler.step(loss.item()) if isinstance(scheduler, torch.optim.lr_scheduler.ReduceLROnPlateau) else scheduler.step()
            rates.append([group["lr"] for group in optimizer.param_groups])
        if step in (1, STEPS):
            result[f"after{step}"] = arrays(model.state_dict().items())
    result["losses"] = plain(losses)
    if rates:
        result["rates"] = plain(rates)
    model.eval()
    result["evaluated"] = flat(model(x))
    for clip in ["clipGradNorm"]:
        if clip in result:
            result[clip] = [result[clip][0], {k: "Infinity" if v == float("inf") else v for k, v in result[clip][1].items()}]
    return result


def input_of(description):
    if isinstance(description, list):
        return rounded(description).requires_grad_()
    if "shares" in description:
        drawn = torch.round(torch.rand(description["shares"]) * 0.8 + 0.1, decimals=2)
        return drawn.requires_grad_("gradient" in description)
    if "positive" in description:
        return (rounded(description["positive"]).abs() + 0.5).requires_grad_()
    return torch.tensor(description.get("indices", description.get("truths")))


def tensors_in(value):
    if isinstance(value, torch.Tensor):
        return [value]
    return [each for part in value for each in tensors_in(part)] if isinstance(value, (list, tuple)) else []


def call(find, description, is_list):
    name, inputs, args, *rest = description
    options = dict(rest[0]) if rest else {}
    torch.manual_seed(len(name) + 7 * len(inputs))
    given = [input_of(each) for each in inputs]
    order = options.pop("order", None)
    positional = [given] if is_list else given
    if name in ("indexSelect", "gather"):
        returned = getattr(given[0], snake(name))(*(args or [1]), given[1])
    elif name == "layerNorm":
        returned = nn.functional.layer_norm(given[0], options["normalizedShape"], given[1], given[2])
    elif name == "norm" and "dim" in options and not args:
        returned = given[0].norm(dim=options["dim"])
    else:
        returned = find(snake(name))(*positional, *args, **keywords(options))
    outputs = tensors_in(returned)
    result = {"name": name, "inputs": [plain(each) for each in given], "integer": [not each.is_floating_point() for each in given],
              "args": args, "options": {key: value for key, value in (rest[0] if rest else {}).items() if key != "order"}}
    if not outputs or isinstance(returned, torch.Size):
        return {**result, "value": list(returned) if isinstance(returned, torch.Size) else returned}
    result["outputs"] = [{"shape": list(each.shape), "values": [float(v) for v in flat(each.double())]} for each in outputs]
    sources = [each for each in given if each.requires_grad]
    differentiable = [each for each in outputs if each.requires_grad]
    if differentiable:
        # Every output counts with a weight of its own.
        total = sum((each * torch.arange(1, each.numel() + 1).reshape(each.shape)).sum() for each in differentiable)
        gradients = torch.autograd.grad(total, sources, allow_unused=True)
        result["gradients"] = [None if each is None else flat(each) for each in gradients]
    return result


def method(name):
    def run(first, *rest, **options):
        if hasattr(first, name):
            return getattr(first, name)(*rest, **options)
        return getattr(torch, name)(first, *rest, **options)
    return run


def statistics(tensor):
    values = tensor.detach().reshape(-1)
    return plain([values.mean().item(), values.std(unbiased=False).item(), values.min().item(), values.max().item()])


def draw(description):
    name, inputs, args, *rest = description
    torch.manual_seed(1)
    tensors = [weights_of(each) for each in inputs]
    drawn = getattr(torch, snake(name))(*tensors, *args, **keywords(rest[0] if rest else {}))
    return {"name": name, "inputs": inputs, "args": args, "options": rest[0] if rest else {}, "shape": list(drawn.shape), "statistics": statistics(drawn.double())}


def weights_of(description):
    """Of a draw: zeros of a shape, one number everywhere, or given numbers."""
    if isinstance(description, list):
        return torch.zeros(description)
    return torch.full(*description["full"]) if "full" in description else torch.tensor(description["weights"]).double()


def gain(args):
    return {"name": "calculateGain", "args": args, "gain": plain(float(nn.init.calculate_gain(snake(args[0]), *args[1:])))}


def initialise(description):
    name, args, options = description
    torch.manual_seed(1)
    weight = torch.empty(150, 400)
    getattr(nn.init, snake(name))(weight, *args, **keywords(options))
    return {"name": name, "args": args, "options": options, "statistics": statistics(weight)}


def default_weights(description):
    torch.manual_seed(1)
    state = module_of(*description).state_dict().items()
    kept = [(camel(name), value) for name, value in state if not name.endswith("num_batches_tracked")]
    return {"module": description, "statistics": {name: [value.numel(), *statistics(value)] for name, value in kept}}


if __name__ == "__main__":
    training = [*cases.LAYERS, *cases.RECURRENT, *cases.CELLS, *cases.LOSSES, *cases.OPTIMIZERS, *cases.SCHEDULERS]
    write("torchFixtures.json", {"torch": torch.__version__.split("+")[0]}, {
        "training": map(train, training),
        "methods": (call(method, each, False) for each in cases.FUNCTIONS),
        "functions": (call(lambda name: getattr(torch, name), each, False) for each in cases.MODULE_FUNCTIONS),
        "draws": map(draw, cases.DRAWS),
        "joins": (call(lambda name: getattr(torch, name), each, True) for each in cases.JOINS),
        "functionals": (call(lambda name: getattr(nn.functional, name), each, False) for each in cases.FUNCTIONALS),
        "gains": map(gain, cases.GAINS),
        "initialisers": map(initialise, cases.INITIALISERS),
        "defaultWeights": map(default_weights, cases.DEFAULT_WEIGHTS),
    })
