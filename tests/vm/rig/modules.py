"""Kernel modules as files: what each needs, and what can be left out of it."""

import pathlib
import re

SIGNATURE = b"~Module signature appended~\n"


def name_of(path):
    """Files say snd-aloop, the kernel snd_aloop."""
    return pathlib.Path(path).stem.replace("-", "_")


class Modules:
    """All modules below a folder."""

    def __init__(self, folder):
        self.paths = {name_of(path): path for path in sorted(folder.rglob("*.ko"))}

    def needs(self, name):
        """The modules that a module names as its own needs. (Built-in ones are not among the files.)"""
        said = re.search(rb"\0depends=([^\0]*)\0", self.paths[name].read_bytes())
        return [need for need in said.group(1).decode().replace("-", "_").split(",") if need in self.paths]

    def in_order(self, names):
        """Those of the names and all that they need, each after what it needs itself."""
        found = []

        def visit(name):
            if name not in found:
                for need in self.needs(name):
                    visit(need)
                found.append(name)

        for name in names:
            visit(name.replace("-", "_"))
        return found

    def unsigned(self, name):
        """The module without its signature, which takes long to check on an emulated processor."""
        content = self.paths[name].read_bytes()
        if not content.endswith(SIGNATURE):
            return content
        content = content[:-len(SIGNATURE)]
        return content[:-12 - int.from_bytes(content[-4:], "big")]
