"""Records what PyTorch gives for the calls in tensorOps.json, one for each parameter.

Usage: python3 recordTensorOps.py   (with torch installed) writes tensorOpsValues.json beside it.
"""

import json
import math
import pathlib
import re

import torch

here = pathlib.Path(__file__).parent


def snake(name):
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda match: "_" + match.group(1).lower(), name)


def python(expression):
    """`x.sum(1, { keepdim: true })` as `x.sum(1, keepdim=True)`."""
    named = re.sub(r"\{([^{}]*)\}", lambda match: re.sub(r"(\w+): ", r"\1=", match.group(1).strip()), expression)
    words = {"true": "True", "false": "False", "null": "None"}
    return re.sub(r"[A-Za-z_]\w*", lambda match: words.get(match.group(0), snake(match.group(0))), named)


def plain(value):
    if isinstance(value, torch.Tensor):
        dtype = {torch.int64: "int32", torch.int32: "int32", torch.bool: "bool"}.get(value.dtype, "float32")
        return {
            "dtype": dtype,
            "shape": list(value.shape),
            "values": [plain(each) for each in value.flatten().tolist()],
        }
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


cases = json.loads((here / "tensorOps.json").read_text())
names = {"torch": torch}
for name, expression in cases["setup"].items():
    names[name] = eval(python(expression), names)


def evaluated(expression):
    try:
        return plain(eval(python(expression), names))
    except Exception as error:
        raise SystemExit(f"{expression}: {error}") from error


values = {
    expression: evaluated(expression)
    for group in ("ops", "functions")
    for rows in cases[group].values()
    for expression in rows.values()
    if not expression.startswith("=")
}
record = {"torch": torch.__version__, "values": values}
(here / "tensorOpsValues.json").write_text(json.dumps(record, indent=1) + "\n")
