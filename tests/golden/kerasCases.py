"""The cases of makeKerasFixtures.py. Names and options are Tandem's: camelCase, which becomes Keras' snake_case there."""


def case(name, layers, shape, y="normal", loss=("MeanSquaredError",), optimizer=("SGD", {"learningRate": 0.05}), **more):
    """Layers, losses and optimizers are lists of a class, its positional arguments and, at the end, its options."""
    return {"name": name, "layers": layers, "shape": shape, "target": y, "loss": loss, "optimizer": optimizer, **more}


def made(module, *call):
    """An object of Keras among the arguments of another one."""
    return {"made": [module, *call]}


ROWS, SEQUENCE, IMAGE = [3], [4, 2], [5, 5, 2]
DENSE = ["Dense", 4, {"activation": "tanh"}]
CONV = ["Conv2D", 2, 2]

LAYERS = [
    case("Dense", [DENSE, ["Dense", 2]], ROWS),
    case("Dense without bias", [["Dense", 4, {"useBias": False}]], ROWS),
    case("Dense of sequences", [["Dense", 3, {"activation": "tanh"}]], SEQUENCE),
    case("Conv1D", [["Conv1D", 3, 2]], [6, 2]),
    case("Conv1D, same, strides", [["Conv1D", 3, 3, {"strides": 2, "padding": "same", "activation": "tanh"}]], [6, 2]),
    case("Conv1D, causal, without bias", [["Conv1D", 3, 3, {"padding": "causal", "useBias": False}]], [6, 2]),
    case("Conv2D", [["Conv2D", 3, 3]], IMAGE),
    case("Conv2D, same, strides", [["Conv2D", 3, [3, 2], {"strides": 2, "padding": "same", "activation": "tanh"}]], IMAGE),
    case("Conv2D, two strides, without bias", [["Conv2D", 3, 2, {"strides": [2, 1], "useBias": False}]], IMAGE),
    case("MaxPooling2D", [CONV, ["MaxPooling2D", 2]], IMAGE),
    case("MaxPooling2D, same", [CONV, ["MaxPooling2D", [3, 2], {"strides": 1, "padding": "same"}]], IMAGE),
    case("AveragePooling2D", [CONV, ["AveragePooling2D", {"poolSize": 2, "strides": 1}]], IMAGE),
    case("AveragePooling2D, same", [["Conv2D", 2, [1, 2]], ["AveragePooling2D", 2, {"padding": "same"}]], IMAGE),
    case("GlobalAveragePooling1D", [["Dense", 3, {"activation": "tanh"}], ["GlobalAveragePooling1D"]], SEQUENCE),
    case("GlobalAveragePooling2D", [CONV, ["GlobalAveragePooling2D"]], IMAGE),
    case("GlobalAveragePooling2D, keepdims", [CONV, ["GlobalAveragePooling2D", {"keepdims": True}]], IMAGE),
    case("GlobalMaxPooling2D", [CONV, ["GlobalMaxPooling2D"]], IMAGE),
    case("LeakyReLU", [["Dense", 4], ["LeakyReLU"]], ROWS),
    case("LeakyReLU, negativeSlope", [["Dense", 4], ["LeakyReLU", 0.2]], ROWS),
    case("ReLU", [["Dense", 4], ["ReLU"]], ROWS),
    case("Softmax", [["Dense", 4], ["Softmax"]], ROWS),
    case("Activation", [["Dense", 4], ["Activation", "softmax"]], ROWS),
    case("Reshape", [["Reshape", [2, -1]], ["Dense", 3]], [6]),
    case("Flatten", [["Dense", 3], ["Flatten"], ["Dense", 2]], SEQUENCE),
    case("Dropout of nothing", [["Dropout", 0], ["Dense", 3]], ROWS),
    case("Dropout that is predicted with", [["Dense", 3], ["Dropout", 0.5]], ROWS, steps=0),
    case("BatchNormalization", [DENSE, ["BatchNormalization"]], ROWS),
    case("BatchNormalization, options", [DENSE, ["BatchNormalization", {"momentum": 0.7, "epsilon": 0.01}]], ROWS),
    case("BatchNormalization, neither gamma nor beta", [DENSE, ["BatchNormalization", {"center": False, "scale": False}]], ROWS),
    case("BatchNormalization of images", [["Conv2D", 2, 2, {"activation": "tanh"}], ["BatchNormalization"]], IMAGE),
    case("LayerNormalization", [["Dense", 4], ["LayerNormalization"]], ROWS),
    case("LayerNormalization, options", [["Dense", 4], ["LayerNormalization", {"epsilon": 0.01, "center": False}]], ROWS),
    case("LayerNormalization of sequences", [["Dense", 4], ["LayerNormalization", {"scale": False}]], SEQUENCE),
    case("Embedding", [["Embedding", 5, 2]], [3], integers=5),
    case("Embedding and Dense", [["Embedding", 5, 2], ["Flatten"], ["Dense", 2]], [3], integers=5),
    case("Rescaling", [["Rescaling", 0.5, {"offset": 0.25}], ["Dense", 3]], ROWS),
    *[case(f"{name}{what}", [[name, 3, options]], SEQUENCE) for name in ["SimpleRNN", "LSTM", "GRU"] for what, options in [
        ("", {}), (" of all steps", {"returnSequences": True}), (" backwards", {"returnSequences": True, "goBackwards": True}),
        (" without bias", {"useBias": False}), (", relu", {"activation": "relu"}),
        *([(", gates", {"recurrentActivation": "hardSigmoid"})] if name != "SimpleRNN" else [])]],
    case("GRU, reset before", [["GRU", 3, {"resetAfter": False}]], SEQUENCE),
    case("recurrent layers above one another", [["LSTM", 3, {"returnSequences": True}], ["GRU", 2]], SEQUENCE),
]

# `join` of a Dense(3) and of another one on the same input.
JOINS = [
    case(name, [], ROWS, join=join) for name, join in [
        ("Add", ["Add"]), ("Concatenate", ["Concatenate"]), ("Concatenate, axis", ["Concatenate", {"axis": 1}])]
]

ACTIVATIONS = [
    case(f"activation {name}", [["Dense", 3, {"activation": name}]], ROWS) for name in [
        "linear", "relu", "leakyRelu", "tanh", "sigmoid", "gelu", "softmax", "elu", "selu", "silu", "swish", "softplus",
        "softsign", "exponential", "relu6", "hardSigmoid", "logSoftmax"]
]

WEIGHTED = [0.5, 2.0, 0.0, 1.0]
LOSSES = [
    case(" ".join([f"loss {name} of {last}", *map(str, options.items()), *(["weighted"] if more else [])]),
         [["Dense", 3, {"activation": last}]], ROWS, y, (name, options), **more)
    for name, options, y, last, more in [
        ("MeanSquaredError", {}, "normal", "linear", {}),
        ("MeanSquaredError", {"reduction": "sum"}, "normal", "tanh", {}),
        ("MeanSquaredError", {}, "normal", "linear", {"sampleWeight": WEIGHTED}),
        ("MeanAbsoluteError", {}, "normal", "linear", {}),
        ("Huber", {}, "normal", "linear", {}),
        ("Huber", {"delta": 0.3}, "normal", "linear", {}),
        ("LogCosh", {}, "normal", "linear", {}),
        ("Hinge", {}, "binary", "linear", {}),
        ("Hinge", {}, "signs", "tanh", {}),
        ("KLDivergence", {}, "oneHot", "softmax", {}),
        ("KLDivergence", {}, "probabilities", "sigmoid", {}),
        ("BinaryCrossentropy", {}, "binary", "sigmoid", {}),
        ("BinaryCrossentropy", {"fromLogits": True}, "binary", "linear", {}),
        ("BinaryCrossentropy", {"labelSmoothing": 0.1}, "binary", "sigmoid", {}),
        ("BinaryCrossentropy", {}, "binary", "sigmoid", {"sampleWeight": WEIGHTED}),
        ("BinaryCrossentropy", {}, "binary", "hardSigmoid", {}),
        ("CategoricalCrossentropy", {}, "oneHot", "softmax", {}),
        ("CategoricalCrossentropy", {"fromLogits": True, "labelSmoothing": 0.2}, "oneHot", "linear", {}),
        ("CategoricalCrossentropy", {}, "oneHot", "sigmoid", {}),
        ("CategoricalCrossentropy", {}, "probabilities", "softmax", {"sampleWeight": WEIGHTED}),
        ("SparseCategoricalCrossentropy", {}, "classes", "softmax", {}),
        ("SparseCategoricalCrossentropy", {}, "classes", "sigmoid", {}),
        ("SparseCategoricalCrossentropy", {"fromLogits": True, "reduction": "sum"}, "classes", "linear", {}),
        ("SparseCategoricalCrossentropy", {}, "classes", "softmax", {"sampleWeight": WEIGHTED}),
    ]
]

REGULARIZERS = [
    case(f"regularizer {list(options.values())}", [["Dense", 3, options]], ROWS) for options in [
        {"kernelRegularizer": "l1"}, {"kernelRegularizer": "l2"}, {"kernelRegularizer": "l1l2"},
        {"kernelRegularizer": made("regularizers", "L1", 0.03), "biasRegularizer": made("regularizers", "L2", 0.1)},
        {"kernelRegularizer": made("regularizers", "L1L2", {"l1": 0.02, "l2": 0.05})},
        {"kernelRegularizer": made("regularizers", "L2"), "biasRegularizer": made("regularizers", "L1L2", 0.01, 0.02)}]
] + [case("regularizer of Conv2D", [["Conv2D", 2, 2, {"kernelRegularizer": made("regularizers", "L2", 0.1)}]], IMAGE)]

OPTIMIZERS = [
    case(f"optimizer {name} {options}", [["Dense", 3, {"activation": "tanh"}]], ROWS, optimizer=(name, options)) for name, options in [
        ("SGD", {}),
        ("SGD", {"learningRate": 0.1, "momentum": 0.9}),
        ("SGD", {"learningRate": 0.1, "momentum": 0.9, "nesterov": True, "weightDecay": 0.01}),
        ("SGD", {"learningRate": 0.5, "clipnorm": 0.2}),
        ("SGD", {"learningRate": 0.5, "clipvalue": 0.1}),
        ("SGD", {"learningRate": 0.5, "globalClipnorm": 0.3}),
        ("Adam", {}),
        ("Adam", {"learningRate": 0.02, "beta1": 0.8, "beta2": 0.9, "epsilon": 1e-3, "weightDecay": 0.1}),
        ("Adam", {"learningRate": 0.1, "clipnorm": 0.1}),
        ("AdamW", {"learningRate": 0.02}),
        ("AdamW", {"learningRate": 0.02, "weightDecay": 0.2, "beta1": 0.8}),
        ("RMSprop", {}),
        ("RMSprop", {"learningRate": 0.01, "rho": 0.8, "momentum": 0.5, "weightDecay": 0.02, "epsilon": 1e-4}),
        ("Adagrad", {}),
        ("Adagrad", {"learningRate": 0.1, "initialAccumulatorValue": 0.5, "epsilon": 1e-2}),
        ("Adagrad", {"learningRate": 0.1, "weightDecay": 0.05}),
    ]
]

SCHEDULES = [
    case(f"schedule {call[0]} {call[1:]}", [["Dense", 3]], ROWS, optimizer=("SGD", {"learningRate": made("optimizers.schedules", *call)}), schedule=call)
    for call in [
        ("ExponentialDecay", 0.2, 4, 0.5),
        ("ExponentialDecay", {"initialLearningRate": 0.2, "decaySteps": 4, "decayRate": 0.5, "staircase": True}),
        ("InverseTimeDecay", 0.2, 3, 0.5),
        ("InverseTimeDecay", {"initialLearningRate": 0.2, "decaySteps": 3, "decayRate": 0.5, "staircase": True}),
        ("PiecewiseConstantDecay", [2, 5], [0.2, 0.1, 0.05]),
        ("PolynomialDecay", 0.2, 6),
        ("PolynomialDecay", {"initialLearningRate": 0.2, "decaySteps": 4, "endLearningRate": 0.02, "power": 2, "cycle": True}),
        ("CosineDecay", {"initialLearningRate": 0.2, "decaySteps": 6, "alpha": 0.1}),
        ("CosineDecay", {"initialLearningRate": 0.05, "decaySteps": 5, "warmupTarget": 0.2, "warmupSteps": 3}),
        ("CosineDecayRestarts", 0.2, 3),
        ("CosineDecayRestarts", {"initialLearningRate": 0.2, "firstDecaySteps": 3, "tMul": 2, "mMul": 0.5, "alpha": 0.1}),
    ]
]

TRAINING = [*LAYERS, *JOINS, *ACTIVATIONS, *LOSSES, *REGULARIZERS, *OPTIMIZERS, *SCHEDULES]

# Of fit, evaluate and trainOnBatch: a net of one hidden layer on ten rows in batches of four, the last of which is partial.
FITS = [
    {"name": name, "target": y, "last": last, "compile": compiled, "fit": fitted} for name, y, last, compiled, fitted in [
        ("plain", "normal", "linear", {"loss": "mse", "metrics": ["mae", "mse"]}, {}),
        ("names of losses", "normal", "linear", {"loss": "meanSquaredError", "metrics": ["meanAbsoluteError", "rootMeanSquaredError"]}, {}),
        ("validation data", "normal", "linear", {"loss": "huber"}, {"validationSplit": 0.3, "validationBatchSize": 2}),
        ("validation now and then", "normal", "linear", {"loss": "logCosh", "metrics": ["mae"]}, {"validationSplit": 0.2, "validationFreq": 2}),
        ("some steps of an epoch", "normal", "linear", {"loss": "mae"}, {"stepsPerEpoch": 2}),
        ("later epochs", "normal", "linear", {"loss": "mse"}, {"initialEpoch": 1}),
        ("accuracy of a sigmoid", "binary", "sigmoid", {"loss": "binaryCrossentropy", "metrics": ["accuracy", "binaryAccuracy", "precision", "recall"]}, {}),
        ("accuracy of one-hot labels", "oneHot", "softmax", {"loss": "categoricalCrossentropy", "metrics": ["accuracy", "categoricalCrossentropy"]}, {}),
        ("accuracy of classes", "classes", "softmax", {"loss": "sparseCategoricalCrossentropy", "metrics": ["acc", "sparseCategoricalCrossentropy"]}, {}),
        ("weights of classes", "classes", "softmax", {"loss": "sparseCategoricalCrossentropy", "metrics": ["accuracy"]}, {"classWeight": {"0": 1, "1": 5, "2": 0.5}}),
        ("weights of examples", "normal", "linear", {"loss": "mse", "metrics": ["mae"]}, {"sampleWeight": [1, 2, 0, 0.5, 1, 1, 3, 1, 0.1, 1], "validationSplit": 0.2}),
        ("a hinge", "signs", "tanh", {"loss": "hinge"}, {}),
        ("a divergence", "oneHot", "softmax", {"loss": "klDivergence", "metrics": ["categoricalAccuracy"]}, {}),
        ("default optimizer", "normal", "linear", {"loss": "mse", "optimizer": None}, {}),
        *[(f"optimizer {optimizer}", "normal", "linear", {"loss": "mse", "optimizer": optimizer}, {}) for optimizer in ["sgd", "adam", "adamW", "rmsprop", "adagrad"]],
    ]
]

METRICS = [
    {"metric": call, "target": y, "outputs": outputs} for call, y, outputs in [
        (["BinaryAccuracy"], "binary", "probabilities"), (["BinaryAccuracy", {"threshold": 0.3}], "binary", "probabilities"),
        (["CategoricalAccuracy"], "oneHot", "probabilities"), (["SparseCategoricalAccuracy"], "classes", "probabilities"),
        (["MeanAbsoluteError"], "normal", "normal"), (["MeanSquaredError"], "normal", "normal"), (["RootMeanSquaredError"], "normal", "normal"),
        (["BinaryCrossentropy"], "binary", "probabilities"), (["BinaryCrossentropy", {"fromLogits": True, "labelSmoothing": 0.1}], "binary", "normal"),
        (["CategoricalCrossentropy"], "oneHot", "probabilities"), (["CategoricalCrossentropy", {"fromLogits": True}], "oneHot", "normal"),
        (["SparseCategoricalCrossentropy"], "classes", "probabilities"), (["SparseCategoricalCrossentropy", {"fromLogits": True}], "classes", "normal"),
        (["Precision"], "binary", "probabilities"), (["Precision", {"thresholds": 0.2}], "binary", "probabilities"),
        (["Recall"], "binary", "probabilities"), (["Recall", {"thresholds": 0.7}], "binary", "probabilities"),
        (["Mean"], None, "normal"),
    ]
]

# What a callback does with a figure of each epoch: `logs` by name; `metrics` are those that the model was compiled with.
FALLING = [1.0, 0.8, 0.85, 0.79, 0.792, 0.791, 0.7905, 0.9, 0.6, 0.61, 0.62, 0.63, 0.64, 0.65]
CALLBACKS = [
    {"callback": call, "figure": figure, "values": values} for call, figure, values in [
        (["EarlyStopping"], "valLoss", FALLING),
        (["EarlyStopping", {"patience": 2}], "valLoss", FALLING),
        (["EarlyStopping", {"monitor": "loss", "patience": 3, "restoreBestWeights": True}], "loss", FALLING),
        (["EarlyStopping", {"patience": 3, "minDelta": 0.05, "restoreBestWeights": True}], "valLoss", FALLING),
        (["EarlyStopping", {"patience": 4, "baseline": 0.7}], "valLoss", FALLING),
        (["EarlyStopping", {"patience": 1, "startFromEpoch": 4, "restoreBestWeights": True}], "valLoss", FALLING),
        (["EarlyStopping", {"monitor": "valAccuracy", "patience": 2, "restoreBestWeights": True}], "valAccuracy", FALLING),
        (["EarlyStopping", {"monitor": "valLoss", "mode": "max", "patience": 1}], "valLoss", FALLING),
        (["EarlyStopping", {"patience": 20, "restoreBestWeights": True}], "valLoss", FALLING),
        (["ReduceLROnPlateau", {"patience": 1}], "valLoss", FALLING),
        (["ReduceLROnPlateau", {"patience": 2, "factor": 0.5}], "valLoss", FALLING),
        (["ReduceLROnPlateau", {"patience": 1, "factor": 0.5, "cooldown": 2, "minLr": 0.02}], "valLoss", FALLING),
        (["ReduceLROnPlateau", {"patience": 1, "minDelta": 0.05}], "valLoss", FALLING),
        (["ReduceLROnPlateau", {"monitor": "valAccuracy", "patience": 2, "factor": 0.7}], "valAccuracy", FALLING),
        (["ReduceLROnPlateau", {"monitor": "valAccuracy", "mode": "min", "patience": 0, "factor": 0.7}], "valAccuracy", FALLING),
        # A function of the epoch and the learning rate before: its product with the epoch's factor.
        (["LearningRateScheduler", {"factors": [1, 0.5, 1, 0.8, 0.1]}], "loss", FALLING[:5]),
    ]
]

# Names of what is kept after each epoch of two batches; figures are in braces.
CHECKPOINTS = [
    {"options": options, "figure": figure, "values": FALLING} for options, figure in [
        ({}, "valLoss"), ({"saveBestOnly": True}, "valLoss"), ({"saveBestOnly": True, "monitor": "valAccuracy"}, "valAccuracy"),
        ({"saveBestOnly": True, "mode": "max"}, "valLoss"), ({"saveBestOnly": True, "initialValueThreshold": 0.7}, "valLoss"), ({"saveFreq": 3}, "valLoss"),
    ]
]

# The table of three epochs.
TABLES = [{"options": options} for options in [{}, {"separator": ";"}]]

INITIALIZERS = [
    ["Zeros"], ["Ones"], ["Constant", {"value": 0.3}], ["RandomNormal"], ["RandomNormal", {"mean": 1, "stddev": 0.5}],
    ["TruncatedNormal"], ["TruncatedNormal", {"mean": -1, "stddev": 2}], ["RandomUniform"], ["RandomUniform", {"minval": -1, "maxval": 3}],
    ["GlorotNormal"], ["GlorotUniform"], ["HeNormal"], ["HeUniform"], ["LecunNormal"], ["LecunUniform"], ["Orthogonal"], ["Orthogonal", {"gain": 2}],
    ["VarianceScaling"], ["VarianceScaling", {"scale": 2, "mode": "fanOut", "distribution": "uniform"}],
    ["VarianceScaling", {"mode": "fanAvg", "distribution": "untruncatedNormal"}],
]

# What layers start with: the layer, and the shape of an example.
DEFAULT_WEIGHTS = [
    [["Dense", 300], [200]], [["Conv1D", 50, 5], [9, 40]], [["Conv2D", 50, 5], [9, 9, 40]], [["Embedding", 300, 100], [4]],
    [["BatchNormalization"], [3]], [["LayerNormalization"], [3]], [["SimpleRNN", 100], [4, 60]], [["LSTM", 100], [4, 60]],
    [["LSTM", 100, {"unitForgetBias": False}], [4, 60]], [["GRU", 100], [4, 60]],
]

# keras.ops and keras.activations: name, shapes or values of the inputs, further arguments.
A, B, POSITIVE = [2, 3], [2, 3], {"positive": [2, 3]}
OPS = [
    *[[name, [A, B]] for name in ["add", "subtract", "multiply", "maximum", "minimum", "equal", "greater", "less"]],
    ["add", [A, [3]]], ["divide", [A, POSITIVE]], ["power", [POSITIVE, B]], ["matmul", [A, [3, 2]]], ["matmul", [[2, 2, 3], [2, 3, 2]]],
    *[[name, [A]] for name in ["abs", "exp", "negative", "square", "sin", "cos", "tanh", "sigmoid", "relu", "sum", "mean", "max", "min", "softmax", "argmax"]],
    *[[name, [POSITIVE]] for name in ["log", "sqrt"]],
    *[[name, [A], {"axis": 0}] for name in ["sum", "mean", "max", "min", "softmax", "argmax"]],
    *[[name, [A], {"axis": -1, "keepdims": True}] for name in ["sum", "mean", "max", "min"]],
    ["sum", [[2, 3, 2]], {"axis": [0, 2]}], ["clip", [A], -0.3, 0.5], ["where", [{"values": [[True, False, True], [False, True, False]]}, A, B]],
    ["reshape", [A], [3, 2]], ["transpose", [A]], ["transpose", [[2, 3, 4]], [2, 0, 1]], ["expandDims", [A], 1],
    ["concatenate", [[A, B]]], ["concatenate", [[A, [2, 1]]], {"axis": 1}], ["stack", [[A, B]]], ["stack", [[A, B]], {"axis": -1}],
    ["oneHot", [{"values": [2, 0, 1]}], 4], ["cast", [A], "int32"], ["cast", [A], "bool"], ["zeros", [], [2, 3]], ["ones", [], [2, 2]],
    ["convertToTensor", [{"values": [[1.5, 2], [3, 4]]}]], ["convertToNumpy", [A]], ["shape", [A]], ["item", [{"values": 1.5}]],
]
ACTIVATION_FUNCTIONS = [[each["layers"][0][2]["activation"], [[3, 4]]] for each in ACTIVATIONS]
PENALTIES = [["L1", 0.3], ["L2", 0.2], ["L1L2", {"l1": 0.1, "l2": 0.4}], ["l1"], ["l2", 0.5], ["l1l2", {"l1": 0.2}]]
CATEGORICAL = [[[2, 0, 1], 3], [[1, 0], 4], [[2, 0, 1]]]
# Of which the constants of generated programs are the defaults.
DEFAULTS = [f"optimizers.{name}" for name in ["SGD", "Adam", "AdamW", "RMSprop", "Adagrad"]] + ["layers.BatchNormalization", "layers.LayerNormalization"]
