"""The .deb, installed and removed in a root that is thrown away."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

BUILD = pathlib.Path(os.environ["JIG_BUILD"])
PREFIX = pathlib.Path(os.environ["JIG_PREFIX"])


def run(*command):
    result = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    assert result.returncode == 0, f"{command}: {result.stdout}{result.stderr}"
    return result.stdout


class Deb(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.home = pathlib.Path(tempfile.mkdtemp(prefix="jig-deb-"))
        cls.addClassCleanup(shutil.rmtree, cls.home)
        run("cpack", "--config", BUILD / "CPackConfig.cmake", "-B", cls.home / "made")
        [cls.package] = (cls.home / "made").glob("*.deb")

    def dpkg(self, root, *arguments):
        as_root = [] if os.geteuid() == 0 else ["fakeroot"]
        # What it depends on is on this machine, but not in that root.
        return run(*as_root, "dpkg", f"--root={root}", "--force-depends", "--force-bad-path", *arguments)

    def test_it_needs_the_packages_of_the_libraries_that_it_links(self):
        depends = run("dpkg-deb", "--field", self.package, "Depends")
        linked = run("objdump", "-p", PREFIX / "bin" / "dev-server")
        for library, package in (("libjack.so.0", "libjack"), ("libsndfile.so.1", "libsndfile1"),
                                 ("libsamplerate.so.0", "libsamplerate0"), ("libc.so.6", "libc6")):
            self.assertIn(library, linked)
            self.assertRegex(depends, rf"\b{package}[\w.-]* \(>= ")
        self.assertEqual(run("dpkg-deb", "--field", self.package, "Package").strip(), "jig")

    def test_it_can_be_installed_and_removed_and_leaves_nothing(self):
        root = self.home / "root"
        state = root / "var" / "lib" / "dpkg"
        for folder in ("info", "updates", "triggers"):
            (state / folder).mkdir(parents=True)
        (state / "status").touch()

        def present():
            return {p.relative_to(root) for p in root.rglob("*") if not p.is_relative_to(root / "var")}

        self.dpkg(root, "--install", self.package)
        installed = {p.relative_to("usr") for p in present() if (root / p).is_file()}
        self.assertEqual(installed, {p.relative_to(PREFIX) for p in PREFIX.rglob("*") if p.is_file()})
        told = run(root / "usr" / "bin" / "dev-server", "--version")
        version = run("dpkg-deb", "--field", self.package, "Version").strip()
        self.assertEqual(told, f"jig {version}\n")
        self.assertTrue(re.search(r"^Status: install ok installed$", self.dpkg(root, "--status", "jig"), re.M))
        self.dpkg(root, "--purge", "jig")
        self.assertEqual(present(), set())
