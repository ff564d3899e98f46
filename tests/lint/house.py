"""What the checks of the house share: which files there are, and how a check ends.

A check is a module with check(tree), which yields one line for each fault, and FAULTY, a small tree
that breaks every one of its rules: [(path, text, what the check must say of it)]. run.py runs the
first on the project or shows by the second that the check finds what it is there to find.
"""

import subprocess
from pathlib import Path

CPP = (".cpp", ".hpp", ".c", ".h")
SKIPPED = {"node_modules", "__pycache__", ".git", ".cache"}


class Tree:
    """The project's own files: what git tracks or would track; without git, what is there."""

    def __init__(self, root):
        self.root = Path(root)
        self.paths = sorted(p for p in self._listed() if (self.root / p).is_file())

    def _listed(self):
        git = ["git", "-c", "safe.directory=*", "-C", self.root, "ls-files",
               "--cached", "--others", "--exclude-standard"]
        if (self.root / ".git").exists():
            return set(subprocess.run(git, check=True, capture_output=True, text=True)
                       .stdout.splitlines())
        found = (p.relative_to(self.root) for p in self.root.rglob("*"))
        return {p.as_posix() for p in found
                if not SKIPPED & set(p.parts) and not p.parts[0].startswith("build")}

    def under(self, folder, endings):
        """Paths, relative to the root, of the files in `folder` that end in one of `endings`."""
        return [p for p in self.paths if p.startswith(folder) and p.endswith(endings)]

    def text(self, path):
        return (self.root / path).read_text(encoding="utf-8")
