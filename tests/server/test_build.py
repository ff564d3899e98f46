"""From a saved source to sound: the build command, its complaints, and what follows."""
import os
import pathlib
import shutil

from jig_server import JigTest, alive, example, wait_until

SOURCES = pathlib.Path(os.environ["JIG_SOURCES"])


class Builds(JigTest):
    """One C++ file, built by the server itself."""

    def setUp(self):
        super().setUp()
        os.environ["XDG_CACHE_HOME"] = str(self.home / "cache")
        self.addCleanup(os.environ.pop, "XDG_CACHE_HOME")
        self.source = self.home / "crush.cpp"
        shutil.copy(SOURCES / "crush" / "crush.cpp", self.source)

    def edit(self, old, new):
        text = self.source.read_text()
        self.assertIn(old, text)
        part = self.home / ".crush.cpp.part"  # as editors save
        part.write_text(text.replace(old, new, 1))
        part.rename(self.source)

    def started(self):
        server = self.serve(self.source, "--input", "off")
        client = server.client()
        client.wait_state("build", lambda build: build["status"] == "succeeded", 60)
        client.wait_state("plugin", lambda plugin: plugin and plugin["name"] == "Crush", 20)
        return server, client

    def test_a_saved_source_is_heard_and_a_broken_one_is_told_by_file_line_and_column(self):
        server, client = self.started()
        self.edit('name = "Crush"', 'name = "Crush two"')
        client.wait_state("plugin", lambda plugin: plugin["name"] == "Crush two", 60)

        line = self.source.read_text().splitlines().index('    Param drive{this, "drive", "Drive", dB(-12, 36, 0), 20_ms}; // read as a smoothed linear gain') + 1
        self.edit("dB(-12, 36, 0), 20_ms", "dB(-12, 36, 0), 20_parsec")
        build = client.wait_state("build", lambda build: build["status"] == "failed", 60)
        errors = [d for d in build["diagnostics"] if d["severity"] == "error"]
        self.assertEqual((errors[0]["file"], errors[0]["line"]), (str(self.source), line))
        self.assertGreater(errors[0]["column"], 1)
        self.assertIn("parsec", errors[0]["message"])
        self.assertIn("parsec", "\n".join(build["tail"]))
        server.wait_for_line(r"Error +The build failed in .* s: crush\.cpp:\d+: .*parsec.*")
        self.assertEqual(client.call("state.get")["plugin"]["name"], "Crush two", "it plays on")

        self.edit("20_parsec", "20_ms")
        build = client.wait_state("build", lambda build: build["status"] == "succeeded", 60)
        self.assertEqual(build["diagnostics"], [])

    def test_without_an_editor_a_line_cannot_be_opened_and_with_one_it_is(self):
        opened = self.home / "opened"
        editor = self.home / "editor"
        editor.write_text(f'#!/bin/sh\necho "$@" >{opened}.part; mv {opened}.part {opened}\n')
        editor.chmod(0o755)
        self.source.write_text("int f() { return undeclared; }\n")
        server = self.serve(self.source, "--editor", f"{editor} -g {{file}}:{{line}}:{{column}}")
        client = server.client()
        build = client.wait_state("build", lambda build: build["status"] == "failed", 60)
        self.assertTrue(build["editor"])
        client.call("build.open", diagnostic=0)
        wait_until(opened.exists, what="the editor's word")
        self.assertEqual(opened.read_text(), f"-g {self.source}:1:18\n")
        with self.assertRaisesRegex(Exception, "names no file"):
            client.call("build.open", diagnostic=99)


class BuildCommand(JigTest):
    def test_a_newer_save_ends_the_build_under_way_and_all_that_it_started(self):
        sources = self.home / "src"
        sources.mkdir()
        (sources / "a.cpp").write_text("")
        pids = self.home / "pids"
        command = f"sleep 600 & echo $! >>{pids}; wait"
        server = self.serve(self.home / "live" / "never.so", "--build", command, "--watch", sources)
        client = server.client()
        begun = lambda count: pids.exists() and len(pids.read_text().split()) == count
        wait_until(lambda: begun(1), what="the first build")
        (sources / "a.cpp").write_text("int a;\n")
        wait_until(lambda: begun(2), what="the second build")
        first, second = map(int, pids.read_text().split())
        wait_until(lambda: not alive(first), what="the end of what the first build started")
        self.assertEqual(client.call("state.get")["build"]["cancelled"], 1)
        server.end()
        wait_until(lambda: not alive(second), what="the end of what the second build started")

    def test_a_server_without_one_says_so(self):
        server = self.serve(self.put(example("gain")))
        client = server.client()
        self.assertEqual(client.call("state.get")["build"]["status"], "off")
        with self.assertRaisesRegex(Exception, "--build"):
            client.call("build.run")

    def test_a_watch_without_a_build_is_refused(self):
        ended = self.run_to_end("run", self.put(example("gain")), "--device", "virtual", "--watch", self.home)
        self.assertEqual(ended.returncode, 2)
        self.assertIn("add --build", ended.stderr)

    def test_sources_that_are_not_there_are_refused(self):
        ended = self.run_to_end("run", self.put(example("gain")), "--device", "virtual", "--build", "true",
                                "--watch", self.home / "nowhere")
        self.assertEqual(ended.returncode, 1)
        self.assertIn("nowhere to watch", ended.stderr)
