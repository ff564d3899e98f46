"""symbols.py NM OBJDUMP RT_LIBRARY LINK_LIBRARY: what the audio room asks of the rest of the world.

Every symbol that the objects of rt leave undefined must be another of rt's own, one of a short list
of the C library's that neither allocates, locks nor calls the kernel, or a helper of link that is
held to the same list here.
symbols.py NM OBJDUMP --self-test CXX: shows that it finds what must not be there."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

ALLOWED = re.compile(r"mem(cpy|move|set|cmp)|(sin|cos|tan|exp|exp2|log|log2|log10|pow|sqrt|floor|ceil"
                     r"|round|trunc|fmod|tanh)f?|clock_gettime|_GLOBAL_OFFSET_TABLE_")
# clock_gettime is in the vDSO: no system call for CLOCK_MONOTONIC.
HELPERS = {"jig::link::append_log"}


def output_of(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def symbols(nm, library):
    """(defined, undefined): mangled names over all objects of the library."""
    defined, undefined = set(), set()
    for line in output_of(nm, "--format=posix", library).splitlines():
        fields = line.split()
        if len(fields) >= 2 and not line.endswith(":"):
            (undefined if fields[1] in "Uwv" and len(fields) < 4 else defined).add(fields[0])
    return defined, undefined - defined


def demangle(name):
    return output_of("c++filt", "--no-params", name).strip()


def references(objdump, library):
    """What the code of each function refers to, by mangled names; parts split off count as its."""
    found, inside = {}, None
    for line in output_of(objdump, "-dr", "--no-show-raw-insn", library).splitlines():
        head = re.match(r"[0-9a-f]+ <(.+)>:$", line)
        if head:
            inside = found.setdefault(head[1].split(".")[0], set())
        reference = re.search(r"R_\w+\s+(\w+)", line)
        if inside is not None and reference:
            inside.add(reference[1])
    return found


def reached(calls, function):
    """All that `function` refers to, itself or through other functions of the same library."""
    seen, todo = set(), [function]
    while todo:
        for name in calls.get(todo.pop(), set()) - seen:
            seen.add(name)
            todo.append(name)
    return seen - set(calls)


def faults(nm, objdump, rt, link):
    _, undefined = symbols(nm, rt)
    for name in sorted(undefined):
        plain = demangle(name)
        if plain in HELPERS:
            calls = references(objdump, link)
            if name not in calls:
                yield f"{plain} is not in {link}"
            _, strangers = symbols(nm, link)
            for call in sorted(reached(calls, name) & strangers):
                if not ALLOWED.fullmatch(call):
                    yield f"{plain} refers to {demangle(call)}"
        elif not ALLOWED.fullmatch(name):
            yield f"rt refers to {plain}"


BAD = """
#include <functional>
#include <mutex>
#include <vector>
std::mutex m; std::vector<int> v; std::function<void()> f;
void locks() { m.lock(); }
void allocates() { v.push_back(1); }
void throws() { throw 1; }
void prints(const char*); void calls_strangers() { prints(""); f(); }
namespace jig::link { void append_log(int*); }
void logs(int* p) { jig::link::append_log(p); }
"""
BAD_HELPER = """
#include <cstdio>
namespace jig::link {
[[gnu::noinline]] void show(const char* text) { std::puts(text); }
void append_log(int* p) { show(reinterpret_cast<const char*>(p)); }
}
"""
EXPECTED = ("rt refers to pthread_mutex_lock", "rt refers to operator new",
            "rt refers to __cxa_throw", "rt refers to prints",
            "jig::link::append_log refers to puts")


def self_test(nm, objdump, compiler):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("rt", BAD), ("link", BAD_HELPER)):
            source = Path(folder, name + ".cpp")
            source.write_text(text, encoding="utf-8")
            subprocess.run([compiler, "-std=c++20", "-O2", "-fPIC", "-c", source,
                            "-o", Path(folder, name + ".o")], check=True)
        said = list(faults(nm, objdump, f"{folder}/rt.o", f"{folder}/link.o"))
    for wanted in EXPECTED:
        if not any(line.startswith(wanted) for line in said):
            yield f"{wanted!r} was not found, only {said}"


if __name__ == "__main__":
    tools, rest = sys.argv[1:3], sys.argv[3:]
    found = list(self_test(*tools, rest[1]) if rest[0] == "--self-test" else faults(*tools, *rest))
    print("\n".join([*found, f"symbols: {len(found)} faults"]))
    sys.exit(1 if found else 0)
