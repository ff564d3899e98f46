"""dev-server new, from the first line to sound, as someone who has nothing but an installation."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from jig_server import JigTest, ServerProcess

PREFIX = pathlib.Path(os.environ["JIG_PREFIX"])
USAGE, FAILED = 2, 1
STRICT = "-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror"


class Project(JigTest):
    """Commands in a project, with dev-server on the PATH: that is also how CMake finds Jig."""

    def setUp(self):
        super().setUp()
        path = f"{PREFIX}/bin:{os.environ['PATH']}"
        self.environment = {**os.environ, "PATH": path, "CFLAGS": STRICT, "CXXFLAGS": STRICT}

    def run_here(self, *command):
        result = subprocess.run([str(word) for word in command], cwd=self.project, text=True,
                                env=self.environment, capture_output=True)
        self.assertEqual(result.returncode, 0, f"{command}:\n{result.stdout}\n{result.stderr}")
        return result.stdout

    def make(self, name, *kind):
        self.project = self.home
        told = self.run_here("dev-server", "new", name, *kind)
        self.project = self.home / name
        self.library = self.project / "build" / "live" / f"{name}.so"
        return told

    def build_and_test(self, tests):
        self.run_here("cmake", "-B", "build")
        self.run_here("cmake", "--build", "build")
        told = self.run_here("ctest", "--test-dir", "build", "--output-on-failure")
        self.assertIn(f"100% tests passed, 0 tests failed out of {tests}", told)

    def play(self, plugin_id):
        server = ServerProcess(self.project, "build")  # where jig.toml is
        self.addCleanup(server.close)
        client = server.wait_for_page().client()
        info = client.call("plugin.info")
        self.assertEqual((info["id"], info["path"]), (plugin_id, str(self.library)))
        return client

    def edit(self, file, before, after):
        text = (self.project / file).read_text()
        self.assertIn(before, text)
        (self.project / file).write_text(text.replace(before, after))
        self.run_here("cmake", "--build", "build", "--target", self.project.name)


def is_loud(outputs):
    return all(output["peak"] > 0.5 for output in outputs)


class Effect(Project):
    def test_an_effect_is_written_built_tested_heard_edited_and_heard_again(self):
        told = self.make("tape_echo")
        files = sorted(path.name for path in self.project.iterdir())
        self.assertEqual(files, [".gitignore", "CMakeLists.txt", "jig.toml", "tape_echo.cpp",
                                 "tape_echo_test.cpp"])
        for file in files:
            self.assertIn(file, told)
            self.assertIsNone(re.search("(?i)my_?plugin|my plugin", (self.project / file).read_text()))
        self.build_and_test(2)
        client = self.play("org.example.tape_echo")
        client.hear(is_loud)
        self.edit("tape_echo.cpp", "b.out(c, i) = std::tanh(x)", "b.out(c, i) = 0.25f")
        client.hear_level(0.25)

    def test_a_name_that_is_one_of_the_templates_words_stays_as_it_is(self):
        self.make("MyPlugin", "--effect")
        text = (self.project / "MyPlugin.cpp").read_text()
        self.assertIn('id = "org.example.MyPlugin", name = "MyPlugin"', text)
        self.assertIn("struct MyPluginPlugin : jig::Effect", text)


class Instrument(Project):
    def test_an_instrument_is_written_built_tested_and_plays_notes(self):
        self.make("organ", "--instrument")
        self.build_and_test(3)
        client = self.play("org.example.organ")
        client.call("param.set", id="level", value=0)
        client.call("midi.send", events=[{"type": "noteOn", "key": 60, "velocity": 1, "channel": 0}])
        client.hear(is_loud)


class C(Project):
    def test_an_effect_in_c_is_written_built_tested_and_heard(self):
        self.make("plain", "--c")
        self.build_and_test(2)
        client = self.play("org.example.plain")
        client.hear(is_loud)
        told = json.loads(self.run_here("dev-server", "info", "--json", self.library))
        self.assertEqual(told["params"][0]["id"], "drive")


@unittest.skipUnless(shutil.which("faust"), "there is no faust")
class Faust(Project):
    def test_an_effect_in_faust_is_written_built_tested_heard_edited_and_heard_again(self):
        self.make("fuzz", "--faust")
        self.build_and_test(2)
        client = self.play("org.example.fuzz")
        client.hear(is_loud)
        self.edit("fuzz.dsp", "*(drive) : ma.tanh", "*(0) + 0.25")
        client.hear_level(0.25)


class Refusals(JigTest):
    """One sentence on standard error, and nothing is written."""

    def refused(self, code, words, *arguments):
        before = sorted(self.home.rglob("*"))
        result = self.run_to_end("new", *arguments)
        self.assertEqual((result.returncode, result.stdout), (code, ""), result.stderr)
        self.assertRegex(result.stderr, words)
        self.assertEqual(len(result.stderr.splitlines()), 1, result.stderr)
        self.assertEqual(sorted(self.home.rglob("*")), before)

    def test_names_that_are_no_identifiers(self):
        for name in ("", "4x4", "_x", "a-b", "a b", "../x", "a/b", "ä", "x" * 65):
            with self.subTest(name):
                self.refused(USAGE, "cannot name a plugin|required", name)

    def test_names_that_a_build_has_already(self):
        for name in ("test", "all", "m"):
            with self.subTest(name):
                self.refused(USAGE, f'"{name}" is a target or a library', name)

    def test_whatever_is_there_already(self):
        (self.home / "folder").mkdir()
        (self.home / "file").write_text("mine")
        (self.home / "link").symlink_to("nowhere")
        for name in ("folder", "file", "link"):
            with self.subTest(name):
                self.refused(USAGE, f"{name} is there already", name)

    def test_two_kinds_at_once_and_unknown_ones(self):
        self.refused(USAGE, "--c and --faust", "x", "--faust", "--c")
        self.refused(USAGE, "rust", "x", "--rust")

    def test_a_place_that_cannot_be_written(self):
        gone = self.home / "gone"
        gone.mkdir()
        script = f'cd {gone} && rmdir {gone} && exec "$0" new echo'
        result = subprocess.run(["sh", "-c", script, PREFIX / "bin" / "dev-server"],
                                capture_output=True, text=True)
        self.assertEqual(result.returncode, FAILED)
        self.assertRegex(result.stderr, "cannot make the folder echo: ")
