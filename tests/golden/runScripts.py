"""Runs translated programs and prints their figures as JSON, one object per folder.

Usage: python runScripts.py STYLE FOLDER... where each folder has program.py and the files beside it. Keras runs on its
PyTorch backend, where gradients of embeddings are dense.
"""

import contextlib
import io
import json
import os
import re
import runpy
import sys

import torch


def rounded(values):
    return [float(f"{value:.7g}") for value in values]


def run(folder):
    """The names of the program, and what it printed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        names = runpy.run_path(f"{folder}/program.py")
    return names, printed.getvalue()


def torch_figures(folder):
    """Losses of all batches from the program's own list; what it printed after each epoch."""
    names, printed = run(folder)
    validation = re.findall(r"val_loss (\S+), val_\w+ (\S+)", printed)
    return {
        "losses": rounded(names["losses"]),
        "valLosses": [float(loss) for loss, _ in validation],
        "valMetrics": [float(metric) for _, metric in validation],
    }


def keras_figures(folder):
    """Figures of the epochs from what every `fit` of the program returned."""
    import keras

    histories, fit = [], keras.Model.fit

    def recorded(*args, **options):
        histories.append(fit(*args, **options))
        return histories[-1]

    keras.Model.fit = recorded
    try:
        run(folder)
    finally:
        keras.Model.fit = fit
    whole = {}
    for each in histories:
        for name, values in each.history.items():
            whole.setdefault(name, []).extend(values)
    metric = next((name for name in whole if name.startswith("val_") and name != "val_loss"), "")
    return {"losses": rounded(whole["loss"]), "valLosses": rounded(whole.get("val_loss", [])), "valMetrics": rounded(whole.get(metric, []))}


if __name__ == "__main__":
    style, *folders = sys.argv[1:]
    os.environ["KERAS_BACKEND"] = "torch"
    torch.set_num_threads(1)
    version = torch.__version__.split("+")[0]
    if style == "keras":
        import keras

        version = keras.__version__
    figures = torch_figures if style == "torch" else keras_figures
    print(json.dumps({"version": version, "figures": [figures(folder) for folder in folders]}))
