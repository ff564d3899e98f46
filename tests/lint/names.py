"""Files are named in snake_case, and a long one says at its top why it is one thing."""

import re

from house import CPP

LONGEST = 400
SNAKE = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*(\.[a-z0-9]+)+")
# JavaScript keeps the web's custom; the rest are names that tools give.
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)+")
GIVEN = {"CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md", "PROTOCOL.md", "Doxyfile",
         "Cargo.toml", "Cargo.lock"}
SOURCES = (*CPP, ".py", ".js", ".mjs", ".css", ".html", ".cmake", ".rs", ".dsp")
COMMENT = re.compile(r"\s*(//|/\*|\*|#|\"\"\"|<!--)")


def explains_itself(text):
    """Whether the comment at the top speaks of the file's length."""
    head = []
    for line in text.splitlines()[:12]:
        if not COMMENT.match(line) and not line.startswith(" *"):
            break
        head.append(line)
    return re.search(r"\b(long|length)\b", " ".join(head), re.IGNORECASE) is not None


def check(tree):
    for path in tree.paths:
        name = path.split("/")[-1]
        web = path.endswith((".js", ".mjs", ".css", ".svg", ".png", ".json"))
        if "." in name and not name.startswith(".") and name not in GIVEN:
            if not (KEBAB if web else SNAKE).fullmatch(name):
                yield f"{path}: write it as {'kebab-case' if web else 'snake_case'}"
        if path.endswith(SOURCES):
            text = tree.text(path)
            lines = len(text.splitlines())
            if lines > LONGEST and not explains_itself(text):
                yield (f"{path}: {lines} lines; cut it up, or say in its first comment why it is "
                       "one thing although it is long")


FAULTY = [
    ("server/base/PollLoop.cpp", "", "write it as snake_case"),
    ("server/base/poll-loop.hpp", "", "write it as snake_case"),
    ("web/js/keyBoard.js", "", "write it as kebab-case"),
    ("server/rt/engine.cpp", "// rt: renders.\n" + "int a;\n" * 400, "401 lines"),
    ("server/rt/all.cpp", "int a;\n" * 401 + "// long, because", "402 lines"),
]
