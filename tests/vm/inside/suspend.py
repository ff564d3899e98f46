"""Puts the machine to sleep under two running cards, and looks whether they play on when it wakes up.

A script and no unit test: a guest that has slept has no 9p any more, so no file of this machine can be opened or closed,
no program can start or end, and the guest is ended from here."""

import contextlib
import os
import pathlib
import re
import sys
import time

import cable

POWER = pathlib.Path("/sys/power")
ADDRESSES = {"hw:Dummy,0": "Dummy", "hw:Intel,0": "Intel"}


def status(card):
    """State, and how far the application and the hardware have come."""
    said = pathlib.Path(f"/proc/asound/{card}/pcm0p/sub0/status").read_text()
    return re.search(r"state: (\w+)", said).group(1), int(re.search(r"appl_ptr *: (\d+)", said).group(1))


def sleep_and_wake(really):
    """What became of each card: {address: (state, periods a second, what Jig saw)}."""
    found = {}
    with contextlib.ExitStack() as kept:
        devices = [cable.Through(256, address=address) for address in ADDRESSES]
        for device in devices:
            kept.enter_context(device)
        time.sleep(0.5)
        if really:
            (POWER / "state").write_text("freeze")
            kept.pop_all()  # they cannot end
        time.sleep(0.5)
        before = [status(card)[1] for card in ADDRESSES.values()]
        time.sleep(1)
        for device, (address, card), written in zip(devices, ADDRESSES.items(), before):
            state, now = status(card)
            found[address] = state, (now - written) / 256, device.report()
    return found


def end_guest(status, port=os.open("/dev/port", os.O_WRONLY)):
    """As rig/start.sh does."""
    sys.stdout.flush()
    time.sleep(0.2)
    os.pwrite(port, bytes([status + 1]), 0xF4)


def main():
    (POWER / "pm_test").write_text("devices")  # all of them, but not the processor: nobody would wake it
    pathlib.Path("/sys/module/suspend/parameters/pm_test_delay").write_text("1")
    sleep_and_wake(really=False)  # what is loaded now need not be loaded afterwards
    well = True
    for address, (state, periods, seen) in sleep_and_wake(really=True).items():
        print(f"{address}: {state}, {periods:.0f} periods a second, {seen}")
        # It is started again, once, and says so.
        well = well and state == "RUNNING" and 185 <= periods <= 190 and seen["discontinuities"] == 1
    end_guest(0 if well else 1)


main()
