"""The sound cards that a guest can have, and what each asks of the kernel and of QEMU."""

import dataclasses

# Card: the kernel modules that make it. Its parameters are the last one's.
CARDS = {
    "dummy": ("snd-dummy",),
    "aloop": ("snd-aloop",),
    "hda": ("snd-hda-codec-generic", "snd-hda-intel"),
    "usb": ("xhci-pci", "snd-usb-audio"),
}

# What appears some time after its driver is loaded: how /proc/asound/cards calls it.
PROBED = {"hda": "HDA-Intel", "usb": "USB-Audio"}

# mixer=off: what is played reaches the WAV bit for bit. use-timer=off: with it QEMU corrects the speed of the stream
# by its own fill level, and the card seems to drift.
DEVICES = {
    "hda": ["-device", "intel-hda,id=hda0,addr=0x10",
            "-device", "hda-duplex,id=codec0,bus=hda0.0,audiodev=a0,mixer=off,use-timer=off"],
    "usb": ["-device", "qemu-xhci,id=xhci", "-device", "usb-audio,id=usb0,bus=xhci.0,audiodev=a0"],
}


@dataclasses.dataclass
class Card:
    name: str
    parameters: list

    def devices(self):
        """QEMU's arguments for it."""
        return DEVICES.get(self.name, [])


def parse(text):
    """A card from the words of the command line: 'aloop timer_source=hw:Dummy,0,0'."""
    name, *parameters = text.split()
    if name not in CARDS:
        raise ValueError(f"there is no card {name!r}; there are {', '.join(CARDS)}")
    return Card(name, parameters)


def audio_back_end(wav):
    """Where hda and usb play to. The tick of 1 ms makes them move in steps of about 64 frames; QEMU's own 10 ms
    would be longer than the buffers under test."""
    if wav is None:
        return ["-audiodev", "none,id=a0,timer-period=1000"]
    return ["-audiodev", f"wav,id=a0,path={wav},out.frequency=48000,timer-period=1000"]
