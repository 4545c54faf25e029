"""What the scripts that write fixtures share: names, numbers, and the file."""
import json
import os
import re


def snake(name):
    """camelCase -> snake_case."""
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


def plain(value):
    """Numbers with seven significant digits, about what float32 holds; tensors and arrays as nested lists."""
    if hasattr(value, "detach"):
        value = value.detach()
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return float(f"{value:.7g}") if isinstance(value, float) else value


def write(name, versions, groups):
    """A file beside this one: the versions, then groups of cases, one case a line."""
    lines = [f'"versions": {json.dumps(versions)}']
    for group, cases in groups.items():
        each = [json.dumps(case, separators=(",", ":"), allow_nan=False) for case in cases]
        lines.append(f'"{group}": [\n' + ",\n".join(each) + "\n]")
    with open(os.path.join(os.path.dirname(__file__), name), "w", encoding="utf-8") as file:
        file.write("{\n" + ",\n".join(lines) + "\n}\n")
