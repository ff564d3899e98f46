"""A recording is the plugin's processing of its input, sample for sample."""
import math
import random
import struct
import subprocess
import time

from jig_server import REPLAY, JigTest, example, float_wav, journal


LEAD = 9600


def speech(path, seconds=9, rate=48000):
    """A stereo file with bursts and noise: LEAD frames of silence, then a loud sample."""
    source = random.Random(7)
    samples = []
    for i in range(-LEAD, seconds * rate):
        if i < 0:
            samples += [0.0, 0.0]
            continue
        burst = 0.5 + 0.5 * math.sin(i / 4000)
        tone = math.sin(i * (0.02 + 0.01 * math.sin(i / 30000)))
        value = 0.9 if i == 0 else burst * (0.4 * tone + 0.1 * source.uniform(-1, 1))
        samples += [value, 0.7 * value + 0.05 * source.uniform(-1, 1)]
    data = struct.pack(f"<{len(samples)}f", *samples)
    path.write_bytes(b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " +
                     struct.pack("<IHHIIHH", 16, 3, 2, rate, rate * 8, 8, 32) +
                     b"data" + struct.pack("<I", len(data)) + data)
    return path


class Record(JigTest):
    def replayed(self, name, given, moves, period=128):
        """A machine that was too busy for the virtual device tears a hole into a take; another one is made."""
        for take in range(3):
            if self.played(self.home / f"out{take}.wav", name, given, moves, period):
                return
            print("the device lost frames; once more")
        self.fail("the device lost frames three times in a row")

    def played(self, record, name, given, moves, period):
        library = self.put(example(name))
        server = self.serve(library, "--input", given, "--record", record, "--period", period)
        client = server.client()
        other = server.client()
        began = client.call("ping")["frame"]
        for generation in (2, 3):
            for values in moves:
                for at in range(5):
                    moved = {id: low + (high - low) * at / 4 for id, (low, high) in values.items()}
                    if len(moved) == 1:
                        (id, value), = moved.items()
                        client.call("param.set", id=id, value=value)
                    else:
                        client.call("param.setMany", values=moved)
                    other.drain(0.02)
                client.call("param.reset", id=next(iter(values)))
                frame = (client.call("ping")["frame"] + 4800) // 16 * 16
                client.call("param.setMany", frame=frame,
                            values={id: high for id, (low, high) in values.items()})
            self.put(example(name))
            client.event("plugin.reloaded", generation=generation)
            other.drain(0.1)
        until = client.call("ping")["frame"]
        self.assertGreater(until - began, 24000)
        client.drain(0.1)
        self.assertEqual(server.end(), 0)
        entries = journal(record.with_name(f"{record.name}.journal.tsv"))
        if any(e["kind"] == "device_gap" for e in entries):
            return False
        self.assertEqual([e["kind"] for e in entries if e["kind"] in ("start", "swap_begin")],
                         ["start", "swap_begin", "swap_begin"])
        self.assertGreater(len([e for e in entries if e["kind"] == "param"]), 12)
        if given.startswith("file:"):
            # The file is heard from the block after it has been read; its loud sample says where.
            first = next(i for i, sample in enumerate(float_wav(record)[0]) if sample != 0) - LEAD
            self.assertGreater(first, -1)
            path, _, loop = given.removeprefix("file:").partition(",")
            given = ",".join(filter(None, (f"file:{path}", str(first), loop)))
        result = subprocess.run([REPLAY, str(record), given, str(period), str(until), *3 * [str(library)]],
                                capture_output=True, text=True, timeout=60)
        print(f"{name}, {given.split(':')[0]}: {result.stdout}{result.stderr}", end="")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return True

    GAIN = [{"gain": (-20, 6)}]
    CRUSH = [{"drive": (-6, 12)}, {"bits": (4, 12)}, {"drive": (0, 20), "bits": (3, 16)}]

    def test_of_gain_on_a_sine_can_be_had_again_offline(self):
        self.replayed("gain", "sine:440,-18", self.GAIN)

    def test_of_crush_on_a_sine_can_be_had_again_offline(self):
        self.replayed("crush", "sine:997,-12", self.CRUSH, 256)

    def test_of_gain_on_a_file_can_be_had_again_offline(self):
        self.replayed("gain", f"file:{speech(self.home / 'speech.wav')}", self.GAIN, 64)

    def test_of_crush_on_a_looped_file_can_be_had_again_offline(self):
        self.replayed("crush", f"file:{speech(self.home / 'speech.wav', 1)},loop", self.CRUSH)
