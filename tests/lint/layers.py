"""Who may include whom. The table of rooms is here and nowhere else in code."""

import re

from house import CPP

# Room: the rooms, or single headers of a room, that it may include. Its own it always may.
ARROWS = {
    "base": set(),
    "link": {"base", "jig"},
    "plugin": {"base", "jig"},
    "rt": {"link", "base", "jig"},
    "audio": {"base", "rt/cycle.hpp"},  # the callback's type, and nothing else of the audio room
    "engine": {"audio", "rt", "plugin", "link", "base"},
    "analysis": {"link", "base"},
    "reload": {"plugin", "link", "base"},
    "build": {"base"},
    "net": {"base"},
    "wire": set(),
    # A callback of its own in the place of the plugin's, on the engine's devices.
    "latency": {"engine", "audio", "rt/cycle.hpp", "base"},
    "offline": {"engine", "analysis", "plugin", "link", "base"},
    # The server's side of the engine is how to start it.
    "session": {"reload", "build", "analysis", "net", "wire", "engine/start.hpp", "plugin", "link", "base"},
    # A command says its own arguments to one room: the token to net, `info --json` to wire in the
    # page's words, the internal subcommand `engine` to the engine process; `latency` opens a device.
    "cli": {"session", "latency", "offline", "audio/probe.hpp", "plugin", "base",
            "net/token.hpp", "wire/codec.hpp", "engine/process.hpp"},
    "main": {"cli"},
}

# Library: the files of server/ that may include it.
LIBRARIES = {
    "nlohmann": re.compile(r"wire/\w+\.cpp"),
    "websocketpp": re.compile(r"net/server\.cpp"),
    "asio": re.compile(r"net/(\w+\.cpp|acceptor\.hpp)"),
    "alsa": re.compile(r"audio/alsa/\w+\.[ch]pp"),
    "jack": re.compile(r"audio/jack\w*\.[ch]pp"),
    "sndfile": re.compile(r"(analysis|offline)/\w+\.cpp"),
    "samplerate": re.compile(r"(analysis|offline)/\w+\.cpp"),
    "CLI": re.compile(r"(cli/\w+\.[ch]pp|main\.cpp)"),
}

# Headers that bring a library along stay in the room: outside it nobody sees the library.
PRIVATE = {"net/acceptor.hpp": "net"}

# What the audio thread must not do, it cannot even name.
NOT_IN_RT = {"condition_variable", "fstream", "functional", "future", "iostream", "list", "map",
             "memory", "mutex", "shared_mutex", "sstream", "stdexcept", "string", "thread",
             "unordered_map", "vector"}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)


def faults_of(path, quote, header):
    """What is wrong with `header` in server/`path`."""
    room = path.split("/")[0] if "/" in path else "main"
    top = header.split("/")[0]
    library = re.split(r"[/.]", header)[0]
    if quote == '"' and top in {*ARROWS, "jig"}:
        allowed = ARROWS.get(room)
        if allowed is None:
            yield f"{room} is a room that the table does not know"
        elif top != room and top not in allowed and header not in allowed:
            yield f"{room} may not include {header}"
        if PRIVATE.get(header, room) != room:
            yield f"{header} is for {PRIVATE[header]} alone"
    elif quote == '"':
        yield f"{header} is of no room; say room/file.hpp"
    elif library in LIBRARIES and not LIBRARIES[library].fullmatch(path):
        yield f"{library} is not for this file"
    elif room == "rt" and header in NOT_IN_RT:
        yield f"rt may not include <{header}>"


def example_ids(tree):
    """The ids by which the examples know themselves and their parameters."""
    ids = set()
    for path in tree.under("examples/", CPP):
        ids |= set(re.findall(r'(?:\{this, |\bid = )"([^"]+)"', tree.text(path)))
    return ids


def check(tree):
    known = example_ids(tree) | {"dev.jig.gain"}
    for path in tree.under("server/", CPP):
        short = path.removeprefix("server/")
        text = tree.text(path)
        for quote, header in INCLUDE.findall(text):
            for fault in faults_of(short, quote, header):
                yield f"{path}: {fault}"
        # The words of the protocol are wire's, and some are parameters' names too.
        code = re.sub(r"//.*", "", text)
        for name in sorted(known if not short.startswith("wire/") else []):
            if f'"{name}"' in code:
                yield f'{path}: the host knows of no plugin, but names "{name}"'


FAULTY = [
    ("server/net/a.cpp", '#include "rt/engine.hpp"', "net may not include rt/engine.hpp"),
    ("server/rt/a.hpp", '#include "wire/codec.hpp"', "rt may not include wire/codec.hpp"),
    ("server/audio/a.hpp", '#include "rt/engine.hpp"', "audio may not include rt/engine.hpp"),
    ("server/session/a.hpp", '#include "engine/core.hpp"', "session may not include engine/core"),
    ("server/main.cpp", '#include "net/server.hpp"', "main may not include net/server.hpp"),
    ("server/attic/a.hpp", '#include "base/fd.hpp"', "does not know"),
    ("server/base/a.hpp", '#include "fd.hpp"', "say room/file.hpp"),
    ("server/wire/codec.hpp", "#include <nlohmann/json.hpp>", "nlohmann is not for this file"),
    ("server/net/http.cpp", "#include <websocketpp/server.hpp>", "websocketpp is not for this"),
    ("server/net/server.hpp", "  #  include <asio/post.hpp>", "asio is not for this file"),
    ("server/rt/swap.cpp", "#include <mutex>", "rt may not include <mutex>"),
    ("server/session/a.cpp", 'if (id == "dev.jig.gain") {', 'names "dev.jig.gain"'),
]
