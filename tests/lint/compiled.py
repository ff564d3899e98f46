"""Compilers and clang's tools over many files at once, with a memory of what was clean.

A file is clean for ever with the same command and the same content of itself and of all of the
project's headers that it reaches; so a second run looks only at what changed."""

import hashlib
import json
import os
import re
import shlex
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]*["<]([^">]+)[">]', re.MULTILINE)
FOLDERS = ("", "server", "sdk/include", "plugin-abi/include")


class Memory:
    """Names of jobs that were clean, kept as empty files in `folder`."""

    def __init__(self, folder, root):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.root = Path(root)
        self.known = {}

    def _headers(self, path):
        """The project's own headers that `path` names; whose place is found as a compiler would."""
        if path not in self.known:
            content = path.read_bytes()
            folders = [path.parent, *(self.root / f for f in FOLDERS)]
            near = {name: [f / name.decode() for f in folders] for name in INCLUDE.findall(content)}
            found = [next((p for p in places if p.is_file()), None) for places in near.values()]
            self.known[path] = (content, {p.resolve() for p in found if p is not None})
        return self.known[path]

    def key(self, command, path):
        seen, todo = set(), [Path(path).resolve()]
        while todo:
            at = todo.pop()
            if at not in seen:
                seen.add(at)
                todo += self._headers(at)[1]
        digest = hashlib.sha256(shlex.join(command).encode())
        for at in sorted(seen):
            digest.update(hashlib.sha256(self._headers(at)[0]).digest())
        return digest.hexdigest()


def run_all(jobs, memory, kept_files=()):
    """Runs each job, (what to call it, command, the file whose content decides, standard input);
    yields what the failing ones said. `kept_files`: further files on which all results depend."""
    salt = [hashlib.sha256(Path(f).read_bytes()).hexdigest() for f in kept_files]

    def run(job):
        name, command, path, text = job
        key = memory.folder / memory.key([*command, *salt, text], path)
        if key.exists():
            return None
        done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            key.touch()
            return None
        return f"{name}: {(done.stdout + done.stderr).strip()}"

    jobs = list(jobs)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        yield from (fault for fault in pool.map(run, jobs) if fault)


def entries(build, root, folders):
    """(path relative to the root, command line without compiler, input and output) of each file in
    `folders` that the build compiles."""
    root = Path(root).resolve()
    seen = set()
    for entry in json.loads(Path(build, "compile_commands.json").read_text(encoding="utf-8")):
        file = Path(entry["file"])
        if not file.is_relative_to(root):
            continue
        path = file.relative_to(root).as_posix()
        if path in seen or not path.startswith(folders) or not path.endswith((".cpp", ".c")):
            continue
        seen.add(path)
        words = shlex.split(entry["command"])
        words = words[next(i for i, w in enumerate(words) if w.startswith("-")):]
        flags, skip = [], False
        for word in words:
            if skip or word in ("-c", entry["file"]):
                skip = False
            elif word == "-o":
                skip = True
            elif word != "-fno-gnu-unique":  # gcc's alone
                flags.append(word)
        yield path, [*flags, "-Wno-unknown-warning-option"]
