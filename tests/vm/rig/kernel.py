"""Debian's own kernel, fetched once and never installed, with the first root that its guest begins in."""

import contextlib
import fcntl
import lzma
import pathlib
import re
import shutil
import subprocess

from rig import archive, cards, modules

HERE = pathlib.Path(__file__).resolve().parent
BUSYBOX = pathlib.Path("/bin/busybox")

# Of the package's 400 MB. (The cloud kernel, which is smaller, has no sound.)
WANTED = ["./boot/vmlinuz*"] + [f"./lib/modules/*/kernel/{part}/*" for part in (
    "sound", "net/9p", "fs/9p", "fs/netfs", "fs/fscache", "fs/overlayfs", "drivers/virtio", "drivers/char",
    "drivers/usb", "drivers/input", "drivers/media/mc", "drivers/leds", "lib")]
BASE = ("virtio_pci", "virtio_console", "9pnet_virtio", "9p", "overlay")


class Missing(Exception):
    """What a guest needs is not there and cannot be had."""


class Kernel:
    """An unpacked kernel and its first root."""

    def __init__(self, folder):
        self.image = folder / "vmlinux"
        self.initrd = folder / "initrd"


def prepare(cache, flavour):
    """The kernel of a flavour ("amd64", "rt-amd64"), unpacked below `cache` by the first who asks for it; others
    who ask at the same time wait."""
    for program, package in (("qemu-system-x86_64", "qemu-system-x86"), (BUSYBOX, "busybox-static")):
        if not shutil.which(program):
            raise Missing(f"{program} is not there: apt install {package}")
    folder = cache / flavour
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder / "lock"):
        made = Kernel(folder)
        if not made.image.exists():
            _unpack(_fetch(folder, flavour), folder)
        sources = [HERE / "init.sh", *HERE.glob("*.py")]
        if not made.initrd.exists() or made.initrd.stat().st_mtime < max(path.stat().st_mtime for path in sources):
            _write_whole(made.initrd, _first_root(modules.Modules(folder / "lib")))
    return made


@contextlib.contextmanager
def _locked(path):
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _write_whole(path, content):
    """A file that is never seen half: a guest beside this one may be reading the old one."""
    made = path.with_suffix(".new")
    made.write_bytes(content)
    made.rename(path)


def _fetch(folder, flavour):
    """Downloads the kernel's package. Where apt's lists are missing or too old, with lists of our own: to renew
    the machine's takes root, and is not ours to do."""
    lists = folder / "apt"
    (lists / "partial").mkdir(parents=True, exist_ok=True)
    said = []
    for own in ([], [f"-oDir::State::Lists={lists}", f"-oDir::Cache::pkgcache={lists}/p.bin",
                     f"-oDir::Cache::srcpkgcache={lists}/s.bin"]):
        if own:
            said.append(_apt(folder, "apt-get", *own, "-qq", "update"))
        depends = _apt(folder, "apt-cache", *own, "depends", f"linux-image-{flavour}")
        package = re.search(r"Depends: (linux-image-[0-9]\S+)", depends)
        if package:
            said.append(_apt(folder, "apt-get", *own, "-qq", "download", package.group(1)))
            found = list(folder.glob(f"{package.group(1)}_*.deb"))
            if found:
                shutil.rmtree(lists)
                return found[0]
    raise Missing(f"the package linux-image-{flavour} cannot be had: {' '.join(' '.join(said).split()) or 'unknown'}")


def _apt(folder, program, *words):
    """What it says, errors too. (Root's apt would drop to a user who may not write here.)"""
    try:
        return subprocess.run([program, "-oAPT::Sandbox::User=root", *words], cwd=folder, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout
    except FileNotFoundError as error:
        raise Missing(f"{error.filename} is not there: the kernel is Debian's") from error


def _unpack(package, folder):
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE) as tar:
        subprocess.run(["tar", "-x", "-C", folder, "--wildcards", *WANTED], stdin=tar.stdout, check=True)
    compressed = next((folder / "boot").iterdir()).read_bytes()
    start = compressed.find(b"\xfd7zXZ\0")
    if start < 0:
        raise Missing(f"{package.name} is packed in another way than Debian 12's")
    # Uncompressed it is booted through PVH and need not unpack itself: 3 s less on an emulated processor.
    _write_whole(folder / "vmlinux", lzma.LZMADecompressor().decompress(compressed[start:]))
    shutil.rmtree(folder / "boot")
    package.unlink()


def _first_root(found):
    files = {"init": ((HERE / "init.sh").read_bytes(), True), "bin/busybox": (BUSYBOX.read_bytes(), True)}
    for part, names in {"base": BASE, **cards.CARDS}.items():
        order = found.in_order(names)
        files[f"modules/{part}"] = ("".join(f"{name}\n" for name in order).encode(), False)
        for name in order:
            files[f"modules/{name}.ko"] = (found.unsigned(name), False)
    return archive.pack(["bin", "modules", "dev", "proc", "sys", "host", "memory", "root"], files)
