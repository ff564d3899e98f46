"""tidy.py ROOT BUILD MEMORY CLANG_TIDY [CHECKS]: clang-tidy finds nothing in the server and the
examples, by the checks in .clang-tidy or by those given.
tidy.py --self-test ROOT CLANG_TIDY: shows that the checks in .clang-tidy are on."""

import sys
import tempfile
from pathlib import Path

from compiled import Memory, entries, run_all

FOLDERS = ("server/", "examples/")


def jobs(root, build, tidy, checks=None):
    options = ["--quiet", f"--config-file={root}/.clang-tidy"]
    if checks:
        options.append(f"--checks={checks}")
    for path, flags in entries(build, root, FOLDERS):
        if path.endswith(".cpp") and not path.endswith("_test.cpp"):
            command = [tidy, *options, str(Path(root, path)), "--", *flags]
            yield path, command, Path(root, path), ""


BAD = {
    "bugprone-use-after-move": "#include <string>\n#include <utility>\n"
                               "int f(std::string s) { std::string t = std::move(s);"
                               " return int(s.size() + t.size()); }",
    "performance-for-range-copy": "#include <string>\n#include <vector>\n"
                                  "int f(const std::vector<std::string>& all) { int n = 0;"
                                  " for (const auto s : all) { n += int(s.size()); } return n; }",
    "readability-identifier-naming": "int CountFrames() { return 1; }",
    "misc-unused-parameters": "int f(int unused) { return 1; }",
}


def self_test(root, tidy):
    with tempfile.TemporaryDirectory() as folder:
        for check, text in BAD.items():
            file = Path(folder, check + ".cpp")
            file.write_text(text, encoding="utf-8")
            command = [tidy, "--quiet", f"--config-file={root}/.clang-tidy", str(file), "--",
                       "-std=c++20"]
            said = list(run_all([(check, command, file, "")], Memory(folder + "/memory", folder)))
            if not any(f"[{check}" in line for line in said):
                yield f"{check} was not found: {said}"


if __name__ == "__main__":
    first, *rest = sys.argv[1:]
    found = list(self_test(*rest) if first == "--self-test" else
                 run_all(jobs(first, rest[0], *rest[2:]), Memory(rest[1], first),
                         [Path(first, ".clang-tidy")]))
    print("\n".join([*found, f"tidy: {len(found)} faults"]))
    sys.exit(1 if found else 0)
