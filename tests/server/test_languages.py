"""The same gain, written in several languages, through the real server."""
import os
import pathlib
import shutil
import subprocess
import unittest

from jig_server import JigTest, RpcError, example, float_wav

SOURCES = pathlib.Path(os.environ["JIG_SOURCES"])
CARGO = shutil.which("cargo")
RUST = example("gain_rust").exists()
FAUST = example("gain_faust").exists()

CHANGE = 48000  # the frame where the gain is lowered: late enough for a slow start
END = CHANGE + 36000


class Gains(JigTest):
    recordings = {}

    def recorded(self, name):
        """Both channels of a sine at 0 dB and, from CHANGE on, at -12 dB."""
        if name not in self.recordings:
            self.recordings[name] = self.record(name)
        return self.recordings[name]

    def record(self, name):
        record = self.home / f"{name}.wav"
        server = self.serve(example(name), "--input", "sine:440,-18", "--record", record)
        client = server.client()
        param, = client.call("param.list")["params"]
        self.assertEqual([param[key] for key in ("id", "name", "unit", "min", "max", "def")],
                         ["gain", "Gain", "dB", -60, 24, 0])
        with self.assertRaises(RpcError):
            client.call("param.set", id="gain", value=24.5)
        self.assertLess(client.call("ping")["frame"], CHANGE)
        client.call("param.setMany", frame=CHANGE, values={"gain": -12})
        while client.call("ping")["frame"] < END:
            client.drain(0.05)
        self.assertEqual(server.end(), 0)
        return [channel[:END] for channel in float_wav(record)]

    def test_in_c_is_the_factor_of_the_decibels(self):
        for channel in self.recorded("gain"):
            self.assertAlmostEqual(max(channel[4800:CHANGE]), 10 ** (-18 / 20), delta=1e-4)
            self.assertAlmostEqual(max(channel[CHANGE + 4800:]), 10 ** (-30 / 20), delta=1e-4)

    @unittest.skipUnless(RUST, "there is no cargo")
    def test_in_rust_is_the_one_in_c_bit_for_bit(self):
        for rust, c in zip(self.recorded("gain_rust"), self.recorded("gain"), strict=True):
            self.assertEqual(rust.tobytes(), c.tobytes())

    @unittest.skipUnless(FAUST, "there is no faust")
    def test_in_faust_is_the_one_in_c_once_it_has_arrived(self):
        smoothing = 480
        for faust, c in zip(self.recorded("gain_faust"), self.recorded("gain"), strict=True):
            for first, last in ((4800, CHANGE), (CHANGE + smoothing, END)):
                apart = max(abs(f - o) for f, o in zip(faust[first:last], c[first:last]))
                self.assertLess(apart, 1e-6)


@unittest.skipUnless(FAUST, "there is no faust")
class Faust(JigTest):
    def test_plays_notes_shows_bargraphs_and_takes_values(self):
        server = self.serve(self.put(example("organ")))
        client = server.client()
        plugin = client.call("plugin.info")
        self.assertTrue(plugin["instrument"])
        self.assertEqual([(tap["id"], tap["view"]) for tap in plugin["taps"]],
                         [("envelope", "meter")])
        params = {param["id"]: param for param in client.call("param.list")["params"]}
        self.assertEqual(params["vibrato"]["labels"], ["Off", "Slow", "Fast"])
        self.assertEqual(params["envelope/attack"]["curve"], "log")
        self.assertEqual(params["envelope/attack"]["group"], "Envelope")
        client.call("param.setMany", values={
            "level": 0, "drawbars/16": 0, "drawbars/4": 0, "drawbars/2": 0, "vibrato": 2})
        client.call("midi.send", events=[
            {"type": "noteOn", "key": 60, "velocity": 0.5, "channel": 0}])
        client.hear(lambda outputs: all(0.49 < o["peak"] < 0.51 for o in outputs))
        taps = client.subscribe("taps")
        while client.frame(taps).values != (1.0,):
            pass
        client.call("midi.send", events=[{"type": "allOff"}])
        client.hear(lambda outputs: all(o["peak"] == 0 for o in outputs))


@unittest.skipUnless(RUST and CARGO, "there is no cargo")
class Panic(JigTest):
    def test_leaves_the_last_good_build_playing_and_its_words_in_the_log(self):
        crate = self.home / "crate"
        shutil.copytree(SOURCES / "gain_rust", crate)
        library = crate / "src" / "lib.rs"
        text = library.read_text()
        library.write_text(text.replace("gain.take(*block.params);", 'panic!("on purpose");'))
        self.assertNotEqual(library.read_text(), text)
        subprocess.run([CARGO, "build", "--quiet", "--offline", "--locked"], cwd=crate, check=True)

        server = self.serve(self.put(example("gain_rust")), "--input", "sine:1000,-6")
        client = server.client()
        client.hear(lambda outputs: outputs[0]["peak"] > 0.49)
        self.put(crate / "target" / "debug" / "libgain_rust.so")
        crash = client.event("engine.crashed")
        self.assertEqual((crash["data"]["signalName"], crash["data"]["generation"]), ("SIGABRT", 2))
        client.hear(lambda outputs: outputs[0]["peak"] > 0.49)
        texts = [event["text"] for event in client.call("events.since", id=0)["events"]]
        self.assertTrue(any("on purpose" in text for text in texts), texts)
        self.assertTrue(any("src/lib.rs:" in text for text in texts), texts)
