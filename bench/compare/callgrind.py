"""Counts instructions with valgrind's callgrind: a running process in windows, or a command to its end."""

import pathlib
import re
import subprocess
import time

WORDS = ["valgrind", "-q", "--tool=callgrind"]


class Profile:
    """One of callgrind's files: instructions by function."""

    def __init__(self, path):
        self.own = {}  # without what a function calls
        self.calls = {}  # how often it was called …
        self.inclusive = {}  # … and what that cost, callees included
        self._names = {}
        caller = callee = None
        call_count = None  # the next cost is that of calls; 0 of them: under way since the last dump
        for line in pathlib.Path(path).read_text().splitlines():
            key, _, value = line.partition("=")
            if key == "fn":
                caller = self._name(value)
            elif key == "cfn":
                callee = self._name(value)
            elif key == "calls":
                call_count = int(value.split()[0])
            elif re.match(r"[+*\d-]", line):
                cost = int((line.split() + ["0"])[1])
                if call_count is not None:
                    self.calls[callee] = self.calls.get(callee, 0) + call_count
                    self.inclusive[callee] = self.inclusive.get(callee, 0) + cost
                    call_count = None
                else:
                    self.own[caller] = self.own.get(caller, 0) + cost
        self.total = sum(self.own.values())

    def _name(self, value):
        """Names are given once, then by their number."""
        number, name = re.match(r"\((\d+)\)(?: (.*))?", value).groups()
        if name:
            self._names[number] = name
        return self._names[number]

    def find(self, name):
        """A function by the beginning of its name, up to its parameters: (calls, inclusive cost)."""
        for known in self.calls:
            if known.split("(")[0] == name or known == name:
                return self.calls[known], self.inclusive[known]
        return 0, 0


def windows(pid, folder, seconds):
    """What a process that runs under callgrind with --separate-threads=yes and --callgrind-out-file=FOLDER/%p
    does in one window after the other: each time the profiles of its threads."""
    seen = set()

    def dump():
        subprocess.run(["callgrind_control", "-d", str(pid)], check=True, capture_output=True)
        files = sorted({path for path in pathlib.Path(folder).glob(f"{pid}.*-*")} - seen)
        seen.update(files)
        return files

    dump()  # up to here it started
    while True:
        time.sleep(seconds)
        yield [Profile(path) for path in dump()]


def count(command, function, folder):
    """The profile of a command run to its end, collected inside of a function alone."""
    out = pathlib.Path(folder) / "callgrind.out"
    subprocess.run([*WORDS, f"--toggle-collect={function}", f"--callgrind-out-file={out}", *command], check=True)
    return Profile(out)
