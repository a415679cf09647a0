#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""pfwatch top on a terminal. Prints TAP.

    check_top.py PFWATCH
"""
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time


def say(good, name, *notes):
    print("ok" if good else "not ok", "-", name)
    for note in notes if not good else []:
        print("#", repr(note)[:600])
    return good


def start_on_terminal(arguments):
    child, terminal = pty.fork()
    if not child:
        os.execv(arguments[0], arguments)
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 10, 80, 0, 0))
    return child, terminal


def read_until(terminal, wanted, seconds):
    """What comes until wanted is in it, or the time is over, or nothing comes any more."""
    text, end = b"", time.monotonic() + seconds
    while time.monotonic() < end and not (wanted and wanted in text):
        if not select.select([terminal], [], [], 0.1)[0]:
            continue
        try:
            part = os.read(terminal, 65536)
        except OSError:
            break
        if not part:
            break
        text += part
    return text


def lflag(terminal):
    return termios.tcgetattr(terminal)[3]


def check_screen(pfwatch, name, end):
    child, terminal = start_on_terminal([pfwatch, "top", "-d", "100"])
    usual = lflag(terminal)
    begun = b"\033[?1049h" in read_until(terminal, b"\033[?1049h", 60)
    good = say(begun, f"top, {name}: the screen is there before the first picture")
    drawn = read_until(terminal, None, 0.5)
    os.write(terminal, b" ")
    drawn += read_until(terminal, b"\033[J", 30)
    good &= say(b"sorted by faults" in drawn and drawn.count(b"\r\n") <= 9, f"top, {name}: a space draws", drawn)
    os.write(terminal, b"t")
    good &= say(b"sorted by time" in read_until(terminal, b"\033[J", 30), f"top, {name}: t sorts by time")
    end(child, terminal)
    rest = read_until(terminal, b"\033[?1049l", 30)
    status = os.waitpid(child, 0)[1]
    restored = lflag(terminal) == usual
    os.close(terminal)
    good &= say(status == 0 and b"\033[?25h" in rest and restored,
                f"top, {name}: it ends, and leaves the terminal as it was", status, rest, restored)
    return good


def main():
    pfwatch = os.path.abspath(sys.argv[1])
    good = check_screen(pfwatch, "q", lambda child, terminal: os.write(terminal, b"q"))
    good &= check_screen(pfwatch, "SIGTERM", lambda child, terminal: os.kill(child, signal.SIGTERM))
    good &= check_screen(pfwatch, "Ctrl-C", lambda child, terminal: os.write(terminal, b"\003"))
    return not good


sys.exit(main())
