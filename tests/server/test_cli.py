"""The command line: what it prints, what it refuses, how it ends."""
import json
import shutil
import struct
import subprocess
import unittest

from jig_server import JigTest, RpcError, children, example, level, plugin

USAGE, NO_PLUGIN, NO_DEVICE, NO_PORT = 2, 3, 4, 5


def wav(path, samples, channels=1, rate=48000):
    data = struct.pack(f"<{len(samples)}f", *samples)
    path.write_bytes(b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " +
                     struct.pack("<IHHIIHH", 16, 3, channels, rate, rate * channels * 4, channels * 4, 32) +
                     b"data" + struct.pack("<I", len(data)) + data)
    return path


class Refusals(JigTest):
    """Each is one line on standard error and an exit code; nothing is started, nothing is left."""

    def refused(self, code, words, *arguments, cwd=None):
        result = self.run_to_end(*arguments, cwd=cwd)
        shown = f"{arguments}: {result.returncode} {result.stdout!r} {result.stderr!r}"
        self.assertEqual(result.returncode, code, shown)
        self.assertEqual(result.stdout, "", shown)
        self.assertEqual(len(result.stderr.splitlines()), 1, shown)
        self.assertRegex(result.stderr, words)
        self.assertEqual(self.copies(), [], shown)
        return result.stderr

    def run_refused(self, code, words, library, *options):
        given = [option for pair in (("--device", "virtual"), ("--port", 0)) for option in pair
                 if pair[0] not in options]
        return self.refused(code, words, "run", library, *given, *options)

    def test_a_file_that_is_not_there(self):
        self.run_refused(NO_PLUGIN, "no .*missing.so", self.live / "missing.so")

    def test_a_folder_without_a_plugin(self):
        self.run_refused(NO_PLUGIN, "live", self.live)

    def test_a_file_that_is_no_library(self):
        (self.live / "text.so").write_text("#!/bin/sh\necho no plugin\n" * 100)
        self.run_refused(NO_PLUGIN, "text.so.*ELF", self.live / "text.so")

    def test_a_truncated_library(self):
        whole = example("gain").read_bytes()
        (self.live / "cut.so").write_bytes(whole[:len(whole) * 2 // 3])
        self.run_refused(NO_PLUGIN, "cut.so", self.live / "cut.so")

    def test_every_plugin_with_a_fault_in_what_it_says(self):
        for name, words in {
                "wrong_abi": "jig_entry_v2", "no_symbol": "jig_entry_v1", "null_entry": "NULL",
                "newer_host": "host", "null_slot": "process", "duplicate_param": "drive",
                "bad_range": "range|1 to -1|min", "undefined": "jig_test_function_that_nobody_has",
                "create_fails": "hall.wav is missing", "create_silent": "create",
                "activate_fails": "activate"}.items():
            with self.subTest(name):
                error = self.run_refused(NO_PLUGIN, words, self.put(plugin(name), f"{name}.so"))
                self.assertIn(f"live/{name}.so", error)

    def test_a_plugin_that_crashes_as_it_is_made(self):
        self.run_refused(NO_PLUGIN, "plugin.so.*SIGSEGV", self.put(level("crash_in_create")))

    def test_a_plugin_id_that_the_library_does_not_hold(self):
        self.run_refused(NO_PLUGIN, "org.nobody.*dev.jig.gain", self.put(example("gain")),
                         "--plugin", "org.nobody")

    def test_inputs_that_are_none(self):
        library = self.put(example("gain"))
        (self.home / "text.wav").write_text("this is no audio")
        for given in ("sine:", "sine:0", "sine:440,6", "sine:440,-6,1", "noise:loud", "tape", "file:",
                      "off:1", f"file:{self.home}/missing.wav", f"file:{self.home}/text.wav"):
            with self.subTest(given):
                self.run_refused(USAGE, given.partition("file:")[2] or "--input", library, "--input", given)

    def test_options_that_are_none(self):
        library = self.put(example("gain"))
        for options in (("--period", 7), ("--period", 9000), ("--rate", 1), ("--bpm", 0), ("--fade", -1),
                        ("--device", "tape"), ("--device", "hw:0"), ("--device", "alsa:null"),
                        ("--device", "alsa:default"), ("--device", "alsa:none+none"), ("--periods", 1),
                        ("--prefill", 1), ("--prefill", 3), ("--connect", "some"), ("--nonsense",), ("--port", 70000),
                        ("--no-token", "--token-file", "x"), ("--period",)):
            with self.subTest(options):
                self.run_refused(USAGE, ".", library, *options)

    def test_no_command_and_an_unknown_one(self):
        self.refused(USAGE, "subcommand|command")
        self.refused(USAGE, "subcommand|command", "fly")
        self.refused(USAGE, "fly", "devices", "fly")

    def test_a_port_that_is_taken(self):
        server = self.serve(self.put(example("gain")))
        other = self.put(example("gain"), "other.so")
        result = self.run_to_end("run", other, "--device", "virtual", "--port", server.port)
        self.assertEqual(result.returncode, NO_PORT)
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        self.assertIn(str(server.port), result.stderr)
        self.assertIsNone(server.process.poll())

    def test_listening_beyond_this_machine_without_a_token(self):
        self.run_refused(NO_PORT, "token", self.put(example("gain")), "--listen", "0.0.0.0", "--no-token")

    def test_a_recording_that_cannot_be_written(self):
        self.run_refused(USAGE, "nowhere/out.wav", self.put(example("gain")),
                         "--record", self.home / "nowhere" / "out.wav")

    def test_a_device_that_is_not_there(self):
        self.run_refused(NO_DEVICE, "JACK|jack", self.put(example("gain")), "--device", "jack")
        self.run_refused(NO_DEVICE, "There is no hw:NoSuchCard,0|There is no sound card",
                         self.put(example("gain")), "--device", "alsa:hw:NoSuchCard")

    def test_what_runs_free_is_refused_by_its_name(self):
        self.run_refused(USAGE, '"null" runs free', self.put(example("gain")), "--device", "alsa:null")

    def test_a_prefill_that_its_ring_does_not_hold(self):
        self.run_refused(USAGE, "--prefill 5 does not fit into a ring of --periods 4",
                         self.put(example("gain")), "--periods", 4, "--prefill", 5)

    def test_an_unknown_key_in_jig_toml(self):
        library = self.put(example("gain"))
        (self.home / "jig.toml").write_text("[run]\nvolume = 11\n")
        self.run_refused(USAGE, "volume", library)

    def test_a_wrong_value_in_jig_toml(self):
        library = self.put(example("gain"))
        (self.home / "jig.toml").write_text("[run]\nperiod = \"many\"\n")
        self.run_refused(USAGE, "many|period", library)

    def test_a_jig_toml_that_is_none(self):
        library = self.put(example("gain"))
        (self.home / "jig.toml").write_text("[run\nperiod\n")
        self.run_refused(USAGE, ".", library)


class Answers(JigTest):
    def answer(self, *arguments):
        result = self.run_to_end(*arguments)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return result.stdout

    def test_version_is_one_line(self):
        self.assertRegex(self.answer("--version"), r"^jig \d+\.\d+\.\d+\n$")

    def test_help_names_commands_options_examples_and_exit_codes(self):
        text = self.answer("--help")
        for word in ("run", "devices", "info", "Examples:", "Exit codes:"):
            self.assertIn(word, text)
        self.assertNotIn("probe-jack", text)
        text = self.answer("run", "--help")
        for option in ("--plugin", "--device", "--rate", "--period", "--port", "--listen", "--allow-host",
                       "--periods", "--prefill", "--resample-capture", "--token-file", "--no-token", "--ui-dir", "--input", "--record", "--connect", "--bpm"):
            self.assertIn(option, text)

    def test_devices_lists_them_and_says_which_is_taken(self):
        text = self.answer("devices")
        self.assertRegex(text, "(?m)virtual")
        self.assertRegex(text, "(?m)jack")
        self.assertRegex(text, r"(?m)alsa")
        # A machine may have a card of its own.
        self.assertRegex(text, r"Without --device: (virtual|alsa:hw:\S+); \S")

    def test_devices_as_json_are_the_same_ones(self):
        text, told = self.answer("devices"), json.loads(self.answer("devices", "--json"))
        self.assertIn(f"Without --device: {told['taken']['device']}; {told['taken']['why']}", text)
        self.assertEqual({device["kind"] for device in told["devices"]}, {"jack", "pipewire", "alsa", "virtual"})
        for device in told["devices"]:
            self.assertIn(device["name"], text)
            self.assertIn(device["description" if device["available"] else "reason"], text)
            if device["kind"] == "alsa" and device["address"]:
                self.assertTrue(device["in"] or device["out"], device)

    def test_info_shows_buses_and_parameters(self):
        text = self.answer("info", example("gain"))
        self.assertIn("Gain 1.0 (dev.jig.gain) by Jig", text)
        self.assertRegex(text, "gain: -60 … 24 dB, default 0")

    def test_info_as_json_is_the_protocols_form(self):
        told = json.loads(self.answer("info", plugin("two_plugins"), "--json", "--plugin", "dev.jig.test.invert"))
        self.assertIn("dev.jig.test.invert", json.dumps(told))
        gain = json.loads(self.answer("info", example("gain"), "--json"))
        params = gain["params"]
        self.assertEqual(params[0]["id"], "gain")
        self.assertEqual((params[0]["min"], params[0]["max"], params[0]["curve"]), (-60, 24, "db"))

    def test_info_refuses_what_is_no_plugin(self):
        for name in ("no_symbol", "wrong_abi", "null_slot"):
            with self.subTest(name):
                result = self.run_to_end("info", plugin(name))
                self.assertEqual(result.returncode, NO_PLUGIN)
                self.assertEqual(result.stdout, "")
                self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
                self.assertIn(f"{name}.so", result.stderr)


class Choices(JigTest):
    def test_jig_toml_gives_the_same_options_and_the_command_line_goes_before(self):
        (self.home / "jig.toml").write_text("[run]\nperiod = 1024\nrate = 44100\ninput = \"sine:1000,-18\"\nbpm = 90\n")
        server = self.serve(self.put(example("gain")), "--bpm", 150)
        state = server.client().call("state.get")
        self.assertEqual((state["audio"]["rateHz"], state["audio"]["periodFrames"]), (44100, 1024))
        self.assertEqual((state["input"]["kind"], state["input"]["hz"], state["input"]["levelDb"]),
                         ("sine", 1000, -18))
        self.assertEqual(state["transport"]["bpm"], 150)

    def test_a_folder_means_its_newest_complete_library(self):
        self.put(level("half"), "a_first.so")
        newest = self.put(level("quarter"), "b_second.so")
        whole = example("gain").read_bytes()
        (self.live / "c_cut.so").write_bytes(whole[:len(whole) // 2])
        server = self.serve(self.live)
        client = server.client()
        self.assertEqual(client.call("plugin.info")["path"], str(newest))
        client.hear_level(0.25)
        self.assertEqual(sorted(client.call("plugin.info")["libraries"])[:2], ["a_first.so", "b_second.so"])
        client.call("plugin.load", name="a_first.so")
        client.hear_level(0.5)
        for name in ("missing.so", "../live/b_second.so", str(newest)):
            with self.assertRaises(RpcError) as refused:
                client.call("plugin.load", name=name)
            self.assertIn(refused.exception.code, (-32001, -32602))

    def test_plugin_takes_another_one_of_the_library(self):
        library = self.put(plugin("two_plugins"))
        server = self.serve(library, "--plugin", "dev.jig.test.invert")
        client = server.client()
        told = client.call("plugin.info")
        self.assertEqual(told["id"], "dev.jig.test.invert")
        self.assertEqual([p["id"] for p in told["plugins"]], ["dev.jig.test.copy", "dev.jig.test.invert"])
        client.call("plugin.select", id="dev.jig.test.copy")
        client.wait_state("plugin", lambda p: p["id"] == "dev.jig.test.copy")

    def test_without_one_it_is_the_first(self):
        server = self.serve(self.put(plugin("two_plugins")))
        self.assertEqual(server.client().call("plugin.info")["id"], "dev.jig.test.copy")

    def test_a_plugin_is_found_by_a_relative_path(self):
        self.put(level("half"))
        server = self.serve("live/plugin.so")
        server.client().hear_level(0.5)
        self.put(level("quarter"))
        server.client().hear_level(0.25)

    def test_an_unusual_token_file_is_used(self):
        kept = self.home / "my-token"
        server = self.serve(self.put(example("gain")), "--token-file", kept)
        self.assertEqual(kept.read_text().strip(), server.token)

    def test_no_token_asks_for_none(self):
        server = self.serve(self.put(example("gain")), "--no-token")
        self.assertEqual(server.token, "")
        self.assertEqual(server.client(headers={}).hello["protocol"], 1)
