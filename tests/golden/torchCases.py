"""The cases of makeTorchFixtures.py. Names and options are Tandem's: camelCase, which becomes PyTorch's snake_case there."""


def case(name, modules, x, y="normal", loss=("MSELoss", {}), optimizer=("SGD", {"lr": 0.1}), **more):
    return {"name": name, "modules": modules, "x": x, "y": y, "loss": loss, "optimizer": optimizer, **more}


ROWS = [5, 3]
IMAGE = [2, 2, 4, 5]
SEQUENCE = [3, 4, 2]  # batch, time, features; or time, batch, features
CONV = ["Conv2d", [2, 2, 2], {}]


def layer(name, module, x, **more):
    return case(name, [module], x, **more)


LAYERS = [
    layer("Linear", ["Linear", [3, 2], {}], ROWS),
    layer("Linear, bias false", ["Linear", [3, 2], {"bias": False}], ROWS),
    layer("Linear of sequences", ["Linear", [2, 3], {}], SEQUENCE),
    layer("Conv2d", ["Conv2d", [2, 2, 3], {}], IMAGE),
    layer("Conv2d, bias false, kernel of two sizes", ["Conv2d", [2, 2, [2, 3]], {"bias": False}], IMAGE),
    layer("Conv2d, stride and padding", ["Conv2d", [2, 2, 3], {"stride": 2, "padding": 1}], IMAGE),
    layer("Conv2d, two strides and paddings", ["Conv2d", [2, 2, 3], {"stride": [1, 2], "padding": [2, 1]}], IMAGE),
    layer("Conv2d, same", ["Conv2d", [2, 2, [3, 2]], {"padding": "same"}], IMAGE),
    layer("Conv2d, rows that no window covers", ["Conv2d", [2, 2, 2], {"stride": 3}], IMAGE),
    case("MaxPool2d", [CONV, ["MaxPool2d", [2], {}]], IMAGE),
    case("MaxPool2d, stride and padding", [CONV, ["MaxPool2d", [3], {"stride": 2, "padding": 1}]], IMAGE),
    case("MaxPool2d, two sizes", [CONV, ["MaxPool2d", [[2, 3]], {"stride": [1, 2], "padding": [0, 1]}]], IMAGE),
    case("AvgPool2d", [CONV, ["AvgPool2d", [2], {}]], IMAGE),
    case("AvgPool2d, padding", [CONV, ["AvgPool2d", [3], {"stride": 2, "padding": 1}]], IMAGE),
    case("AvgPool2d, padding of two sizes that does not count",
         [CONV, ["AvgPool2d", [[2, 3]], {"stride": 1, "padding": [1, 1], "countIncludePad": False}]], IMAGE),
    layer("Conv1d", ["Conv1d", [4, 3, 2], {}], [3, 4, 5]),
    layer("Conv1d, stride, padding and bias false", ["Conv1d", [4, 3, 3], {"stride": 2, "padding": 1, "bias": False}], [3, 4, 5]),
    layer("Conv1d, same", ["Conv1d", [4, 3, 3], {"padding": "same"}], [3, 4, 5]),
    case("MaxPool1d", [["Conv1d", [4, 3, 2], {}], ["MaxPool1d", [3], {"stride": 1, "padding": 1}]], [3, 4, 5]),
    case("AvgPool1d", [["Conv1d", [4, 3, 2], {}], ["AvgPool1d", [2], {}]], [3, 4, 5]),
    case("AvgPool1d, padding that does not count",
         [["Conv1d", [4, 3, 2], {}], ["AvgPool1d", [3], {"stride": 1, "padding": 1, "countIncludePad": False}]], [3, 4, 5]),
    case("AdaptiveAvgPool2d to one value", [CONV, ["AdaptiveAvgPool2d", [1], {}], ["Flatten", [], {}]], IMAGE),
    case("AdaptiveAvgPool2d to equal windows", [["Conv2d", [2, 2, [2, 1]], {}], ["AdaptiveAvgPool2d", [[2, 3]], {}]], IMAGE),
    case("AdaptiveAvgPool2d to overlapping windows", [CONV, ["AdaptiveAvgPool2d", [3], {}]], IMAGE),
    case("AdaptiveAvgPool2d that keeps the width", [CONV, ["AdaptiveAvgPool2d", [[3, None]], {}]], IMAGE),
    case("BatchNorm1d", [["Linear", [3, 4], {}], ["Tanh", [], {}], ["BatchNorm1d", [4], {}]], ROWS),
    # At a rate of 0.1 PyTorch's own float32 is 1.1e-5 off after ten steps, at 0.05 it is 7e-7.
    case("BatchNorm1d, options", [["Linear", [3, 4], {}], ["Tanh", [], {}], ["BatchNorm1d", [4], {"eps": 0.01, "momentum": 0.3}]], ROWS,
         optimizer=("SGD", {"lr": 0.05})),
    case("BatchNorm1d, momentum null", [["Linear", [3, 4], {}], ["Tanh", [], {}], ["BatchNorm1d", [4], {"momentum": None}]], ROWS),
    case("BatchNorm1d, affine false", [["Linear", [3, 4], {}], ["Tanh", [], {}], ["BatchNorm1d", [4], {"affine": False}]], ROWS),
    case("BatchNorm1d without running averages",
         [["Linear", [3, 4], {}], ["Tanh", [], {}], ["BatchNorm1d", [4], {"trackRunningStats": False}]], ROWS),
    layer("BatchNorm1d of sequences", ["BatchNorm1d", [4], {}], SEQUENCE),
    case("BatchNorm2d", [["Conv2d", [2, 2, 2], {"bias": False}], ["BatchNorm2d", [2], {}]], IMAGE),
    case("LayerNorm", [["Linear", [3, 4], {}], ["LayerNorm", [4], {}]], ROWS),
    case("LayerNorm over two axes", [["Linear", [2, 3], {}], ["LayerNorm", [[4, 3]], {"eps": 0.01}]], SEQUENCE),
    case("LayerNorm, elementwiseAffine false",
         [["Linear", [3, 4], {}], ["LayerNorm", [4], {"elementwiseAffine": False}]], ROWS),
    case("Dropout of nothing", [["Linear", [3, 2], {}], ["Dropout", [0.0], {}]], ROWS),
    case("Embedding", [["Embedding", [5, 2], {}]], [3, 4], integers=5),
    case("Embedding, paddingIdx", [["Embedding", [5, 2], {"paddingIdx": 1}]], [3, 4], integers=5),
    *[case(name, [["Linear", [3, 4], {}], [name, args, options]], ROWS) for name, args, options in [
        ("ReLU", [], {}), ("LeakyReLU", [], {"negativeSlope": 0.2}), ("ELU", [0.7], {}), ("SiLU", [], {}),
        ("Softplus", [], {}), ("Tanh", [], {}), ("Sigmoid", [], {}), ("GELU", [], {}), ("Softmax", [1], {}),
        ("LogSoftmax", [], {"dim": 1}), ("Identity", [], {}), ("ReLU6", [], {}), ("SELU", [], {}), ("Softsign", [], {}),
        ("LogSigmoid", [], {}), ("Mish", [], {}), ("Hardsigmoid", [], {}), ("Hardswish", [], {}), ("Hardtanh", [], {"minVal": -0.3, "maxVal": 0.4}),
        ("PReLU", [], {}), ("PReLU", [4], {"init": 0.1}), ("Unflatten", [1, [2, 2]], {})]],
    case("PReLU of channels", [CONV, ["PReLU", [2], {}]], IMAGE),
    case("Softmax of channels", [CONV, ["Softmax", [1], {}]], IMAGE),
    case("Flatten", [CONV, ["Flatten", [], {}], ["Linear", [24, 2], {}]], IMAGE),
    case("Flatten of some axes", [CONV, ["Flatten", [1, 2], {}]], IMAGE),
]

RECURRENT = [
    case(f"{name}, {what}" if what else name, [[name, [2, hidden], options], ["Output", [], {}], ["Linear", [width, 1], {}]], SEQUENCE)
    for name in ["RNN", "LSTM", "GRU"]
    for what, hidden, width, options in [
        ("", 3, 3, {}),
        ("batchFirst", 3, 3, {"batchFirst": True}),
        ("bias false", 3, 3, {"bias": False}),
        ("two layers in both directions", 2, 4, {"numLayers": 2, "bidirectional": True}),
        *([("relu", 3, 3, {"nonlinearity": "relu"})] if name == "RNN" else []),
    ]
] + [
    case(f"{name}, last state", [[name, [2, 2], {"numLayers": 2, "batchFirst": True}], ["LastState", [], {}]], SEQUENCE)
    for name in ["RNN", "LSTM", "GRU"]
]

# A loop over time that a program writes itself.
CELLS = [
    case(", ".join([name, *[f"{key} {str(value).lower()}" for key, value in options.items()]]),
         [["OverTime", [name, 2, 3], options], ["Linear", [3, 1], {}]], SEQUENCE)
    for name in ["RNNCell", "LSTMCell", "GRUCell"]
    for options in [{}, {"bias": False}, *([{"nonlinearity": "relu"}] if name == "RNNCell" else [])]
]

NET = [["Linear", [3, 3], {}]]
LOGITS = [["Linear", [3, 3], {}], ["LogSoftmax", [1], {}]]
PROBABILITIES = [["Linear", [3, 3], {}], ["Sigmoid", [], {}]]
WEIGHT = [0.5, 2.0, 1.5]


def loss_cases(cls, y, modules=NET, options=({},), **more):
    return [
        case(", ".join([cls, *[f"{key} {value}" for key, value in each.items()], *more]), modules, ROWS, y, (cls, each), **more)
        for each in options
    ]


LOSSES = [
    *loss_cases("MSELoss", "normal", options=({}, {"reduction": "sum"})),
    *loss_cases("L1Loss", "normal", options=({}, {"reduction": "sum"})),
    *loss_cases("SmoothL1Loss", "normal", options=({}, {"beta": 0.4}, {"beta": 0}, {"reduction": "sum"})),
    *loss_cases("HuberLoss", "normal", options=({}, {"delta": 0.4}, {"reduction": "sum", "delta": 1.5})),
    *loss_cases("BCEWithLogitsLoss", "binary", options=({}, {"reduction": "sum"}, {"weight": WEIGHT}, {"posWeight": WEIGHT})),
    *loss_cases("BCELoss", "binary", PROBABILITIES, ({}, {"reduction": "sum"}, {"weight": WEIGHT})),
    *loss_cases("KLDivLoss", "probabilities", LOGITS, ({}, {"reduction": "sum"}, {"reduction": "batchmean"})),
    *loss_cases("KLDivLoss", "normal", LOGITS, ({"logTarget": True},)),
    *loss_cases("NLLLoss", "classes", LOGITS, ({}, {"reduction": "sum"}, {"weight": WEIGHT}, {"ignoreIndex": 1})),
    *loss_cases("CrossEntropyLoss", "classes", options=(
        {}, {"reduction": "sum"}, {"weight": WEIGHT}, {"ignoreIndex": 1}, {"labelSmoothing": 0.2},
        {"weight": WEIGHT, "labelSmoothing": 0.2, "ignoreIndex": 2},
        {"weight": WEIGHT, "labelSmoothing": 0.2, "reduction": "sum"})),
    *loss_cases("CrossEntropyLoss", "probabilities", options=(
        {}, {"reduction": "sum"}, {"weight": WEIGHT, "labelSmoothing": 0.2}), of="probabilities"),
    case("CrossEntropyLoss of images", [["Conv2d", [2, 3, 2], {}]], [2, 2, 3, 3], "classes", ("CrossEntropyLoss", {})),
    case("NLLLoss of sequences", [["LogSoftmax", [1], {}], ["BatchNorm1d", [4], {}]], SEQUENCE, "classes", ("NLLLoss", {"weight": [*WEIGHT, 1.0]})),
]


def optimizer_case(cls, options, **more):
    name = ", ".join([cls, *[f"{key} {value}" for key, value in options.items() if key != "lr"]])
    return case(more.pop("name", name), NET, ROWS, optimizer=(cls, options), **more)


OPTIMIZERS = [
    *[optimizer_case("SGD", {"lr": 0.1, **options}) for options in [
        {}, {"momentum": 0.9}, {"momentum": 0.9, "dampening": 0.5}, {"momentum": 0.9, "nesterov": True},
        {"weightDecay": 0.1}, {"momentum": 0.9, "nesterov": True, "weightDecay": 0.1}, {"maximize": True, "weightDecay": 0.1}]],
    *[optimizer_case(cls, {"lr": 0.05, **options}) for cls in ["Adam", "AdamW"] for options in [
        {}, {"betas": [0.8, 0.9], "eps": 0.001}, {"weightDecay": 0.1}, {"amsgrad": True, "betas": [0.5, 0.6]}, {"maximize": True}]],
    *[optimizer_case("RMSprop", {"lr": 0.02, **options}) for options in [
        {}, {"alpha": 0.9, "eps": 0.001}, {"momentum": 0.9}, {"centered": True}, {"centered": True, "momentum": 0.5},
        {"weightDecay": 0.1}]],
    *[optimizer_case("Adagrad", {"lr": 0.1, **options}) for options in [
        {}, {"lrDecay": 0.2}, {"weightDecay": 0.1}, {"initialAccumulatorValue": 0.3, "eps": 0.01}]],
    *[case(f"defaults of {cls}", NET, ROWS, optimizer=(cls, {})) for cls in ["Adam", "AdamW", "RMSprop", "Adagrad"]],
    optimizer_case("SGD", {"lr": 0.1, "momentum": 0.9}, name="SGD, groups", groups=[{}, {"lr": 0.02, "momentum": 0.5, "nesterov": True}]),
    optimizer_case("Adam", {"lr": 0.1}, name="Adam, groups", groups=[{"weightDecay": 0.1}, {"lr": 0.02, "betas": [0.5, 0.9]}]),
    optimizer_case("SGD", {"lr": 0.5}, name="SGD, gradients clipped by their norm", clipGradNorm=[0.4, {}]),
    optimizer_case("SGD", {"lr": 0.5}, name="SGD, gradients clipped by their largest value", clipGradNorm=[0.1, {"normType": float("inf")}]),
    optimizer_case("SGD", {"lr": 0.5}, name="SGD, gradients clipped by their absolute sum", clipGradNorm=[1.0, {"normType": 1}]),
    optimizer_case("SGD", {"lr": 0.01}, name="SGD, gradients short of the norm", clipGradNorm=[100.0, {}]),
    optimizer_case("SGD", {"lr": 0.5}, name="SGD, gradients clipped by value", clipGradValue=[0.15]),
]

GROUPS = [{}, {"lr": 0.02}]
# What a function of the program returns, by epoch.
FACTORS = [1, 0.9, 0.5, 0.7, 1.2, 0.3, 0.2, 0.8, 0.6, 0.4, 0.1]


def schedule(cls, args, options=None):
    name = ", ".join([cls, *map(str, args), *[f"{key} {value}" for key, value in (options or {}).items()]])
    return case(name, NET, ROWS, optimizer=("SGD", {"lr": 0.2}), groups=GROUPS, scheduler=(cls, args, options or {}))


SCHEDULERS = [
    schedule("StepLR", [3]),
    schedule("StepLR", [2], {"gamma": 0.5}),
    schedule("MultiStepLR", [[2, 5, 6]], {"gamma": 0.3}),
    schedule("ExponentialLR", [0.8]),
    schedule("CosineAnnealingLR", [10]),
    schedule("CosineAnnealingLR", [4], {"etaMin": 0.01}),
    schedule("LinearLR", [], {"totalIters": 4}),
    schedule("LinearLR", [], {"startFactor": 0.1, "endFactor": 0.7, "totalIters": 6}),
    schedule("ConstantLR", [0.5], {"totalIters": 3}),
    schedule("ConstantLR", []),
    schedule("LambdaLR", [{"factors": FACTORS}]),
    schedule("MultiplicativeLR", [{"factors": FACTORS}]),
    schedule("PolynomialLR", [], {"totalIters": 6, "power": 2}),
    schedule("CosineAnnealingWarmRestarts", [3]),
    schedule("CosineAnnealingWarmRestarts", [2], {"tMult": 2, "etaMin": 0.01}),
    schedule("StepLR", [], {"stepSize": 4, "gamma": 0.5}),
    schedule("ReduceLROnPlateau", [], {"patience": 1, "factor": 0.5, "threshold": 0.05}),
    schedule("ReduceLROnPlateau", [], {"mode": "max", "patience": 0, "cooldown": 2, "minLr": 0.003, "factor": 0.3}),
    schedule("ReduceLROnPlateau", [], {"patience": 0, "thresholdMode": "abs", "threshold": 0.3, "minLr": [0.1, 0.001]}),
]

# Functions and methods: name, shapes or values of the inputs, further arguments.
A, B, V = [2, 3], [2, 3], [3]
POSITIVE = {"positive": [2, 3]}
FUNCTIONS = [
    *[[name, [A], []] for name in ["neg", "exp", "abs", "sin", "cos", "square", "relu", "sigmoid", "tanh", "t", "numel", "dim",
                                   "sum", "mean", "max", "min", "argmax", "argmin", "std", "var", "norm", "size", "flatten"]],
    *[[name, [POSITIVE], []] for name in ["log", "sqrt", "rsqrt", "reciprocal"]],
    *[[name, [A, B], []] for name in ["add", "sub", "mul", "maximum", "minimum", "gt", "ge", "lt", "le", "eq", "ne"]],
    ["div", [A, POSITIVE], []], ["pow", [POSITIVE, B], []], ["pow", [A], [3]], ["add", [A, V], []], ["mul", [A, [2, 1]], []],
    ["matmul", [A, [3, 4]], []], ["matmul", [A, V], []], ["matmul", [V, [3, 2]], []], ["matmul", [V, V], []],
    ["matmul", [[2, 2, 3], [3, 2]], []], ["matmul", [[2, 2, 3], [2, 3, 2]], []], ["mm", [A, [3, 2]], []], ["bmm", [[2, 2, 3], [2, 3, 2]], []],
    *[[name, [A], [dim]] for name in ["sum", "mean", "max", "min", "argmax", "argmin", "std", "var", "softmax", "logSoftmax", "logsumexp", "cumsum"]
      for dim in [0, -1]],
    *[[name, [A], [1], {"keepdim": True}] for name in ["sum", "mean", "max", "min", "argmax", "std", "var"]],
    ["sum", [[2, 3, 2]], [[0, 2]]], ["mean", [[2, 3, 2]], [[0, 2]], {"keepdim": True}],
    ["std", [A], [1], {"unbiased": False}], ["var", [A], [1], {"unbiased": False}],
    ["norm", [A], [1]], ["norm", [A], [], {"dim": 1}], ["norm", [A], [2], {"dim": 1, "keepdim": True}],
    ["clamp", [A], [], {"min": -0.3, "max": 0.5}], ["clamp", [A], [], {"min": 0.1}], ["clamp", [A], [-0.3, 0.5]],
    ["view", [A], [3, 2]], ["view", [A], [-1]], ["reshape", [A], [[3, -1]]], ["permute", [[2, 3, 4]], [2, 0, 1]], ["transpose", [[2, 3, 4]], [0, 2]],
    ["size", [A], [-1]], ["flatten", [[2, 3, 2]], [1]], ["flatten", [[2, 3, 2]], [0, 1]], ["squeeze", [[1, 3, 1]], []], ["squeeze", [[1, 3, 1]], [0]],
    ["unsqueeze", [A], [1]], ["expand", [[2, 1]], [2, 3]], ["expand", [[2, 1]], [4, -1, 3]], ["repeat", [A], [2, 1, 2]],
    ["select", [A], [1, 2]], ["narrow", [A], [1, 1, 2]], ["unbind", [A], []], ["unbind", [A], [1]], ["chunk", [[5, 2]], [2]], ["split", [[5, 2]], [2]],
    ["split", [[5, 2]], [[1, 4], 0]], ["indexSelect", [A, {"indices": [2, 0, 2]}], [], {"order": [0, 1, 1]}], ["flip", [A], [[1]]],
    ["gather", [A, {"indices": [[2, 0], [1, 1]]}], [1]], ["gather", [A, {"indices": [[1, 0, 1]]}], [0]],
    *[[name, [A], []] for name in ["floor", "ceil", "round", "trunc", "sign", "expm1", "tan", "erf", "tril", "triu", "prod", "isnan", "isfinite", "sort", "argsort"]],
    *[[name, [POSITIVE], []] for name in ["log1p", "log2", "log10"]],
    ["remainder", [A], [0.4]], ["remainder", [A, POSITIVE], []], ["floorDivide", [{"indices": [5, 7, 6]}], [3]], ["div", [A, POSITIVE], [], {"roundingMode": "trunc"}],
    ["prod", [A], [1]], ["prod", [A], [0], {"keepdim": True}], ["tril", [[2, 3, 3]], [1]], ["triu", [[3, 3]], [1]], ["roll", [A], [1, 1]], ["roll", [A], [-2]],
    ["outer", [V, [2]], []], ["dot", [V, V], []], ["mv", [A, V], []], ["topk", [[2, 5]], [2]], ["topk", [[5, 2]], [2], {"dim": 0, "largest": False}],
    ["sort", [A], [0]], ["sort", [A], [], {"dim": 1, "descending": True}], ["argsort", [A], [1]], ["unflatten", [[2, 6]], [1, [2, 3]]], ["viewAs", [A, [3, 2]], []],
    ["expandAs", [V, A], []], ["isclose", [A, A], []], ["logicalXor", [{"indices": [0, 1, 1]}, {"indices": [1, 1, 0]}], []],
    ["logicalAnd", [{"indices": [0, 1, 1]}, {"indices": [1, 1, 0]}], []], ["logicalOr", [{"indices": [0, 1, 0]}, {"indices": [1, 1, 0]}], []],
]

# The same of the module: torch.where(condition, a, b). What is made of nothing has no inputs.
TRUTHS = {"truths": [[True, False, True], [False, True, True]]}
MODULE_FUNCTIONS = [
    ["where", [TRUTHS, A, B], []], ["maskedFill", [A, TRUTHS], [0.5]], ["addmm", [[2, 2], A, [3, 2]], []], ["clip", [A], [-0.3, 0.5]], ["clone", [A], []], ["isinf", [A], []], ["logicalNot", [TRUTHS], []],
    ["allclose", [A, B], []], ["allclose", [{"indices": [1, 2]}, {"indices": [1, 2]}], []], ["equal", [A, B], []], ["equal", [{"indices": [1]}, {"indices": [1]}], []],
    *[[name, [TRUTHS], args] for name in ["all", "any"] for args in ([], [0], [1])],
    ["arange", [], [4]], ["arange", [], [1, 8, 3]], ["arange", [], [0, 1, 0.3]], ["linspace", [], [-1, 2, 5]], ["eye", [], [3]], ["eye", [], [2, 3]],
    ["full", [], [[2, 2], 0.5]], ["fullLike", [A], [3]], *[[name, [], [2, 3]] for name in ["zeros", "ones"]], *[[name, [A], []] for name in ["zerosLike", "onesLike"]],
]

# Random tensors, by the statistics of many draws; `probabilities` are those of a tensor.
DRAWS = [
    ["rand", [], [200, 300]], ["randn", [], [200, 300]], ["randint", [], [7, [200, 300]]], ["randint", [], [-2, 3, [200, 300]]], ["normal", [], [1, 2, [200, 300]]],
    ["randperm", [], [60000]], ["randLike", [[200, 300]], []], ["randnLike", [[200, 300]], []], ["bernoulli", [{"full": [[200, 300], 0.3]}], []],
    ["multinomial", [{"weights": [1, 2, 0, 5]}], [60000], {"replacement": True}],
]

JOINS = [
    ["concat", [A, B], [1]], ["cat", [A, [1, 3]], [0]], ["cat", [A, [2, 1]], [], {"dim": 1}], ["cat", [A, B], []], ["stack", [A, B], []], ["stack", [A, B], [-1]],
]

# Where a first course uses the function of torch.nn.functional itself: name, inputs, further arguments.
FUNCTIONALS = [
    ["linear", [[4, 3], [2, 3], [2]], []],
    ["conv2d", [[1, 2, 4, 4], [3, 2, 2, 2], [3]], [], {"stride": 2, "padding": 1}],
    ["maxPool2d", [[1, 1, 4, 4]], [2]], ["avgPool2d", [[1, 1, 4, 4]], [2], {"stride": 1}], ["adaptiveAvgPool2d", [[1, 1, 5, 4]], [[2, 2]]],
    ["relu", [A], []], ["leakyRelu", [A], [0.2]], ["gelu", [A], []], ["softmax", [A], [], {"dim": 0}], ["logSoftmax", [A], [], {"dim": 1}],
    ["elu", [A], []], ["silu", [A], []], ["softplus", [A], []],
    ["sigmoid", [A], []], ["tanh", [A], []], ["mseLoss", [A, B], []], ["l1Loss", [A, B], [], {"reduction": "sum"}],
    ["smoothL1Loss", [A, B], [], {"beta": 0.5}], ["huberLoss", [A, B], [], {"delta": 0.5}],
    *[[name, [A], []] for name in ["relu6", "selu", "softsign", "logsigmoid", "mish", "hardsigmoid", "hardswish", "hardtanh"]],
    ["prelu", [A, [1]], []], ["cosineSimilarity", [A, B], []], ["cosineSimilarity", [A, B], [], {"dim": 0}], ["klDiv", [A, POSITIVE], [], {"reduction": "batchmean"}],
    ["layerNorm", [[2, 4], [4], [4]], [], {"normalizedShape": [4]}],
    ["conv1d", [[1, 2, 5], [3, 2, 2], [3]], [], {"stride": 2, "padding": 1}], ["maxPool1d", [[1, 2, 5]], [2]], ["avgPool1d", [[1, 2, 5]], [2], {"stride": 1}],
    ["embedding", [{"indices": [[2, 0], [1, 2]]}, [3, 2]], []],
    ["binaryCrossEntropy", [{"shares": [2, 3], "gradient": True}, {"shares": [2, 3]}], []], ["binaryCrossEntropyWithLogits", [A, {"shares": [2, 3]}], [], {"reduction": "sum"}],
    ["crossEntropy", [A, {"indices": [2, 0]}], []], ["crossEntropy", [A, {"indices": [2, 0]}], [], {"labelSmoothing": 0.2, "reduction": "none"}], ["nllLoss", [A, {"indices": [2, 0]}], []],
    ["normalize", [A], []], ["normalize", [A], [], {"dim": 0, "p": 1}],
    ["dropout", [A], [], {"p": 0.5, "training": False}],
    ["oneHot", [{"indices": [2, 0, 1]}], [4]],
]

INITIALISERS = [
    ["uniform_", [], {}], ["uniform_", [-2, 3], {}], ["normal_", [], {}], ["normal_", [], {"mean": 2, "std": 0.5}], ["truncNormal_", [], {}],
    ["truncNormal_", [], {"std": 2, "a": -1, "b": 3}], ["constant_", [0.3], {}], ["ones_", [], {}], ["zeros_", [], {}], ["eye_", [], {}],
    ["xavierUniform_", [], {}], ["xavierUniform_", [], {"gain": 2}], ["xavierNormal_", [], {}], ["kaimingUniform_", [], {}],
    ["kaimingUniform_", [], {"nonlinearity": "relu", "mode": "fanOut"}], ["kaimingNormal_", [], {}], ["kaimingNormal_", [], {"a": 0.5}],
    ["kaimingNormal_", [], {"nonlinearity": "tanh"}], ["orthogonal_", [], {}],
]

GAINS = [["linear"], ["conv2d"], ["sigmoid"], ["tanh"], ["relu"], ["selu"], ["leakyRelu"], ["leakyRelu", 0.2]]

DEFAULT_WEIGHTS = [
    ["Linear", [200, 300], {}], ["Conv2d", [40, 50, 5], {}], ["Conv1d", [40, 50, 5], {}], ["Embedding", [300, 100], {}], ["BatchNorm2d", [3], {}], ["LayerNorm", [3], {}],
    ["RNN", [60, 100], {}], ["LSTM", [60, 100], {}], ["GRU", [60, 100], {}],
    ["RNNCell", [60, 100], {}], ["LSTMCell", [60, 100], {}], ["GRUCell", [60, 100], {}],
]
