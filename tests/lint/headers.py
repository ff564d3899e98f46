"""headers.py ROOT MEMORY COMPILER…: every header compiles alone, in the standard of its room.
headers.py --self-test COMPILER…: shows that one which does not is found."""

import sys
import tempfile
from pathlib import Path

from compiled import FOLDERS, Memory, run_all
from house import Tree

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"]


def standard(path):
    if path.endswith(".h"):
        return ["-x", "c", "-std=c11"]
    if path.startswith("server/net/"):
        return ["-x", "c++", "-std=c++17", "-DASIO_STANDALONE"]
    return ["-x", "c++", "-std=c++20"]


def jobs(root, compilers):
    tree = Tree(root)
    headers = [path for room in ("server/", "sdk/", "plugin-abi/")
               for path in tree.under(room, (".hpp", ".h"))]
    folders = [f"-I{Path(root, f)}" for f in FOLDERS]
    for compiler in compilers:
        for path in headers:
            command = [compiler, *standard(path), *WARNINGS, *folders, "-fsyntax-only", "-"]
            # Twice: a header that is not guarded does not survive it.
            text = f'#include "{Path(root, path)}"\n' * 2 + "typedef int not_empty;\n"
            yield f"{path} ({Path(compiler).name})", command, Path(root, path), text


def self_test(compilers):
    bad = {"server/base/bare.hpp": "#pragma once\ninline std::string name() { return {}; }\n",
           "server/base/twice.hpp": "inline int one() { return 1; }\n",
           "server/base/loose.hpp": "#pragma once\ninline int cut(double x) { return x; }\n",
           "server/net/young.hpp": "#pragma once\n#include <concepts>\n"
                                   "template <std::integral T> T same(T x) { return x; }\n",
           "plugin-abi/include/jig/plus.h": "class Plus;\n"}
    with tempfile.TemporaryDirectory() as folder:
        for path, text in bad.items():
            Path(folder, path).parent.mkdir(parents=True, exist_ok=True)
            Path(folder, path).write_text(text, encoding="utf-8")
        said = list(run_all(jobs(folder, compilers), Memory(folder + "/memory", folder)))
    names = [Path(c).name for c in compilers]
    for wanted in (f"{path} ({name})" for path in bad for name in names):
        if not any(line.startswith(wanted) for line in said):
            yield f"{wanted} compiles, and should not"


if __name__ == "__main__":
    first, *rest = sys.argv[1:]
    found = list(self_test(rest) if first == "--self-test"
                 else run_all(jobs(first, rest[1:]), Memory(rest[0], first)))
    print("\n".join([*found, f"headers: {len(found)} faults"]))
    sys.exit(1 if found else 0)
