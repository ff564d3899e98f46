"""One guest: from a command to its exit status."""

import dataclasses
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading

from rig import cards as sound

HERE = pathlib.Path(__file__).resolve().parent
# Quiet and quick; "mitigations" cost much on an emulated processor, and the clocks need no tests. preempt=full: another
# program's start shall not keep a real-time thread waiting for the milliseconds that it takes here.
KERNEL = ("preempt=full console=ttyS0 loglevel=4 panic=-1 nokaslr mitigations=off audit=0 no_timer_check tsc=reliable "
          "random.trust_cpu=on 8250.nr_uarts=1 cryptomgr.notests")
ALSA = [f"/usr/share/alsa/{part}" for part in (
    "alsa.conf", "alsa.conf.d", "pcm", "cards/aliases.conf", "cards/HDA-Intel.conf", "cards/USB-Audio.conf")]
NOT_ITS_OWN = {"PWD", "OLDPWD", "SHLVL", "_"}


@dataclasses.dataclass
class End:
    status: int | None  # None: the command did not come to its end
    timed_out: bool
    log: str  # the kernel's and QEMU's words


def libraries(path):
    """The shared libraries of a program; none for what is no program."""
    said = subprocess.run(["ldd", path], capture_output=True, text=True).stdout
    return re.findall(r"(/\S+) \(0x", said)


class Guest:
    """A machine that is there for one run. Two at once have nothing in common but the kernel's files."""

    def __init__(self, kernel, cards=(), icount="1", wav=None, shared=(), memory_mib=768):
        self.kernel = kernel
        self.cards = list(cards)
        self.icount = icount
        self.wav = wav.resolve() if wav else None
        self.shared = [path.resolve() for path in shared]
        self.memory_mib = memory_mib

    def run(self, command, preload=(), timeout_s=120, out=None, err=None):
        """Runs a command in it. What it says goes to `out` and `err`, binary files, by default ours."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="jig-vm-"))
        try:
            self._write_job(folder / "job", command, preload)
            return self._boot(folder, timeout_s, out or sys.stdout.buffer, err or sys.stderr.buffer)
        finally:
            shutil.rmtree(folder)

    def _write_job(self, job, command, preload):
        """What rig/init.sh and rig/start.sh read."""
        job.mkdir()
        probed = [sound.PROBED[card.name] for card in self.cards if card.name in sound.PROBED]
        cards = [shlex.join([card.name, *card.parameters]) for card in self.cards]
        _write_lines(job / "cards", cards)
        _write_lines(job / "probed", probed)
        _write_lines(job / "shares", [f"rw{i} {folder}" for i, folder in enumerate(self.shared)])
        _write_lines(job / "preload", self._read_first([*command, *preload]))
        exports = [f"export {name}={shlex.quote(value)}" for name, value in os.environ.items()
                   if name.isidentifier() and name not in NOT_ITS_OWN]
        (job / "start").write_text("\n".join([
            *exports, f"cd {shlex.quote(os.getcwd())}", f"work() {{ {shlex.join(command)}; }}", "",
            (HERE / "start.sh").read_text()]))

    def _read_first(self, words):
        """The files to have in memory before the command begins: while the guest waits for one over 9p, virtual
        time runs on, and seconds may pass between two lines of a program."""
        files = []
        for word in [*words, "sh"]:
            path = shutil.which(word) or word
            if os.path.isfile(path):
                files += [os.path.realpath(path), *libraries(path)]
        for name in ALSA:
            path = pathlib.Path(name)
            files += map(str, path.iterdir() if path.is_dir() else [path])
        return dict.fromkeys(files)

    def _boot(self, folder, timeout_s, out, err):
        pipes = {"out": (os.pipe(), out), "err": (os.pipe(), err)}
        with open(folder / "qemu", "wb") as said:
            machine = subprocess.Popen(
                self._qemu(folder, {name: pipe[1] for name, (pipe, _) in pipes.items()}),
                stdin=subprocess.DEVNULL, stdout=said, stderr=said, pass_fds=[p[1] for p, _ in pipes.values()])
        copiers = []
        for (reader, writer), to in pipes.values():
            os.close(writer)
            copiers.append(threading.Thread(target=_copy, args=(reader, to)))
            copiers[-1].start()
        timed_out = False
        try:
            machine.wait(timeout_s)
        except subprocess.TimeoutExpired:
            timed_out = True
        finally:
            machine.kill()
            machine.wait()
            for copier in copiers:
                copier.join()
        log = "\n".join(path.read_text(errors="replace")
                        for path in (folder / "qemu", folder / "log") if path.exists())
        # isa-debug-exit ends with 2n + 1 when n is written to it; start.sh adds 1. A kernel that gave up leaves 0.
        ended = machine.returncode > 1 and machine.returncode % 2 == 1
        return End((machine.returncode >> 1) - 1 if ended else None, timed_out, log)

    def _qemu(self, folder, pipes):
        words = ["qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
                 "-machine", "pc,usb=off,vmport=off", "-cpu", "max", "-m", str(self.memory_mib), *self._clock(),
                 "-bios", "/usr/share/qemu/qboot.rom", "-kernel", self.kernel.image,
                 "-initrd", self.kernel.initrd, "-append", KERNEL, "-serial", f"file:{folder}/log",
                 "-device", "isa-debug-exit,iobase=0xf4,iosize=1",
                 *_share("root", "/", "on"), *_share("job", folder / "job"),
                 "-device", "virtio-serial-pci,id=serial,ioeventfd=off"]
        for number, (name, pipe) in enumerate(pipes.items(), 1):
            words += ["-add-fd", f"fd={pipe},set={number}", "-chardev", f"file,id={name},path=/dev/fdset/{number},append=on",
                      "-device", f"virtserialport,bus=serial.0,nr={number},chardev={name},name={name}"]
        # QEMU's monitor, led back into the guest: cards are pulled from within.
        words += ["-chardev", f"socket,id=monitor,path={folder}/monitor,server=on,wait=off",
                  "-mon", "chardev=monitor,mode=control",
                  "-chardev", f"socket,id=inside,path={folder}/monitor",
                  "-device", "virtserialport,bus=serial.0,nr=3,chardev=inside,name=monitor"]
        for number, shared in enumerate(self.shared):
            words += _share(f"rw{number}", shared)
        words += sound.audio_back_end(self.wav)
        for card in self.cards:
            words += card.devices()
        return [str(word) for word in words]

    def _clock(self):
        """With icount the guest's time is the number of its instructions, so that it does not see how slow or busy
        this machine is; sleep=off: nobody waits for time in which the guest is idle."""
        if self.icount == "off":
            return ["-accel", "tcg,tb-size=256", "-smp", "2"]
        return ["-accel", "tcg,tb-size=256,thread=single", "-smp", "1", "-icount", f"shift={self.icount},sleep=off",
                "-rtc", "base=2024-01-01,clock=vm"]


def _write_lines(path, lines):
    path.write_text("".join(f"{line}\n" for line in lines))


def _share(tag, path, read_only="off"):
    return ["-fsdev", f"local,id={tag},path={path},security_model=none,readonly={read_only},multidevs=remap",
            "-device", f"virtio-9p-pci,fsdev={tag},mount_tag={tag}"]


def _copy(reader, to):
    with os.fdopen(reader, "rb", buffering=0) as source:
        while piece := source.read(65536):
            to.write(piece)
            to.flush()
