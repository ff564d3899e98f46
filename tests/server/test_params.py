"""From param.set on the socket to the block that carries it."""
from jig_server import JigTest, RpcError, example, float_wav, journal, level, plugin

PERIOD = 128


class Params(JigTest):
    def test_a_value_is_heard_within_a_few_periods(self):
        record = self.home / "out.wav"
        server = self.serve(self.put(level("half")), "--record", record, "--period", PERIOD)
        client = server.client()
        client.hear_level(0.5)
        asked = []
        for n in range(50):
            value = 0.1 + n / 100
            frame = client.call("ping")["frame"]
            client.call("param.set", id="drive", value=value)
            asked.append((value, frame, client.call("ping")["frame"]))
            client.drain(0.015)
        self.assertEqual(server.end(), 0)
        landed = {round(e["value"], 4): e["frame"]
                  for e in journal(record.with_name("out.wav.journal.tsv")) if e["kind"] == "param"}
        # The ping before says how far the engine was; the request itself and the wake-ups of the
        # server and of this test lie in between. A virtual device that was held up renders several
        # periods at once.
        late = sorted((landed[round(value, 4)] - before) / PERIOD for value, before, after in asked)
        after = sorted((landed[round(value, 4)] - after) / PERIOD for value, _, after in asked)
        print(f"periods of {PERIOD} from the ping before to the block: median {late[25]:.1f}, "
              f"most {late[-1]:.1f}; from the answer: median {after[25]:.1f}, most {after[-1]:.1f}")
        self.assertGreaterEqual(late[0], 0)
        self.assertLessEqual(late[25], 4)
        # The answer is sent when the value is there to be taken: the next block has it.
        self.assertLessEqual(after[25], 1)
        self.assertLessEqual(after[-1], 2)
        heard = float_wav(record)[0]
        for value, _, _ in asked:
            at = landed[round(value, 4)]
            self.assertAlmostEqual(heard[at], 0.5 * value, delta=1e-6)
            self.assertNotAlmostEqual(heard[at - 1], 0.5 * value, delta=1e-6)

    def test_values_that_are_set_together_land_in_one_block(self):
        record = self.home / "out.wav"
        server = self.serve(self.put(plugin("thousand_params")), "--record", record)
        client = server.client()
        client.drain(0.2)  # past the start's fade
        ids = [f"p{n:03d}" for n in range(1000)]
        for n in range(1, 6):
            values = client.call("param.setMany", values={id: n * 2.0 ** -13 for id in ids})["values"]
            self.assertEqual(len(values), 1000)
            client.drain(0.1)
        self.assertEqual(server.end(), 0)
        entries = [e for e in journal(record.with_name("out.wav.journal.tsv")) if e["kind"] == "param"]
        for n in range(1, 6):
            frames = [e["frame"] for e in entries if e["value"] == n * 2.0 ** -13]
            self.assertEqual((len(frames), len(set(frames))), (1000, 1))
            self.assertEqual(float_wav(record)[0][frames[0]], 1000 * n * 2.0 ** -13)

    def test_a_preset_lands_in_one_block_and_leaves_nothing_as_it_was(self):
        record = self.home / "out.wav"
        server = self.serve(self.put(example("crush")), "--record", record)
        client = server.client()
        self.assertEqual(client.call("plugin.info")["presets"], [{"name": "Telephone", "doc": ""}])
        client.call("param.set", id="drive", value=3)
        values = client.call("preset.load", name="Telephone")["values"]
        self.assertEqual({v["id"]: v["value"] for v in values}, {"drive": 18, "bits": 6})
        with self.assertRaisesRegex(RpcError, "there is no preset \"Phone\"; plugin.info lists"):
            client.call("preset.load", name="Phone")
        client.drain(0.2)
        self.assertEqual(server.end(), 0)
        frames = {e["frame"] for e in journal(record.with_name("out.wav.journal.tsv"))
                  if e["kind"] == "param" and e["value"] in (18, 6)}
        self.assertEqual(len(frames), 1)

    def test_values_for_a_frame_land_on_it(self):
        record = self.home / "out.wav"
        server = self.serve(self.put(level("half")), "--record", record)
        client = server.client()
        client.hear_level(0.5)
        at = (client.call("ping")["frame"] + 9600) // 16 * 16
        client.call("param.setMany", values={"drive": 0.5}, frame=at)
        client.hear_level(0.25)
        self.assertEqual(server.end(), 0)
        heard = float_wav(record)[0]
        self.assertEqual((heard[at - 1], heard[at]), (0.5, 0.25))

    def test_all_land_or_none(self):
        server = self.serve(self.put(plugin("thousand_params")))
        client = server.client()
        with self.assertRaises(RpcError) as refused:
            client.call("param.setMany", values={"p000": 0.5, "p001": 7})
        self.assertEqual((refused.exception.code, refused.exception.data["min"], refused.exception.data["max"]),
                         (-32002, -1, 1))
        with self.assertRaises(RpcError) as refused:
            client.call("param.setMany", values={"p000": 0.5, "p999x": 0})
        self.assertEqual(refused.exception.code, -32001)
        self.assertEqual(client.call("param.get", id="p000")["value"], 0)
        self.assertFalse(client.call("param.get", id="p000")["touched"])

    def test_ranges_and_steps(self):
        server = self.serve(self.put(example("crush")))
        client = server.client()
        self.assertEqual(client.call("param.set", id="bits", value=6.6)["value"], 7)
        for value in (0, 17, 1e300):
            with self.assertRaises(RpcError) as refused:
                client.call("param.set", id="bits", value=value)
            self.assertEqual(refused.exception.code, -32002)
            self.assertIn("1 to 16", refused.exception.message)
        rev = client.call("param.get", id="bits")["rev"]
        reset = client.call("param.reset", id="bits")["values"]
        self.assertEqual((reset[0]["value"], reset[0]["touched"]), (8, False))
        self.assertGreater(reset[0]["rev"], rev)

    def test_triggers_and_outputs(self):
        record = self.home / "out.wav"
        server = self.serve(self.put(plugin("recorder")), "--record", record)
        client = server.client()
        client.drain(0.1)
        client.call("param.trigger", id="bang")
        for id, method in (("blocks", "param.set"), ("bang", "param.set"), ("value", "param.trigger")):
            with self.assertRaises(RpcError):
                client.call(method, id=id, **({"value": 1} if method == "param.set" else {}))
        changed = client.take(lambda m, p: m == "param.changed" and p["id"] == "blocks")
        self.assertEqual(changed["by"], "plugin")
        self.assertGreater(changed["value"], 0)
        client.drain(0.2)
        self.assertEqual(server.end(), 0)
        trigger = [e for e in journal(record.with_name("out.wav.journal.tsv")) if e["kind"] == "trigger"]
        self.assertEqual(len(trigger), 1)

    def test_notes_reach_an_instrument(self):
        server = self.serve(self.put(example("synth")))
        client = server.client()
        client.call("midi.send", events=[{"type": "noteOn", "key": 60, "velocity": 1, "channel": 0}])
        client.hear(lambda outputs: outputs[0]["peak"] > 0.02)
        client.call("midi.send", events=[{"type": "allOff"}])
        client.hear(lambda outputs: outputs[0]["peak"] < 1e-4)

    def test_an_effect_takes_no_notes(self):
        server = self.serve(self.put(example("gain")))
        with self.assertRaises(RpcError) as refused:
            server.client().call("midi.send", events=[{"type": "noteOn", "key": 60, "velocity": 1, "channel": 0}])
        self.assertEqual(refused.exception.code, -32007)


class Together(JigTest):
    def test_two_clients_stay_in_step(self):
        server = self.serve(self.put(level("half")))
        first, second = server.client(name="first"), server.client(name="second")
        self.assertNotEqual(first.hello["clientId"], second.hello["clientId"])
        value = first.call("param.set", id="drive", value=0.75)
        for client in (first, second):
            changed = client.take(lambda m, p: m == "param.changed")
            self.assertEqual({k: changed[k] for k in value}, value)
            self.assertEqual(changed["by"], first.hello["clientId"])
        second.call("param.setMany", values={"drive": 0.5, "spare": 1})
        for client in (first, second):
            seen = [client.take(lambda m, p: m == "param.changed") for _ in range(2)]
            self.assertEqual({c["id"]: c["value"] for c in seen}, {"drive": 0.5, "spare": 1})
            self.assertEqual({c["by"] for c in seen}, {second.hello["clientId"]})
        self.assertEqual(first.call("param.list"), second.call("param.list"))
        second.call("monitor.set", mute=True)
        self.assertTrue(first.state("monitor")["mute"])
        second.call("transport.set", bpm=90, playing=True)
        first.state("transport", lambda t: t["bpm"] == 90 and t["playing"])
        second.call("input.select", kind="sine", hz=100, levelDb=-30)
        first.state("input", lambda i: i["kind"] == "sine" and i["hz"] == 100)

    def test_a_gesture_ends_with_its_client(self):
        server = self.serve(self.put(level("half")))
        first, second = server.client(), server.client()
        second.call("param.begin", id="drive")
        self.assertTrue(first.take(lambda m, p: m == "param.gesture")["active"])
        second.close()
        ended = first.take(lambda m, p: m == "param.gesture")
        self.assertEqual((ended["id"], ended["active"], ended["by"]), ("drive", False, second.hello["clientId"]))

    def test_nothing_is_answered_before_hello(self):
        server = self.serve(self.put(level("half")))
        client = server.client(greet=False)
        with self.assertRaises(RpcError) as refused:
            client.call("state.get")
        self.assertEqual(refused.exception.code, -32600)
        with self.assertRaises(RpcError):
            client.call("hello", client="test", protocol=99)
        self.assertEqual(client.call("hello", client="test", protocol=1)["protocol"], 1)
        client.call("state.get")

    def test_events_are_kept_for_those_who_come_later(self):
        server = self.serve(self.put(level("half")))
        first = server.client()
        last = first.hello["lastEventId"]
        self.put(level("quarter"))
        first.event("plugin.reloaded", generation=2)
        late = server.client()
        reply = late.call("events.since", id=last)
        self.assertEqual(reply["gap"], 0)
        self.assertEqual([e["id"] for e in reply["events"]],
                         list(range(last + 1, reply["lastEventId"] + 1)))
        self.assertIn("plugin.reloaded", [e["kind"] for e in reply["events"]])

    def test_panic_mute_bypass_and_trim(self):
        server = self.serve(self.put(level("half")), "--input", "off")
        client = server.client()
        client.hear_level(0.5)
        client.call("monitor.set", trimDb=-20)
        client.hear_level(0.05)
        client.call("monitor.set", trimDb=0, mute=True)
        client.hear(lambda outputs: outputs[0]["peak"] == 0)
        client.call("monitor.set", mute=False, bypass=True)
        client.hear(lambda outputs: outputs[0]["peak"] == 0)
        client.call("monitor.set", bypass=False)
        client.hear_level(0.5)
        client.call("monitor.panic")
        client.hear_level(0.5)

    def test_too_loud_an_output_is_muted_until_it_is_armed_again(self):
        server = self.serve(self.put(level("half")))
        client = server.client()
        client.hear_level(0.5)
        client.call("monitor.set", trimDb=12)
        client.call("param.set", id="drive", value=2)
        guard = client.event("audio.guard", what="trip")
        self.assertEqual(guard["level"], "error")
        client.state("monitor", lambda m: m["tripped"])
        client.hear(lambda outputs: outputs[0]["peak"] == 0)
        client.call("monitor.set", trimDb=0)
        client.call("param.set", id="drive", value=1)
        client.drain(0.1)
        client.call("monitor.rearm")
        client.hear_level(0.5)
        self.assertFalse(client.call("state.get")["monitor"]["tripped"])
