"""What Jig plays on the emulated HDA card, sample by sample, in the WAV that QEMU writes of it."""

import array
import os
import pathlib
import random
import shlex
import subprocess
import tempfile
import unittest
import wave

BOOT = pathlib.Path(__file__).resolve().parents[1] / "boot"
PRELOAD = shlex.split(os.environ["JIG_VM_PRELOAD"])
SKIPPED = 77
RATE = 48000


def setUpModule():
    setup = subprocess.run([BOOT, "--setup"], stdout=subprocess.PIPE, text=True)
    if setup.returncode == SKIPPED:
        raise unittest.SkipTest(setup.stdout)


def left_of(path):
    """Of stereo S16. (QEMU does not always come to write the length into the head.)"""
    samples = array.array("h", path.read_bytes()[44:][:-4 or None])
    return samples[::2]


class Played(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def played(self, test, **environment):
        """What a test of inside/test_played.py plays."""
        wav = self.folder / "played.wav"
        subprocess.run([BOOT, "--card", "hda", "--wav", wav, *PRELOAD, "/usr/bin/python3", "-m", "unittest",
                        f"test_played.{test}"], cwd=BOOT.parent / "inside", check=True,
                       env={**os.environ, **environment})
        return left_of(wav)

    def test_is_the_file_bit_for_bit(self):
        noise = random.Random(1)
        frames = array.array("h", [noise.randrange(-8192, 8192) for _ in range(2 * 4 * RATE)])
        programme = self.folder / "programme.wav"
        with wave.open(str(programme), "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(frames.tobytes())
        meant = frames[::2]
        heard = self.played("File", JIG_VM_PROGRAMME=str(programme))
        # It fades in first; from there on no sample differs.
        at = RATE
        begin = meant.tobytes().find(heard[at:at + 64].tobytes()) // 2
        self.assertGreaterEqual(begin, 0, "nothing of the file is in what was played")
        pairs = zip(heard[at:], meant[begin:])
        same = next((i for i, (a, b) in enumerate(pairs) if a != b), len(heard) - at)
        self.assertGreater(same, RATE)
        self.assertLess(len(heard) - at - same, RATE // 10, "it differs before its end")

    def test_is_never_louder_than_meant_while_the_card_is_pulled(self):
        heard = self.played("Pulled")
        peak = 32768 * 10 ** (-12 / 20)
        self.assertLessEqual(max(heard), peak + 1)
        self.assertGreaterEqual(min(heard), -peak - 1)
        # What the card has not played when it is pulled is cut off; everything else is the sine's slope or a fade's.
        slope = peak * 2 * 3.1416 * 100 / RATE + peak / (0.03 * RATE) + 1
        self.assertLessEqual(max(abs(b - a) for a, b in zip(heard, heard[1:]) if b != 0), slope)


if __name__ == "__main__":
    unittest.main()
