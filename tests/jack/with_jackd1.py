"""Runs a test on jackd1 and its libjack, which Debian cannot install beside jackd2.

    with_jackd1.py fetch TREE            unpacks Debian's packages below TREE; exit code 77 where they cannot be had
    with_jackd1.py run TREE COMMAND …    runs it there; 77 where there is none
"""

import glob
import os
import pathlib
import subprocess
import sys
import tempfile

SKIPPED = 77


def skip(why):
    print(f"skipped: {why}")
    return SKIPPED


def fetch(tree):
    if (tree / "usr/bin/jackd").exists():
        return 0
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        try:
            done = subprocess.run(["apt-get", "download", "-q", "jackd1", "libjack0"], cwd=folder,
                                  capture_output=True, text=True, timeout=60)
        except (FileNotFoundError, subprocess.TimeoutExpired) as fault:
            return skip(f"jackd1 cannot be fetched: {fault}")
        packages = glob.glob(f"{folder}/*.deb")
        if done.returncode != 0 or len(packages) != 2:
            return skip(f"jackd1 cannot be fetched: {done.stderr.strip()}")
        for package in packages:
            subprocess.run(["dpkg", "-x", package, tree], check=True)
    return 0


def alone():
    """What gives a command System V shared memory of its own: there jackd1 keeps a list of eight servers, and one
    that was killed stays in it for ever."""
    for words in (["unshare", "--ipc"], ["unshare", "--map-root-user", "--ipc"]):
        if subprocess.run([*words, "true"], stderr=subprocess.DEVNULL).returncode == 0:
            return words
    return []


def run(tree, command):
    libraries = glob.glob(f"{tree}/usr/lib/*/libjack.so.0")
    if not libraries:
        return skip("there is no jackd1")
    folder = pathlib.Path(libraries[0]).parent
    os.environ.update(JIG_JACKD1=str(tree), JACK_DRIVER_DIR=str(folder / "jack"), LD_LIBRARY_PATH=str(folder),
                      PATH=f"{tree}/usr/bin:{os.environ['PATH']}")
    return subprocess.run([*alone(), *command]).returncode


def main():
    action, tree, *command = sys.argv[1:]
    tree = pathlib.Path(tree).resolve()
    return fetch(tree) if action == "fetch" else run(tree, command)


if __name__ == "__main__":
    sys.exit(main())
