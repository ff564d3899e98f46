"""Hot reload: every save is heard, nothing is lost, and a bad build never reaches the speakers."""
import shutil
import time

from jig_server import JigTest, RpcError, alive, example, float_wav, journal, level, plugin, wait_until


class Reload(JigTest):
    def test_a_library_moved_into_place_is_heard_and_told_with_figures(self):
        server = self.serve(self.put(level("half")))
        client = server.client()
        client.hear_level(0.5)
        self.put(level("quarter"))
        event = client.event("plugin.reloaded", generation=2)
        client.hear_level(0.25)
        data = event["data"]
        print(f"file to sound: {data['fileToSoundMs']:.1f} ms")
        self.assertEqual(data["fadeFrames"], 1440)
        self.assertGreater(data["swapFrame"], 0)
        self.assertGreater(data["fileToSoundMs"], 0)
        self.assertEqual(data["gapFrames"], 0)
        self.assertLess(data["stepDb"], -40)  # a quarter, over 1,440 frames
        self.assertEqual((data["added"], data["removed"], data["renamed"]), ([], [], []))

    def test_a_library_written_over_by_cp_is_heard(self):
        server = self.serve(self.put(level("half")))
        client = server.client()
        client.hear_level(0.5)
        engine = server.engine()
        for name, value in (("quarter", 0.25), ("half", 0.5), ("quarter", 0.25)):
            self.overwrite(level(name))
            client.hear_level(value)
        self.assertEqual(server.engine(), engine)  # nothing that was mapped has been written over

    def test_parameters_stay_by_id_and_by_what_they_were_called(self):
        server = self.serve(self.put(level("half")))
        client = server.client()
        client.call("param.set", id="drive", value=0.8)
        client.hear_level(0.4)
        self.put(level("quarter"))
        client.hear_level(0.2)
        self.put(level("renamed"))
        event = client.event("plugin.reloaded", generation=3)
        self.assertEqual(event["data"]["renamed"], ["drive → strength"])
        client.hear_level(0.1)
        value = client.call("param.get", id="strength")
        self.assertEqual((value["value"], value["touched"]), (0.8, True))
        with self.assertRaises(RpcError) as gone:
            client.call("param.get", id="drive")
        self.assertEqual(gone.exception.code, -32001)
        changed = client.state("params", lambda params: params[0]["id"] == "strength")
        self.assertEqual(changed[0]["value"], 0.8)

    def test_no_frame_is_lost(self):
        record = self.home / "out.wav"
        server = self.serve(self.put(level("half")), "--record", record)
        client = server.client()
        client.hear_level(0.5)
        for generation, name in enumerate(("quarter", "half", "quarter", "half"), 2):
            self.put(level(name))
            client.event("plugin.reloaded", generation=generation)
        client.hear_level(0.5)
        self.assertEqual(server.end(), 0)
        entries = journal(record.with_name("out.wav.journal.tsv"))
        self.assertEqual([e["kind"] for e in entries if e["kind"] in ("start", "swap_begin")],
                         ["start"] + 4 * ["swap_begin"])
        self.assertEqual([e for e in entries if e["kind"] == "device_gap"], [])
        left, right = float_wav(record)
        swaps = [e["frame"] for e in entries if e["kind"] == "swap_begin"]
        self.assertGreater(len(left), swaps[-1] + 1440)
        start = next(e["frame"] for e in entries if e["kind"] == "start") + 2400
        quitting = 4800  # frames at the end, where the output fades out
        heard = left[start:len(left) - quitting]
        self.assertEqual(list(heard), list(right[start:len(right) - quitting]))
        # The level is the old one, a straight line, the new one, in one piece.
        target, old = 0.5, 0.5
        levels = iter((0.25, 0.5, 0.25, 0.5))
        begin = None
        for at, sample in enumerate(heard, start):
            if swaps and at == swaps[0]:
                begin, old, target = swaps.pop(0), target, next(levels)
            part = 1.0 if begin is None else min(1.0, (at - begin) / 1440)
            self.assertAlmostEqual(sample, old + part * (target - old), delta=1e-6, msg=f"frame {at}")

    def test_several_quick_saves_end_with_the_last(self):
        server = self.serve(self.put(level("half")))
        client = server.client()
        client.hear_level(0.5)
        for _ in range(10):
            self.put(level("half"))
            self.put(level("quarter"))
        client.hear_level(0.25)
        for _ in range(5):
            self.put(level("quarter"))
            time.sleep(0.03)
            self.put(level("half"))
            time.sleep(0.03)
        client.hear_level(0.5)
        client.wait_state("reload", lambda r: r["state"] == "watching" and r["residentBuilds"] == 1)
        client.hear_level(0.5)
        wait_until(lambda: len(self.copies()) == 1, 5, "only the last good build's copy")

    def test_a_folder_that_vanishes_and_comes_back(self):
        server = self.serve(self.put(level("half")))
        client = server.client()
        client.hear_level(0.5)
        shutil.rmtree(self.live)
        client.drain(0.3)
        client.hear_level(0.5)
        self.live.mkdir()
        self.put(level("quarter"))
        client.hear_level(0.25)

    def test_a_plugin_asked_for_again_is_loaded_again(self):
        server = self.serve(self.put(level("half")))
        client = server.client()
        client.call("plugin.reload")
        client.event("plugin.reloaded", generation=2)
        client.hear_level(0.5)

    def test_the_meters_layout_follows_the_plugin(self):
        server = self.serve(self.put(plugin("plain")), "--input", "sine:1000,-6")
        client = server.client()
        sub = client.subscribe("meters")
        self.assertEqual(client.frame(sub).channels, 4)
        self.put(plugin("mono"))
        layout = client.take(lambda method, params: method == "stream.layout" and params["sub"] == sub)
        self.assertEqual([c["direction"] for c in layout["layout"]["channels"]], ["in", "out"])
        self.put(plugin("eight"))
        layout = client.take(lambda method, params: method == "stream.layout" and params["sub"] == sub)
        self.assertEqual(len(layout["layout"]["channels"]), 18)
        client.drain(0.1)
        client.frames.clear()
        wait_until(lambda: client.frame(sub).meters()[10]["peak"] > 0.49, 5, "the eighth's first output")


class Rejected(JigTest):
    """The old build keeps playing, and the page is told why."""

    def setUp(self):
        super().setUp()
        self.record = self.home / "out.wav"
        self.server = self.serve(self.put(level("half")), "--record", self.record)
        self.client = self.server.client()
        self.client.hear_level(0.5)
        self.engine = self.server.engine()

    def rejected(self, stage, words):
        event = self.client.event("plugin.rejected")
        self.assertEqual(event["data"]["stage"], stage, event["text"])
        self.assertRegex(event["text"], words)
        self.assertEqual(event["level"], "error")
        self.assertIn("the last good build plays on", event["text"])
        self.assertNotIn("/.plugin", event["text"])
        self.client.hear_level(0.5)
        self.assertEqual(self.server.engine(), self.engine)
        last = self.client.call("state.get")["reload"]["last"]
        self.assertEqual(last["id"], event["id"])
        # All the while, and the next good one comes in.
        self.put(level("quarter"))
        self.client.hear_level(0.25)
        self.assertEqual(self.server.end(), 0)
        heard = float_wav(self.record)[0]
        start = next(e["frame"] for e in journal(self.record.with_name("out.wav.journal.tsv"))
                     if e["kind"] == "start") + 2400
        held = list(heard[start:len(heard) - 4800])
        self.assertEqual([v for v in held if not 0.25 - 1e-6 <= v <= 0.5 + 1e-6], [])
        self.assertEqual(held, sorted(held, reverse=True))

    def test_a_half_written_file(self):
        whole = level("quarter").read_bytes()
        (self.live / "plugin.so").write_bytes(whole[:len(whole) // 2])
        self.rejected("image", "plugin.so")

    def test_a_file_of_another_abi(self):
        self.put(plugin("wrong_abi"))
        self.rejected("abi", "jig_entry_v2")

    def test_a_file_with_a_fault(self):
        self.put(plugin("duplicate_param"))
        self.rejected("open", "drive")

    def test_a_build_that_cannot_be_created(self):
        self.put(level("create_fails"))
        self.rejected("create", "hall.wav is missing")

    def test_a_build_that_cannot_be_created_and_has_other_values(self):
        self.put(level("other_default"))
        self.rejected("create", "hall.wav is missing")

    def test_a_build_that_cannot_be_activated(self):
        self.put(level("activate_fails"))
        self.rejected("activate", "activate")

    def test_a_library_that_is_removed(self):
        (self.live / "plugin.so").unlink()
        self.client.drain(0.8)
        self.client.hear_level(0.5)
        self.put(level("quarter"))
        self.client.hear_level(0.25)


class PartWritten(JigTest):
    def test_a_file_that_is_written_slowly_is_heard_when_it_is_whole(self):
        server = self.serve(self.put(level("half")))
        client = server.client()
        client.hear_level(0.5)
        whole = level("quarter").read_bytes()
        with open(self.live / "plugin.so", "wb") as file:
            for at in range(0, len(whole), 1 + len(whole) // 8):
                file.write(whole[at:at + 1 + len(whole) // 8])
                file.flush()
                client.drain(0.05)
        client.event("plugin.reloaded", generation=2)
        client.hear_level(0.25)
        self.assertEqual([p["text"] for m, p in client.notes
                          if m == "event" and p["kind"] == "plugin.rejected"], [])
