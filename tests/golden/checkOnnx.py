"""Runs the official checker on ONNX files: structure, operators, attributes, and all types as ONNX infers them.

Usage: python3 checkOnnx.py FILE... Debian: apt-get install python3-onnx. Without files it tells the version.
"""

import sys

import onnx


if __name__ == "__main__":
    print(f"onnx {onnx.__version__}")
    for path in sys.argv[1:]:
        try:
            # full_check compares every declared type with the one that ONNX infers.
            onnx.checker.check_model(path, full_check=True)
        except Exception as error:
            sys.exit(f"{path}: {error}")
