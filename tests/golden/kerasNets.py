"""Trains the nets of randomNets.ts in Keras, written by hand from the spec and not from Tandem's translation."""

import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
from keras import layers, losses, optimizers

words = {"leakyRelu": "leaky_relu"}
recurrent = {"simpleRnn": layers.SimpleRNN, "lstm": layers.LSTM, "gru": layers.GRU}
criteria = {
    "meanSquaredError": losses.MeanSquaredError,
    "meanAbsoluteError": losses.MeanAbsoluteError,
    "huber": losses.Huber,
    "binaryCrossentropy": lambda: losses.BinaryCrossentropy(from_logits=True),
    "categoricalCrossentropy": lambda: losses.CategoricalCrossentropy(from_logits=True),
    "sparseCategoricalCrossentropy": lambda: losses.SparseCategoricalCrossentropy(from_logits=True),
}


def layer_of(layer, activation):
    """A layer of the spec; `activation` is None where the loss takes logits."""
    kind = layer["type"]
    epsilon = {"epsilon": layer["epsilon"]} if "epsilon" in layer else {}
    if kind == "dense":
        return layers.Dense(layer["units"], activation, use_bias=layer.get("useBias", True))
    if kind == "embedding":
        return layers.Embedding(layer["inputDim"], layer["outputDim"])
    if kind in recurrent:
        return recurrent[kind](layer["units"], return_sequences=layer.get("returnSequences", False))
    return {
        "batchNormalization": lambda: layers.BatchNormalization(**epsilon),
        "layerNormalization": lambda: layers.LayerNormalization(**epsilon),
        "dropout": lambda: layers.Dropout(layer["rate"]),
        "flatten": layers.Flatten,
        "activation": lambda: layers.Activation(activation),
    }[kind]()


def build(spec, x, weights, takes_logits):
    """The model with weights by Keras' names, `dense_1/kernel`."""
    keras.utils.clear_session()
    listed = spec["model"]["layers"]
    model = keras.Sequential([keras.Input(x.shape[1:], dtype=x.dtype.name)])
    for layer in listed:
        name = layer.get("activation", "linear")
        is_last = layer is listed[-1]
        model.add(layer_of(layer, None if is_last and takes_logits else words.get(name, name)))
    for layer in model.layers:
        for variable in layer.weights:
            variable.assign(weights[f"{layer.name}/{variable.name}"])
    return model


def rate_of(given):
    rate, schedule = given["learningRate"], given.get("schedule")
    if schedule is None:
        return rate
    schedules = optimizers.schedules
    if schedule["type"] == "exponentialDecay":
        return schedules.ExponentialDecay(rate, schedule["decaySteps"], schedule["decayRate"], schedule.get("staircase", False))
    if schedule["type"] == "cosineDecay":
        return schedules.CosineDecay(rate, schedule["decaySteps"], schedule.get("alpha", 0.0))
    # Keras keeps a rate up to its boundary and at it.
    boundaries = [boundary - 1 for boundary in schedule["boundaries"]]
    return schedules.PiecewiseConstantDecay(boundaries, [rate * schedule["factor"] ** index for index in range(len(boundaries) + 1)])


def optimizer_of(given):
    kind = given["type"]
    names = {"beta1": "beta_1", "beta2": "beta_2", "weightDecay": "weight_decay", "initialAccumulator": "initial_accumulator_value"}
    options = {names.get(key, key): value for key, value in given.items() if key not in ("type", "learningRate", "schedule")}
    if kind == "adamw":
        options.setdefault("weight_decay", 0.01)
    made = {"sgd": optimizers.SGD, "adam": optimizers.Adam, "adamw": optimizers.AdamW, "rmsprop": optimizers.RMSprop, "adagrad": optimizers.Adagrad}
    return made[kind](rate_of(given), **options)


def train(spec, x, y, weights, takes_logits, dtype):
    """The loss of every batch, computed in float32 or float64."""
    keras.config.set_floatx(dtype)
    model = build(spec, x, weights, takes_logits)
    model.compile(optimizer=optimizer_of(spec["optimizer"]), loss=criteria[spec["loss"]]())
    training, found = spec["training"], []
    for _ in range(training["epochs"]):
        for start in range(0, len(x), training["batchSize"]):
            rows = slice(start, start + training["batchSize"])
            model.reset_metrics()
            found.append(float(f"{float(model.train_on_batch(x[rows], y[rows])):.8g}"))
    return found
