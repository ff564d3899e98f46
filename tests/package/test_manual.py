"""The manual page and the completion say what the program's own --help says."""
import os
import pathlib
import re
import subprocess
import unittest

PREFIX = pathlib.Path(os.environ["JIG_PREFIX"])
PROGRAM = PREFIX / "bin" / "dev-server"
PAGE = PREFIX / "share" / "man" / "man1" / "dev-server.1"
COMPLETION = PREFIX / "share" / "bash-completion" / "completions" / "dev-server"


def help_of(*command):
    return subprocess.run([PROGRAM, *command, "--help"], check=True, capture_output=True, text=True).stdout


def commands():
    listed = help_of().partition("Subcommands:\n")[2].partition("\n\n")[0]
    return re.findall(r"^  ([a-z]+) ", listed, re.M)


def options(*command):
    return set(re.findall(r"^ +(?:-\w,)?--([a-z][a-z-]*)", help_of(*command), re.M))


class Page(unittest.TestCase):
    def section(self, command):
        """The part of the page about one command; "": what stands before the first."""
        parts = re.split(r"^\.S[sh] (.*)\n", PAGE.read_text(), flags=re.M)
        return parts[parts.index(command or "DESCRIPTION") + 1]

    def test_it_has_every_command_and_every_option_of_it_and_no_other(self):
        self.assertIn("run", commands())
        for command in commands():
            with self.subTest(command):
                described = set(re.findall(r"^\.It Fl -([a-z-]+)", self.section(command), re.M))
                self.assertEqual(described, options(command) - {"help"})

    def test_it_has_every_option_that_stands_before_a_command(self):
        described = set(re.findall(r"^\.It .*Fl -([a-z-]+)", self.section(""), re.M))
        self.assertEqual(described, options())

    def test_it_is_well_formed(self):
        result = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", PAGE],
                                capture_output=True, text=True)
        self.assertEqual((result.returncode, result.stdout), (0, ""))


class Completion(unittest.TestCase):
    def complete(self, *words):
        """What Tab offers after these words, the last of which may be begun."""
        script = ('source "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
                  '_dev_server "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"; '
                  'printf "%s\\n" "${COMPREPLY[@]}"')
        result = subprocess.run(["bash", "-c", script, COMPLETION, PROGRAM, *words],
                                check=True, capture_output=True, text=True)
        self.assertEqual(result.stderr, "")
        return result.stdout.split()

    def test_the_first_word_is_a_command(self):
        self.assertEqual(self.complete(""), commands())
        self.assertEqual(self.complete("dev"), ["devices"])

    def test_after_it_come_its_options(self):
        for command in commands():
            offered = self.complete(command, "--")
            self.assertEqual({word.removeprefix("--") for word in offered}, options(command))
        self.assertEqual(self.complete("run", "build", "--no"), ["--no-token"])

    def test_an_option_of_few_values_has_them_and_any_other_files(self):
        self.assertEqual(self.complete("run", "--device", "j"), ["jack"])
        self.assertEqual(self.complete("run", "--device", "a"), ["auto", "alsa"])
        self.assertEqual(self.complete("run", "--connect", ""), ["physical", "none"])
        self.assertEqual(self.complete("run", "--record", ""), [])
        self.assertEqual(self.complete("run", ""), [])
