"""format.py ROOT CLANG_FORMAT: every C and C++ file stands as .clang-format has it.
format.py --self-test ROOT CLANG_FORMAT: shows that a file that does not is found."""

import subprocess
import sys
import tempfile
from pathlib import Path

from house import CPP, Tree


def faults(tree, tool, style):
    files = [str(tree.root / p) for p in tree.paths if p.endswith(CPP)]
    done = subprocess.run([tool, "--dry-run", "-Werror", f"--style=file:{style}", *files],
                          capture_output=True, text=True, check=False)
    for line in done.stderr.splitlines():
        if "error:" in line:
            yield line
    if done.returncode != 0 and "error:" not in done.stderr:
        yield f"{tool} failed: {done.stderr}"


def self_test(root, tool):
    for name, text in {"a.cpp": "int a( ) { return 1 ; }\n", "a.h": "int *a;\n"}.items():
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, name).write_text(text, encoding="utf-8")
            if not list(faults(Tree(folder), tool, f"{root}/.clang-format")):
                yield f"{name} was taken for well formatted: {text}"


if __name__ == "__main__":
    first, *rest = sys.argv[1:]
    found = list(self_test(*rest) if first == "--self-test"
                 else faults(Tree(first), rest[0], f"{first}/.clang-format"))
    print("\n".join([*found, f"format: {len(found)} faults"]))
    sys.exit(1 if found else 0)
