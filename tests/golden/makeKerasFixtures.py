"""Writes kerasFixtures.json: what Keras computes for the cases of kerasCases.py, which keras.test.ts runs here.

Needs the packages keras and torch. Run: python tests/golden/makeKerasFixtures.py

Keras computes in float64 on its PyTorch backend, so that the fixtures are free of its own rounding over ten steps, and
gradients of embeddings are dense.
"""
import inspect
import os
import tempfile

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch

import kerasCases as cases
from fixtureText import plain, snake, write

keras.config.set_floatx("float64")
torch.set_default_dtype(torch.float64)

EXAMPLES = 4
STEPS = 10
# Words, and functions of modules, that Keras spells in another way than its others.
WORDS = {"beta1": "beta_1", "beta2": "beta_2", "adamW": "adamw", "l1l2": "l1l2"}
FUNCTIONS = {"l1l2": "l1_l2", "item": "convert_to_numpy"}


def spelling(name):
    return WORDS.get(name, snake(name))


def argument(value):
    """What a case says, as Keras takes it."""
    if isinstance(value, dict) and "made" in value:
        return make(*value["made"])
    if isinstance(value, (list, tuple)):
        return [argument(each) for each in value]
    return spelling(value) if isinstance(value, str) else value


def split_call(call):
    """Name, positional arguments and keywords of [name, ...arguments, options]."""
    name, *args = call
    options = args.pop() if args and isinstance(args[-1], dict) and "made" not in args[-1] else {}
    return name, [argument(each) for each in args], {spelling(key): argument(value) for key, value in options.items()}


def find(module, name):
    owner = keras
    for part in module.split("."):
        owner = getattr(owner, part)
    return getattr(owner, name if name[0].isupper() else FUNCTIONS.get(name, snake(name)))


def make(module, *call):
    name, args, options = split_call(call)
    return find(module, name)(*args, **options)


def random_of(name):
    return np.random.default_rng(sum(map(ord, name)))


def drawn(random, shape):
    return np.round(random.uniform(-0.8, 0.8, shape), 2)


def labels(random, kind, shape):
    """Labels for outputs of that shape; classes lie along the last axis."""
    if kind == "normal":
        return np.round(random.normal(size=shape), 2)
    if kind == "binary":
        return random.integers(0, 2, shape).astype("float64")
    if kind == "signs":
        return random.integers(0, 2, shape) * 2.0 - 1
    if kind == "probabilities":
        drawn_shares = random.uniform(0.1, 1, shape)
        return np.round(drawn_shares / drawn_shares.sum(-1, keepdims=True), 3)
    classes = random.integers(0, shape[-1], shape[:-1])
    return np.eye(shape[-1])[classes] if kind == "oneHot" else classes[..., None]


def network(case):
    inputs = keras.Input(case["shape"])
    if "join" not in case:
        return keras.Sequential([inputs, *(make("layers", *layer) for layer in case["layers"])])
    branches = [keras.layers.Dense(3, activation="tanh")(inputs), keras.layers.Dense(3)(inputs)]
    return keras.Model(inputs, keras.layers.Dense(2)(make("layers", *case["join"])(branches)))


def model_of(case, weights=None):
    model = network(case)
    if weights is not None:
        model.set_weights(weights)
    model.compile(optimizer=make("optimizers", *case["optimizer"]), loss=make("losses", *case["loss"]))
    return model


def weights_of(random, model):
    # Moving variances are positive.
    return [drawn(random, weight.shape) + (weight.name == "moving_variance") for weight in model.weights]


def values(arrays):
    return [plain(array.reshape(-1)) for array in arrays]


def array_of(array):
    return {"shape": list(array.shape), "values": plain(array.reshape(-1))}


def train(case):
    random = random_of(case["name"])
    shape = [EXAMPLES, *case["shape"]]
    x = random.integers(0, case["integers"], shape) if "integers" in case else drawn(random, shape)
    weights = weights_of(random, network(case))
    model = model_of(case, weights)
    forward = model.predict(x, verbose=0)
    y = labels(random, case["target"], forward.shape)
    described = {{"loss": "lossClass"}.get(key, key): value for key, value in case.items() if key not in ("shape", "target", "steps")}
    result = {**described, "x": array_of(x), "y": array_of(y), "weights": [array_of(each) for each in weights], "forward": plain(forward.reshape(-1))}
    if case.get("steps") == 0:
        return result
    sample_weight = case.get("sampleWeight") and np.array(case["sampleWeight"])
    result |= first_step(model_of(case, weights), x, y, sample_weight)
    result |= loss_values(case, y, forward)
    if "schedule" in case:
        schedule = make("optimizers.schedules", *case["schedule"])
        result["rates"] = [plain(float(schedule(step))) for step in range(12)]
    for count, name in [(1, "after1"), (STEPS - 1, "after10")]:
        model.fit(x, y, batch_size=EXAMPLES, shuffle=False, epochs=count, sample_weight=sample_weight, verbose=0)
        result[name] = values(model.get_weights())
    return result


def first_step(model, x, y, sample_weight):
    """Loss and gradients of the weights as they are."""
    outputs = model(keras.ops.convert_to_tensor(x), training=True)
    loss = model.compute_loss(x, keras.ops.convert_to_tensor(y), outputs, sample_weight, training=True)
    loss.backward()
    return {"loss": plain(loss.item()), "gradients": [plain(weight.value.grad.reshape(-1)) for weight in model.trainable_weights]}


def loss_values(case, y, outputs):
    """The loss of each example, with which programs call a loss themselves."""
    if case not in cases.LOSSES:
        return {}
    name, options = case["loss"]
    each = make("losses", name, {**options, "reduction": "none"})(y, outputs)
    return {"unreduced": plain(each.reshape(-1))}


def fit(case):
    random = random_of(case["name"])
    make_net = lambda: keras.Sequential([keras.Input([3]), keras.layers.Dense(4, "tanh"), keras.layers.Dense(3, spelling(case["last"]))])
    model = make_net()
    x, weights, y = drawn(random, [10, 3]), weights_of(random, model), labels(random, case["target"], [10, 3])
    optimizer = {"optimizer": keras.optimizers.SGD(0.1)} if "optimizer" not in case["compile"] else {}
    compiled = {key: argument(value) for key, value in case["compile"].items() if value is not None}
    model.compile(**optimizer, **compiled)
    model.set_weights(weights)
    evaluated = model.evaluate(x, y, batch_size=4, return_dict=True, verbose=0)
    options = {spelling(key): value for key, value in case["fit"].items()}
    if "class_weight" in options:
        options["class_weight"] = {int(label): weight for label, weight in options["class_weight"].items()}
    if "sample_weight" in options:
        options["sample_weight"] = np.array(options["sample_weight"])
    history = model.fit(x, y, batch_size=4, epochs=3, shuffle=False, verbose=0, **options)
    result = {"epochs": history.epoch, "history": plain(history.history), "after": values(model.get_weights())}
    batch = model.train_on_batch(x[:4], y[:4], return_dict=True)
    return {**case, "x": array_of(x), "y": array_of(y), "weights": [array_of(each) for each in weights], "evaluated": plain(evaluated), **result, "batch": plain({key: float(value) for key, value in batch.items()})}


def metric(case):
    """The figure after each of two updates."""
    random = random_of(str(case))
    given = make("metrics", *case["metric"])
    batches = []
    for size in (4, 3):
        outputs = labels(random, case["outputs"], [size, 3])
        y = None if case["target"] is None else labels(random, case["target"], [size, 3])
        given.update_state(*([outputs] if y is None else [y, outputs]))
        batches.append({"y": None if y is None else array_of(y), "outputs": array_of(outputs), "result": plain(float(given.result()))})
    return {**case, "batches": batches}


def watched_model():
    """A model whose only weight is a number."""
    model = keras.Sequential([keras.Input([1]), keras.layers.Dense(1, use_bias=False)])
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse", metrics=["accuracy"])
    model.evaluate(np.zeros([1, 1]), np.zeros([1, 1]), verbose=0)
    return model


def callback(case):
    """What the callback did after each epoch, of which the weight is the number."""
    model = watched_model()
    name, args, options = split_call(case["callback"])
    if "factors" in options:
        factors = options.pop("factors")
        args = [lambda epoch, rate: rate * factors[epoch]]
    given = find("callbacks", name)(*args, **options)
    given.set_model(model)
    given.on_train_begin()
    epochs = []
    for epoch, value in enumerate(case["values"]):
        model.set_weights([np.full([1, 1], float(epoch))])
        given.on_epoch_begin(epoch)
        given.on_epoch_end(epoch, {spelling(case["figure"]): value})
        best = getattr(given, "best", None)
        epochs.append({"best": None if best is None else plain(float(best)), "rate": plain(float(model.optimizer.learning_rate)), "stops": model.stop_training})
        if model.stop_training:
            break
    given.on_train_end()
    stopped = {"stoppedEpoch": given.stopped_epoch, "bestEpoch": given.best_epoch} if name == "EarlyStopping" else {}
    return {**case, "epochs": epochs, "weight": plain(float(model.get_weights()[0][0, 0])), **stopped}


def checkpoint(case):
    """The files that are there after each epoch, without their ending."""
    ending = ".weights.h5"
    figure = spelling(case["figure"])
    frequency = case["options"].get("saveFreq", "epoch")
    # Within an epoch there are no figures of the validation.
    shown = "" if frequency != "epoch" else f"-{{{figure}:.2f}}"
    with tempfile.TemporaryDirectory() as folder:
        given = keras.callbacks.ModelCheckpoint(
            f"{folder}/{{epoch:02d}}{shown}{ending}", save_weights_only=True,
            **split_call(["", case["options"]])[2])
        given.set_model(watched_model())
        given.on_train_begin()
        kept = []
        for epoch, value in enumerate(case["values"]):
            given.on_epoch_begin(epoch)
            for batch in range(2):
                given.on_train_batch_end(batch, {"loss": value})
            given.on_epoch_end(epoch, {figure: value})
            kept.append(sorted(name.removesuffix(ending) for name in os.listdir(folder)))
    return {"name": "ModelCheckpoint", **case, "kept": kept}


def table(case):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "table.csv")
        given = keras.callbacks.CSVLogger(path, **case["options"])
        given.set_model(watched_model())
        given.on_train_begin()
        rows = [{"loss": 0.5, "val_loss": 0.25, "accuracy": 1.0}, {"loss": 0.125, "val_loss": 2.5, "accuracy": 0.75}, {"loss": 1e-05, "accuracy": 0.5}]
        for epoch, row in enumerate(rows):
            given.on_epoch_end(epoch, dict(row))
        given.on_train_end()
        with open(path, encoding="utf-8") as file:
            return {"name": "CSVLogger", **case, "rows": rows, "text": file.read()}


def statistics(tensor):
    """Mean, standard deviation, least and largest value."""
    flat = np.asarray(tensor.detach()).reshape(-1)
    return plain([float(each) for each in (flat.mean(), flat.std(), flat.min(), flat.max())])


def initialise(call):
    keras.utils.set_random_seed(1)
    return {"initializer": call, "statistics": statistics(make("initializers", *call)([150, 400]))}


def default_weights(case):
    keras.utils.set_random_seed(1)
    call, shape = case
    layer = make("layers", *call)
    layer.build([None, *shape])
    return {"layer": call, "shape": shape, "statistics": {weight.name: [int(np.prod(weight.shape)), *statistics(weight.value)] for weight in layer.weights}}


def given_input(random, description):
    if isinstance(description, list) and description and isinstance(description[0], list):
        return [given_input(random, each) for each in description]
    if isinstance(description, list):
        return torch.tensor(drawn(random, description), requires_grad=True)
    if "positive" in description:
        return torch.tensor(np.abs(drawn(random, description["positive"])) + 0.5, requires_grad=True)
    return torch.tensor(description["values"])


def tensors_in(value):
    return [each for part in value for each in tensors_in(part)] if isinstance(value, list) else [value]


def called(module, case):
    """A function of tensors: its output, and gradients of its values weighted by 1, 2, 3 …"""
    name, inputs, *rest = case
    random = random_of(str(case))
    given = [given_input(random, each) for each in inputs]
    _, args, options = split_call([name, *rest])
    output = find(module, name)(*given, *args, **options)
    result = {"name": name, "inputs": plain(given), "args": rest}
    if isinstance(output, tuple):
        return {**result, "value": list(output)}
    tensor = torch.as_tensor(output)
    result["output"] = {"shape": list(tensor.shape), "values": plain(tensor.double().reshape(-1))}
    if tensor.requires_grad:
        sources = [each for each in tensors_in(given) if each.requires_grad]
        (tensor.reshape(-1) * torch.arange(1, tensor.numel() + 1)).sum().backward()
        result["gradients"] = [plain(each.grad.reshape(-1)) for each in sources]
    return result


def penalty(call):
    weight = drawn(random_of(str(call)), [3, 2])
    return {"regularizer": call, "weight": array_of(weight), "penalty": plain(float(make("regularizers", *call)(torch.tensor(weight))))}


def categorical(args):
    made = keras.utils.to_categorical(np.array(args[0]), *args[1:])
    return {"args": args, "output": array_of(np.asarray(made))}


def defaults(path):
    """The defaults of a class's arguments that are numbers or words."""
    module, name = path.rsplit(".", 1)
    parameters = inspect.signature(find(module, name)).parameters.values()
    return {"name": path, "parameters": {each.name: each.default for each in parameters if isinstance(each.default, (bool, int, float, str))}}


if __name__ == "__main__":
    versions = {"keras": keras.__version__, "torch": torch.__version__.split("+")[0]}
    write("kerasFixtures.json", versions, {
        "training": map(train, cases.TRAINING),
        "fits": map(fit, cases.FITS),
        "metrics": map(metric, cases.METRICS),
        "callbacks": map(callback, cases.CALLBACKS),
        "defaults": map(defaults, cases.DEFAULTS),
        "checkpoints": map(checkpoint, cases.CHECKPOINTS),
        "tables": map(table, cases.TABLES),
        "initializers": map(initialise, cases.INITIALIZERS),
        "defaultWeights": map(default_weights, cases.DEFAULT_WEIGHTS),
        "ops": (called("ops", each) for each in cases.OPS),
        "activations": (called("activations", each) for each in cases.ACTIVATION_FUNCTIONS),
        "regularizers": map(penalty, cases.PENALTIES),
        "categorical": map(categorical, cases.CATEGORICAL),
    })
