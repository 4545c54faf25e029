"""Trains the nets of randomNets.ts in PyTorch and Keras, written by hand from the spec and not from Tandem's translation.

Usage: python trainRandomNets.py FOLDER... where each folder has spec.json and data.csv. Writes into each
torch.safetensors and keras.safetensors, the same initial weights under either framework's names and layouts, and
losses.json: the loss of every batch in PyTorch ("torch") and in Keras ("keras"), in float64; and "rounding", how far each
framework's own float32 is from that. A net whose losses float32 does not keep near those of float64 has no right ones to
follow: such as one with a weight whose true gradient is zero, so that Adam or RMSprop divide rounding errors by themselves.
"""

import copy
import csv
import json
import math
import struct
import sys

import numpy as np
import torch
from torch import nn, optim

import kerasNets

# PyTorch's own.
defaults = {"norm": 1e-5, "adam": 1e-8, "adamw": 1e-8, "rmsprop": 1e-8, "adagrad": 1e-10}
logit_losses = ["binaryCrossentropy", "categoricalCrossentropy", "sparseCategoricalCrossentropy"]


def read_data(folder, spec):
    """x float32 [n, features] or int64 tokens, y as the loss wants it."""
    data = spec["data"]
    with open(f"{folder}/data.csv", encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    column = lambda name: [row[header.index(name)] for row in rows]
    x = np.array([[float(text) for text in column(name)] for name in data["features"]]).T
    if data.get("standardise"):
        deviation = x.std(axis=0)
        x = (x - x.mean(axis=0)) / np.where(deviation == 0, 1, deviation)
    is_sequence = spec["model"]["layers"][0]["type"] == "embedding"
    x = torch.tensor(x, dtype=torch.int64 if is_sequence else torch.float32)
    labels = column(data["label"])
    if data["task"] == "regression":
        return x, torch.tensor([[float(text)] for text in labels], dtype=torch.float32)
    values = sorted(set(labels))
    classes = torch.tensor([values.index(text) for text in labels])
    units = spec["model"]["layers"][-1]["units"]
    if spec["loss"] == "sparseCategoricalCrossentropy":
        return x, classes
    if units == 1:
        return x, classes.float()[:, None]
    return x, nn.functional.one_hot(classes, units).float()


class Recurrent(nn.Module):
    """Gives the outputs of a recurrent module, or the last of them."""

    kinds = {"simpleRnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}

    def __init__(self, layer, features):
        super().__init__()
        self.inner = self.kinds[layer["type"]](features, layer["units"], batch_first=True)
        self.returns_sequences = layer.get("returnSequences", False)

    def forward(self, x):
        outputs, _ = self.inner(x)
        return outputs if self.returns_sequences else outputs[:, -1]


class Spread(nn.Module):
    """Softmax over the last axis."""

    def forward(self, x):
        return torch.softmax(x, -1)


def activation(name):
    return {
        "linear": lambda: [],
        "relu": lambda: [nn.ReLU()],
        "leakyRelu": lambda: [nn.LeakyReLU()],
        "tanh": lambda: [nn.Tanh()],
        "sigmoid": lambda: [nn.Sigmoid()],
        "gelu": lambda: [nn.GELU()],
        "softmax": lambda: [Spread()],
    }[name]()


def build(spec):
    """The modules in order, each with the layer that it belongs to (None for activations)."""
    modules = []
    shape = [len(spec["data"]["features"])]
    layers = spec["model"]["layers"]
    for position, layer in enumerate(layers):
        kind = layer["type"]
        epsilon = layer.get("epsilon", defaults["norm"])
        if kind == "dense":
            modules.append((nn.Linear(shape[-1], layer["units"], bias=layer.get("useBias", True)), layer))
            shape[-1] = layer["units"]
        elif kind == "embedding":
            modules.append((nn.Embedding(layer["inputDim"], layer["outputDim"]), layer))
            shape.append(layer["outputDim"])
        elif kind in Recurrent.kinds:
            modules.append((Recurrent(layer, shape[-1]), layer))
            shape = [shape[0], layer["units"]] if layer.get("returnSequences") else [layer["units"]]
        elif kind == "batchNormalization":
            modules.append((nn.BatchNorm1d(shape[-1], eps=epsilon), layer))
        elif kind == "layerNormalization":
            modules.append((nn.LayerNorm(shape[-1], eps=epsilon), layer))
        elif kind == "flatten":
            modules.append((nn.Flatten(), None))
            shape = [math.prod(shape)]
        elif kind == "dropout":
            modules.append((nn.Dropout(layer["rate"]), None))
        is_last = position == len(layers) - 1
        if not (is_last and spec["loss"] in logit_losses):
            modules += [(module, None) for module in activation(layer.get("activation", "linear"))]
    return modules


def torch_tensors(modules):
    """As in the state dict of a Sequential."""
    tensors = {}
    for index, (module, _) in enumerate(modules):
        for name, tensor in module.state_dict().items():
            tensors[f"{index}.{name.removeprefix('inner.')}"] = tensor
    return tensors


def keras_tensors(modules):
    """As Keras names and lays out the same weights."""
    counts, tensors = {}, {}
    for module, layer in modules:
        if layer is None:
            continue
        kind = {
            "batchNormalization": "batch_normalization",
            "layerNormalization": "layer_normalization",
            "simpleRnn": "simple_rnn",
        }.get(layer["type"], layer["type"])
        count = counts[kind] = counts.get(kind, -1) + 1
        prefix = kind if count == 0 else f"{kind}_{count}"
        for name, tensor in keras_layer(module, layer).items():
            tensors[f"{prefix}/{name}"] = tensor
    return tensors


def keras_layer(module, layer):
    if isinstance(module, nn.Linear):
        bias = {} if module.bias is None else {"bias": module.bias}
        return {"kernel": module.weight.T, **bias}
    if isinstance(module, nn.Embedding):
        return {"embeddings": module.weight}
    if isinstance(module, nn.LayerNorm):
        return {"gamma": module.weight, "beta": module.bias}
    if isinstance(module, nn.BatchNorm1d):
        averages = {"moving_mean": module.running_mean, "moving_variance": module.running_var}
        return {"gamma": module.weight, "beta": module.bias, **averages}
    inner = module.inner
    kernels = {"kernel": inner.weight_ih_l0, "recurrent_kernel": inner.weight_hh_l0}
    biases = [inner.bias_ih_l0, inner.bias_hh_l0]
    if layer["type"] != "gru":
        return {**{name: tensor.T for name, tensor in kernels.items()}, "bias": biases[0] + biases[1]}
    # PyTorch has the gates r, z, n where Keras has z, r, h.
    reordered = lambda tensor: torch.cat([tensor.chunk(3)[gate] for gate in (1, 0, 2)])
    swapped = {name: reordered(tensor).T for name, tensor in kernels.items()}
    return {**swapped, "bias": torch.stack([reordered(bias) for bias in biases])}


def write_safetensors(path, tensors):
    header, values = {}, b""
    for name, tensor in tensors.items():
        if name.endswith("num_batches_tracked"):
            continue
        data = np.ascontiguousarray(tensor.detach().numpy(), dtype="<f4").tobytes()
        offsets = [len(values), len(values) + len(data)]
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": offsets}
        values += data
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + values)


def rate_at(optimizer, step):
    """The learning rate of the update after `step` others."""
    rate, schedule = optimizer["learningRate"], optimizer.get("schedule")
    if schedule is None:
        return rate
    if schedule["type"] == "exponentialDecay":
        periods = step / schedule["decaySteps"]
        return rate * schedule["decayRate"] ** (math.floor(periods) if schedule.get("staircase") else periods)
    if schedule["type"] == "cosineDecay":
        alpha = schedule.get("alpha", 0)
        height = (1 + math.cos(math.pi * min(1, step / schedule["decaySteps"]))) / 2
        return rate * (alpha + (1 - alpha) * height)
    passed = sum(step >= boundary for boundary in schedule["boundaries"])
    return rate * schedule.get("factor", 0.1) ** passed


def torch_optimizer(given, parameters):
    kind, rate = given["type"], given["learningRate"]
    decay = given.get("weightDecay", 0.01 if kind == "adamw" else 0.0)
    epsilon = given.get("epsilon", defaults.get(kind))
    momentum = given.get("momentum", 0.0)
    if kind == "sgd":
        nesterov = given.get("nesterov", False)
        return optim.SGD(parameters, lr=rate, momentum=momentum, nesterov=nesterov, weight_decay=decay)
    if kind in ("adam", "adamw"):
        betas = (given.get("beta1", 0.9), given.get("beta2", 0.999))
        made = optim.Adam if kind == "adam" else optim.AdamW
        return made(parameters, lr=rate, betas=betas, eps=epsilon, weight_decay=decay)
    if kind == "rmsprop":
        alpha = given.get("rho", 0.9)
        return optim.RMSprop(parameters, lr=rate, alpha=alpha, eps=epsilon, momentum=momentum, weight_decay=decay)
    start = given.get("initialAccumulator", 0.0)
    return optim.Adagrad(parameters, lr=rate, initial_accumulator_value=start, eps=epsilon, weight_decay=decay)


criteria = {
    "meanSquaredError": nn.MSELoss,
    "meanAbsoluteError": nn.L1Loss,
    "huber": nn.HuberLoss,
    "binaryCrossentropy": nn.BCEWithLogitsLoss,
    "categoricalCrossentropy": nn.CrossEntropyLoss,
    "sparseCategoricalCrossentropy": nn.CrossEntropyLoss,
}


def train(spec, modules, x, y):
    model = nn.Sequential(*(module for module, _ in modules))
    model.train()
    criterion = criteria[spec["loss"]]()
    given, training = spec["optimizer"], spec["training"]
    optimizer = torch_optimizer(given, model.parameters())
    losses = []
    for _ in range(training["epochs"]):
        for start in range(0, len(x), training["batchSize"]):
            rows = slice(start, start + training["batchSize"])
            model.zero_grad()
            loss = criterion(model(x[rows]), y[rows])
            loss.backward()
            optimizer.param_groups[0]["lr"] = rate_at(given, len(losses))
            losses.append(float(f"{loss.item():.8g}"))
            optimizer.step()
    return losses


def torch_losses(spec, modules, x, y):
    """In float32 and in float64."""
    double = lambda tensor: tensor.double() if tensor.is_floating_point() else tensor
    exact = [(copy.deepcopy(module).double(), layer) for module, layer in modules]
    return train(spec, modules, x, y), train(spec, exact, double(x), double(y))


def keras_losses(spec, weights, x, y):
    """In float32 and in float64."""
    named = {name: tensor.detach().numpy().copy() for name, tensor in weights.items()}
    takes_logits = spec["loss"] in logit_losses
    return [kerasNets.train(spec, x.numpy(), y.numpy(), named, takes_logits, dtype) for dtype in ("float32", "float64")]


def main(folder):
    with open(f"{folder}/spec.json", encoding="utf-8") as file:
        spec = json.load(file)
    torch.manual_seed(spec["seed"])
    x, y = read_data(folder, spec)
    modules = build(spec)
    write_safetensors(f"{folder}/torch.safetensors", torch_tensors(modules))
    write_safetensors(f"{folder}/keras.safetensors", keras_tensors(modules))
    result = {"rounding": {}}
    # Keras goes first: training changes the weights.
    runs = {"keras": keras_losses(spec, keras_tensors(modules), x, y), "torch": torch_losses(spec, modules, x, y)}
    for reference in ("torch", "keras"):
        losses, exact = runs[reference]
        errors = [abs(a - b) / max(1e-3, abs(b)) for a, b in zip(losses, exact)]
        result[reference] = [loss if math.isfinite(loss) else None for loss in exact]
        result["rounding"][reference] = min(1.0, float(f"{max(errors):.2g}"))
    with open(f"{folder}/losses.json", "w", encoding="utf-8") as file:
        json.dump(result, file)


if __name__ == "__main__":
    torch.set_num_threads(1)
    for folder in sys.argv[1:]:
        main(folder)
    # What they were trained in.
    print(json.dumps({"torch": torch.__version__.split("+")[0], "keras": kerasNets.keras.__version__}))
