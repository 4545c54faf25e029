"""Runs translated programs and prints their figures as JSON, one object per folder.

Usage: python3 runTorchScripts.py FOLDER... where each folder has program.py and the files beside it.
Debian: apt-get install python3-torch. Without folders it tells the version.
"""

import contextlib
import io
import json
import re
import runpy
import sys

import torch


def figures(folder):
    """Losses of all batches from the program's own list; what it printed after each epoch."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        names = runpy.run_path(f"{folder}/program.py")
    validation = re.findall(r"val_loss (\S+), val_\w+ (\S+)", printed.getvalue())
    return {
        "losses": [float(f"{loss:.7g}") for loss in names["losses"]],
        "valLosses": [float(loss) for loss, _ in validation],
        "valMetrics": [float(metric) for _, metric in validation],
    }


if __name__ == "__main__":
    torch.set_num_threads(1)
    print(json.dumps({"torch": torch.__version__, "figures": [figures(folder) for folder in sys.argv[1:]]}))
