"""run.py CHECK ROOT: runs one check of the house on the project.
run.py CHECK --self-test: shows that it fails where it should, and says so of each rule."""

import importlib
import sys
import tempfile
from pathlib import Path

from house import Tree


def self_test(check):
    """Each faulty file alone in a tree: the check must complain, in the words given."""
    missed = []
    for path, text, complaint in check.FAULTY:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            said = list(check.check(Tree(folder)))
        if not any(complaint in line for line in said):
            missed.append(f"{path}: {text!r} should be refused with {complaint!r}, but was {said}")
    return missed


def main(name, where):
    check = importlib.import_module(name)
    faults = self_test(check) if where == "--self-test" else list(check.check(Tree(where)))
    for fault in faults:
        print(fault)
    print(f"{name}: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
