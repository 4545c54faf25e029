"""Records what Keras gives for the calls in keras.json, one for each parameter, and the parameters of what is called.

Usage: python tests/golden/parameters/recordKeras.py   (with keras and torch installed) writes kerasValues.json beside it.
"""
import inspect
import json
import math
import os
import pathlib
import re

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
from keras import (Input, Model, Sequential, Variable, activations, callbacks, initializers, layers, losses, metrics,
                   ops, optimizers, regularizers, utils)

keras.utils.disable_interactive_logging()
here = pathlib.Path(__file__).parent
cases = json.loads((here / "keras.json").read_text())
WORDS = {"true": "True", "false": "False", "null": "None", "beta1": "beta_1", "beta2": "beta_2", "l1l2": "l1_l2"}


def snake(name):
    """camelCase -> snake_case; names of classes stay."""
    if name in WORDS or name[0].isupper():
        return WORDS.get(name, name)
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: "_" + match.group(1).lower(), name)


def python(expression):
    """`new layers.Dense(2, { useBias: false })` as `layers.Dense(2, use_bias=False)`."""
    plain = expression.replace("new ", "").replace(".apply(", "(")
    named = re.sub(r"\{([^{}]*)\}", lambda match: re.sub(r"(\w+): ", r"\1=", match.group(1).strip()), plain)
    return re.sub(r"[A-Za-z_]\w*", lambda match: snake(match.group(0)), named)


def array(value):
    return np.asarray(value, "float32")


def whole(value):
    """A layer's inputs: one, or a list of arrays."""
    if isinstance(value, list) and isinstance(value[0], np.ndarray):
        return [ops.convert_to_tensor(array(each)) for each in value]
    return ops.convert_to_tensor(array(value))


def set_weights(owner):
    """The same numbers in every framework: of the k-th weight (7i + 3k) mod 11 / 10 − 0.5."""
    owner.set_weights([
        ((7 * np.arange(weight.size) + 3 * k) % 11 / 10 - 0.5).reshape(weight.shape)
        for k, weight in enumerate(owner.get_weights())
    ])


def built(layer, x):
    layer(whole(x))
    set_weights(layer)
    return layer


def outputs(layer, x):
    return built(layer, x)(whole(x))


def trained(layer, x):
    """Outputs while training, and the weights that change with it."""
    return [built(layer, x)(whole(x), training=True), *layer.get_weights()]


def sizes(layer, x):
    result = layer(whole(x))
    return [list(result.shape), result]


def start(layer, x):
    layer(whole(x))
    return layer.get_weights()


def penalty(layer, x):
    return sum(built(layer, x).losses)


def trained_count(layer, x):
    layer(whole(x))
    return len(layer.trainable_weights)


def name_of(named):
    return named.name


def stacked(layer):
    return list(Sequential([layer]).output_shape)


def measured(metric, *given):
    metric.update_state(*given)
    return metric.result()


def updated(optimizer):
    weight = Variable(array([1, -2]))
    for gradient in [[0.5, -1], [0.25, 2], [-1, 0.1]]:
        optimizer.apply([ops.convert_to_tensor(array(gradient))], [weight])
    return weight


def rates(schedule):
    return [float(schedule(step)) for step in range(10)]


def small(*compiling, **options):
    model = Sequential([Input([1]), layers.Dense(1)])
    set_weights(model)
    model.compile(*compiling, **options)
    return model


def watched(callback):
    """Epochs until the callback stops, the learning rate after each, and the weights at the end."""
    model = small(optimizers.SGD(0.1), "mse")
    callback.set_model(model)
    callback.on_train_begin()
    found = []
    for epoch, (loss, validation) in enumerate(zip([3, 2.9, 2.8, 2.7, 2.6, 2.65, 2.7, 2.9], [3, 2, 2.5, 2.6, 1.9, 1.95, 2.2, 2.3])):
        callback.on_epoch_begin(epoch)
        model.set_weights([array([[epoch]]), array([0])])
        callback.on_epoch_end(epoch, {"loss": loss, "val_loss": validation})
        found.append(float(model.optimizer.learning_rate))
        if model.stop_training:
            break
    callback.on_train_end()
    return [found, *model.get_weights()]


def unchanged(epoch, rate):
    return rate


def halved(epoch, rate):
    return rate / 2


def drawn(initializer):
    return initializer([2, 3])


def many(initializer):
    return np.asarray(ops.convert_to_numpy(initializer([100, 400])), "float64")


def spread(initializer):
    values = many(initializer)
    return [round(float(values.mean()), 1), round(float(values.std()), 1)]


def widest(initializer):
    return round(float(np.abs(many(initializer)).max()), 1)


def repeats(one, other):
    return bool((ops.convert_to_numpy(one([2, 3])) == ops.convert_to_numpy(other([2, 3]))).all())


def longest(initializer):
    return float((ops.convert_to_numpy(initializer([3, 2]))[:, 0] ** 2).sum())


def penalty_of(regularizer):
    return regularizer(ops.convert_to_tensor(array([[1, -2], [0.5, 3]])))


def shape_of(value):
    return [-1 if size is None else size for size in value.shape]


def type_of(value):
    return keras.backend.standardize_dtype(value.dtype)


def is_trainable(variable):
    return variable.trainable


def tensor(value):
    return ops.convert_to_tensor(array(value))


def figures(history):
    """Epochs of all figures, by their names in order."""
    return [history[name] for name in sorted(history, key=lambda name: name.replace("_", ""))]


def compiled(*given, **options):
    model = small(*given, **options)
    history = model.fit(xs, ys, 2, 2, shuffle=False, sample_weight=ws).history
    return [*figures(history), *model.get_weights()]


def fitted(*given, **options):
    model = small(optimizers.SGD(0.05), "mse")
    return [*figures(model.fit(*given, **options).history), *model.get_weights()]


def evaluated(*given):
    return small("sgd", "mse", metrics=["mae"]).evaluate(*given)


def predicted(*given):
    return small("sgd", "mse").predict(*given)


def trained_on_batch(*given):
    model = small(optimizers.SGD(0.05), "mse")
    return [model.train_on_batch(*given), *model.get_weights()]


def tested_on_batch(*given):
    return small("sgd", "mse").test_on_batch(*given)


def plain(value):
    if isinstance(value, Variable):
        value = value.value
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)):
        return [number for each in value for number in listed(plain(each))]
    if value is None or isinstance(value, bool):
        return -1 if value is None else int(value)
    return float(f"{value:.8g}") if isinstance(value, float) else value


def listed(value):
    return value if isinstance(value, list) else [value]


for setup, text in cases["setup"].items():
    globals()[setup] = np.array(eval(python(text)), "int32" if setup == "classes" else "float32")


failures = []


def evaluated_case(expression):
    keras.utils.set_random_seed(1)
    try:
        value = plain(eval(python(expression), globals()))
    except Exception as error:
        failures.append(f"{expression}: {type(error).__name__} {error}")
        return None
    return value


def signature(call):
    """Names in order, those that can be given by position, and whether there are further ones by name."""
    owner = keras
    for part in call.split("."):
        owner = getattr(owner, snake(part) if not hasattr(owner, part) else part)
    made = owner.__call__ if call.endswith(".apply") else owner
    parameters = [each for each in inspect.signature(made).parameters.values() if each.name != "self"]
    named = [each.name for each in parameters if each.kind is not each.VAR_KEYWORD and each.kind is not each.VAR_POSITIONAL]
    positional = [each.name for each in parameters if each.kind is each.POSITIONAL_OR_KEYWORD]
    return {"names": named, "positional": positional, "further": any(each.kind is each.VAR_KEYWORD for each in parameters)}


SIGNATURES = {"losses.Loss.apply": losses.Loss.__call__, "metrics.Metric.updateState": metrics.MeanSquaredError.update_state}


def signature_of(call):
    if call in SIGNATURES:
        names = [name for name in inspect.signature(SIGNATURES[call]).parameters if name != "self"]
        return {"names": names, "positional": names, "further": False}
    return signature({"setRandomSeed": "utils.setRandomSeed"}.get(call, call))


values = {
    expression: evaluated_case(expression)
    for rows in cases["calls"].values()
    for expression in rows.values()
    if not expression.startswith("=")
}
if failures:
    raise SystemExit("\n".join(failures))
lines = [f'  {json.dumps(key)}: {json.dumps(value)}' for key, value in values.items()]
signatures = [f'  {json.dumps(call)}: {json.dumps(signature_of(call))}' for call in cases["calls"]]
with open(here / "kerasValues.json", "w", encoding="utf-8") as file:
    file.write('{\n"keras": %s,\n"signatures": {\n%s\n},\n"values": {\n%s\n}\n}\n' % (
        json.dumps(keras.__version__), ",\n".join(signatures), ",\n".join(lines)))
