"""Checks translated programs against a list of Keras signatures, without Keras: names, arguments and words.

Usage: python3 checkKerasCalls.py SIGNATURES.json FILE... where each file is a script. Prints what is wrong with the
files, one line each, and exits with 1 then. A program without Keras is only compiled.
"""

import ast
import inspect
import json
import sys


def signature_of(text):
    """The signature that a text such as "(units, activation=None)" describes."""
    names = {}
    exec(f"def described{text}: pass", names)
    return inspect.signature(names["described"])


class Checker(ast.NodeVisitor):
    """Follows the names that stand for Keras' modules and objects through one program, in the order of its text."""

    def __init__(self, listed):
        self.listed = listed
        self.signatures = {name: signature_of(text) for name, text in listed["callables"].items()}
        # What each name of the program stands for.
        self.meanings = {}
        self.complaints = []

    def complain(self, node, message):
        self.complaints.append(f"line {node.lineno}: {message}")

    def resolve(self, node):
        """`layers.Dense` as keras.layers.Dense; None for what is not Keras'."""
        if isinstance(node, ast.Name):
            return self.meanings.get(node.id)
        if isinstance(node, ast.Attribute):
            owner = self.resolve(node.value)
            return owner and f"{owner}.{node.attr}"
        return None

    def visit_Import(self, node):
        for name in node.names:
            if name.name == "keras":
                self.meanings[name.asname or "keras"] = "keras"

    def visit_ImportFrom(self, node):
        if node.module == "keras":
            for name in node.names:
                self.meanings[name.asname or name.name] = f"keras.{name.name}"

    def visit_Assign(self, node):
        self.generic_visit(node)
        made = self.resolve(node.value.func) if isinstance(node.value, ast.Call) else None
        for target in node.targets:
            if made and isinstance(target, ast.Name):
                self.meanings[target.id] = made

    def visit_For(self, node):
        elements = {"keras.Sequential.layers": "keras.Layer", "keras.Layer.weights": "keras.Variable"}
        element = elements.get(self.resolve(node.iter))
        if element:
            self.meanings[node.target.id] = element
        self.generic_visit(node)

    def visit_Attribute(self, node):
        owner = self.resolve(node.value)
        modules = ["layers", "losses", "optimizers", "optimizers.schedules", "utils"]
        known = [*self.signatures, *(f"keras.{module}" for module in modules)]
        name = f"{owner}.{node.attr}"
        if owner and name not in known and node.attr not in self.listed["attributes"].get(owner, []):
            self.complain(node, f"{name} is not in the list")
        self.generic_visit(node)

    def visit_Call(self, node):
        self.generic_visit(node)
        name = self.resolve(node.func)
        if name is None:
            return
        if name not in self.signatures:
            self.complain(node, f"{name} is not a callable of the list")
            return
        keywords = {keyword.arg: keyword.value for keyword in node.keywords}
        try:
            bound = self.signatures[name].bind(*node.args, **keywords)
        except TypeError as error:
            self.complain(node, f"{name}: {error}")
            return
        for keyword in bound.arguments.get("kwargs", {}):
            if not name.startswith("keras.layers.") or keyword not in self.listed["layerKeywords"]:
                self.complain(node, f"{name}: unexpected keyword {keyword}")
        for parameter, value in bound.arguments.items():
            self.check_value(name, parameter, value)

    def check_value(self, name, parameter, value):
        """Words must be those that Keras knows; its optimizers take floats only."""
        if isinstance(value, (ast.List, ast.Tuple)):
            for element in value.elts:
                self.check_value(name, parameter, element)
        if not isinstance(value, ast.Constant):
            return
        words = self.listed["words"].get(parameter)
        if words and value.value not in words:
            self.complain(value, f"{name}: {parameter} has no {value.value!r}")
        is_rate = name.startswith("keras.optimizers.") and parameter in self.listed["floats"]
        if is_rate and not isinstance(value.value, float):
            self.complain(value, f"{name}: {parameter} must be a float, got {value.value!r}")


def complaints_of(path, listed):
    with open(path, encoding="utf-8") as file:
        source = file.read()
    try:
        compile(source, path, "exec")
        tree = ast.parse(source)
    except SyntaxError as error:
        return [f"line {error.lineno}: {error.msg}"]
    checker = Checker(listed)
    checker.visit(tree)
    return checker.complaints


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        listed = json.load(file)
    found = [f"{path}: {text}" for path in sys.argv[2:] for text in complaints_of(path, listed)]
    print("\n".join(found))
    sys.exit(1 if found else 0)
