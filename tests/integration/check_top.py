#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""pfwatch top, on a program whose faults are known, as lines and on a terminal. Prints TAP.

    check_top.py PFWATCH FIRST_TOUCH
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time

PAGES = 2048


def say(good, name, *notes):
    print("ok" if good else "not ok", "-", name)
    for note in notes if not good else []:
        print("#", repr(note)[:600])
    return good


class Toucher:
    """Touches PAGES pages when it is told to, and ends when it is told to."""

    def __init__(self, program):
        self.process = subprocess.Popen([program, "8", "1"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.pid = int(self.process.stdout.readline().split()[1])

    def touch(self):
        self.process.stdin.write(b"go\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def pictures(text):
    """Of each the rows, by PID, as numbers of faults a second."""
    return [{words[0]: words for words in map(str.split, part.splitlines()[2:])} for part in text.split("\n\n")]


def check_batch(pfwatch, program):
    """From before the first touch to the end of the program, which must be in the last picture."""
    toucher = Toucher(program)
    top = subprocess.Popen([pfwatch, "top", "-b", "-d", "1.5", "-p", str(toucher.pid)], stdout=subprocess.PIPE,
                           stderr=subprocess.PIPE, universal_newlines=True)
    said = [next(top.stderr, "")]
    while said[-1] and not said[-1].startswith("pfwatch: watching PID"):
        said.append(next(top.stderr, ""))
    if not say(said[-1].split()[-1:] == [str(toucher.pid)], "top -b says when it watches", said):
        toucher.end()
        return False
    toucher.touch()
    toucher.end()
    text = top.communicate(timeout=60)[0]
    seen = [int(count) for count in re.findall(r"; (\d+) seen", text)]
    good = say(top.returncode == 0, "top -b -p ends when the process does", top.returncode)
    good &= say(seen and seen[-1] >= PAGES, f"top -b sees the faults of the process: {seen}", text)
    good &= say(all(len(line) <= 100 for line in text.splitlines()), "top -b: lines have at most 100 columns", text)
    rows = [row for picture in pictures(text) for pid, row in picture.items() if pid == str(toucher.pid)]
    good &= say(rows and rows[0][1] == "first_touch" and rows[0][6] != "-",
                "top -b has the process, its name, and its new memory", text)
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
    pfwatch, program = (os.path.abspath(word) for word in sys.argv[1:3])
    good = check_batch(pfwatch, program)
    good &= check_screen(pfwatch, "q", lambda child, terminal: os.write(terminal, b"q"))
    good &= check_screen(pfwatch, "SIGTERM", lambda child, terminal: os.kill(child, signal.SIGTERM))
    good &= check_screen(pfwatch, "Ctrl-C", lambda child, terminal: os.write(terminal, b"\003"))
    return not good


sys.exit(main())
