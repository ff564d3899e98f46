"""thread_safety.py ROOT BUILD MEMORY CLANG: clang sees no function called from a thread that its
declaration (ON_AUDIO_THREAD …) does not name, in all of server/; and no other warning either.
thread_safety.py --self-test ROOT CLANG: shows that a call from the wrong thread is found."""

import sys
import tempfile
from pathlib import Path

from compiled import Memory, entries, run_all

CHECKS = ["-fsyntax-only", "-Wthread-safety", "-Werror"]


def jobs(root, build, clang):
    for path, flags in entries(build, root, ("server/",)):
        yield path, [clang, *flags, *CHECKS, str(Path(root, path))], Path(root, path), ""


HEAD = """
#include "base/thread_role.hpp"
void render() ON_AUDIO_THREAD;
void answer() ON_NET_THREAD;
"""
RIGHT = "void callback() { jig::kAudioThread.assume(); render(); }\n" \
        "void next() ON_NET_THREAD; void next() { answer(); }\n"
WRONG = ("void somewhere() { render(); }",
         "void other() ON_NET_THREAD; void other() { render(); }",
         "void callback() { jig::kAudioThread.assume(); answer(); }",
         "void later() { [] { jig::kAudioThread.assume(); }(); render(); }")


def self_test(root, clang):
    command = [clang, "-std=c++20", f"-I{root}/server", *CHECKS]
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, f"{n}.cpp") for n in range(len(WRONG) + 1)]
        for file, text in zip(files, (RIGHT, *WRONG)):
            file.write_text(HEAD + text, encoding="utf-8")
        said = list(run_all(((f.name, [*command, str(f)], f, "") for f in files),
                            Memory(folder + "/memory", root)))
    if any(line.startswith("0.cpp") for line in said):
        yield f"what is right was refused: {said}"
    for number, text in enumerate(WRONG, 1):
        if not any(line.startswith(f"{number}.cpp") and "thread-safety" in line for line in said):
            yield f"not found: {text}"


if __name__ == "__main__":
    first, *rest = sys.argv[1:]
    found = list(self_test(*rest) if first == "--self-test"
                 else run_all(jobs(first, rest[0], rest[2]), Memory(rest[1], first)))
    print("\n".join([*found, f"thread_safety: {len(found)} faults"]))
    sys.exit(1 if found else 0)
