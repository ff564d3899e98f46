"""What cmake --install leaves is all that find_package(jig) needs, wherever it is moved."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

PREFIX = pathlib.Path(os.environ["JIG_PREFIX"])
VERSION = os.environ["JIG_VERSION"]
SOURCE = pathlib.Path(__file__).resolve().parents[2]


class Prefix(unittest.TestCase):
    def setUp(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="jig-prefix-"))
        self.addCleanup(shutil.rmtree, self.home)

    def configure(self, text, prefix=PREFIX):
        project = self.home / "project"
        project.mkdir(exist_ok=True)
        (project / "CMakeLists.txt").write_text("cmake_minimum_required(VERSION 3.22)\n" + text)
        return subprocess.run(["cmake", "-S", project, "-B", project / "build",
                               f"-DCMAKE_PREFIX_PATH={prefix}"], capture_output=True, text=True)

    def test_it_names_no_path_of_the_tree_that_it_was_built_from(self):
        for path in (PREFIX / "share").rglob("*"):
            if path.is_file():
                self.assertNotIn(str(SOURCE), path.read_text(), path)

    def test_every_header_of_the_abi_and_of_the_sdk_is_there(self):
        for room in ("plugin-abi", "sdk"):
            for header in (SOURCE / room / "include").rglob("*.h*"):
                installed = PREFIX / "include" / header.relative_to(SOURCE / room / "include")
                self.assertEqual(installed.read_bytes(), header.read_bytes())

    def test_a_project_in_c_alone_builds_against_it_after_it_was_moved(self):
        moved = self.home / "moved"
        shutil.copytree(PREFIX, moved)
        shutil.copy(SOURCE / "examples" / "gain" / "gain.c", self.home)
        result = self.configure("project(gain LANGUAGES C)\nfind_package(jig REQUIRED)\n"
                                "jig_add_plugin(gain SOURCES ../gain.c DEPENDS m)\n", moved)
        self.assertEqual(result.returncode, 0, result.stderr)
        build = self.home / "project" / "build"
        subprocess.run(["cmake", "--build", build], check=True, capture_output=True)
        told = subprocess.run([moved / "bin" / "dev-server", "info", build / "live" / "gain.so"],
                              check=True, capture_output=True, text=True).stdout
        self.assertIn("dev.jig.gain", told)
        exported = subprocess.run(["nm", "-D", "--defined-only", build / "live" / "gain.so"],
                                  check=True, capture_output=True, text=True).stdout
        self.assertEqual([line.split()[-1] for line in exported.splitlines()], ["jig_entry_v1"])

    def test_the_readmes_one_file_builds_by_the_readmes_own_command(self):
        text = (PREFIX / "share" / "doc" / "jig" / "README.md").read_text()
        (self.home / "tremolo.cpp").write_text(re.search("```cpp\n(.*?)```", text, re.S).group(1))
        command = re.search(r"^    (g\+\+ .*)$", text, re.M).group(1)
        # As if it were installed in /usr.
        subprocess.run(command, shell=True, check=True, cwd=self.home,
                       env={**os.environ, "CPATH": str(PREFIX / "include")})
        told = subprocess.run([PREFIX / "bin" / "dev-server", "info", self.home / "tremolo.so"],
                              check=True, capture_output=True, text=True).stdout
        self.assertIn("Tremolo (org.example.tremolo)", told)

    def test_its_own_version_and_no_other_minor_one_will_do(self):
        major, minor, _ = VERSION.split(".")
        for version, fits in ((f"{major}.{minor}", True), (f"{major}.{int(minor) + 1}", False)):
            result = self.configure(f"project(x LANGUAGES CXX)\nfind_package(jig {version} REQUIRED)\n")
            self.assertEqual(result.returncode == 0, fits, result.stderr)
