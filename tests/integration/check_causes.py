#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Holds what pfwatch --json saw of the workload causes against what that one knows it did.

    check_causes.py FAULTS WINDOWS LEAST

FAULTS: the stream. WINDOWS: what causes printed. LEAST: cases that must have been made. Prints TAP.
"""
import collections
import json
import sys

VSYSCALL = 0xffffffffff600000


def read_lines(name):
    with open(name, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.startswith("{")]


def say(good, name, *notes):
    print("ok" if good else "not ok", "-", name)
    for note in notes:
        print("#", note)
    return good


def check_window(window, faults, hooked):
    """Each cause as often as it was made, and none else; as often in kernel mode."""
    wanted = window["causes"] if hooked else window.get("unhooked", window["causes"])
    start, end = int(window["start"], 16), int(window["end"], 16)
    inside = [fault for fault in faults if start <= int(fault["addr"], 16) < end]
    causes = collections.Counter(fault.get("cause") for fault in inside)
    kernel = sum(fault["mode"] == "kernel" for fault in inside)
    notes = []
    if causes != wanted:
        notes.append(f"made {wanted}, seen {dict(causes)}")
        wrong = [fault for fault in inside if fault.get("cause") not in wanted]
        notes += [json.dumps(fault) for fault in (wrong or inside)[:2]]
    if kernel != window["kernel"]:
        notes.append(f"made {window['kernel']} in kernel mode, seen {kernel}")
    if any(not fault.get("evidence") for fault in inside):
        notes.append("a cause without evidence")
    return say(not notes, f"cause {window['case']}: {wanted}", *notes)


def is_inside(fault, windows):
    return any(int(window["start"], 16) <= int(fault["addr"], 16) < int(window["end"], 16) for window in windows)


def is_counted(fault, windows):
    """The kernel counts a fault when it begins to look for the mapping. It doesn't for addresses of its own, nor where
    it has page faults disabled, and goes another way (restartable sequences, v7). What the workload made of these
    is all counted."""
    addr = int(fault["addr"], 16)
    if addr >> 63 and addr & ~0xfff != VSYSCALL:
        return False
    return fault["cause"] != "kernel" or is_inside(fault, windows)


def check_counter(counter, faults, windows):
    seen = [fault for fault in faults
            if fault["tid"] == fault["pid"] and counter["from"] <= fault["ts"] <= counter["to"]]
    counted = sum(is_counted(fault, windows) for fault in seen)
    return say(counted == counter["faults"],
               f"{len(seen)} faults seen, less {len(seen) - counted} that the kernel doesn't handle: "
               f"the {counter['faults']} that it counts")


def check_summary(faults, summary):
    causes = collections.Counter(fault["cause"] for fault in faults if "cause" in fault)
    told = {cause: n for cause, n in summary.get("causes", {}).items() if n}
    good = say(causes == told, "the summary's causes are those of the lines", f"lines {dict(causes)}, summary {told}")
    sums = summary["seen"] == summary["printed"] + summary["filtered"] + summary["lost"]
    good &= say(sums and not summary["lost"], "nothing is lost, all is counted", summary)
    return good


def main():
    lines, workload = read_lines(sys.argv[1]), read_lines(sys.argv[2])
    faults = [line for line in lines if line["type"] == "fault"]
    windows = [line for line in workload if line["type"] == "window"]
    hooked = any("handled" in fault["evidence"] for fault in faults)
    good = all([check_window(window, faults, hooked) for window in windows])
    for line in workload:
        if line["type"] == "skip":
            print(f"ok - cause {line['case']} # SKIP {line['reason']}")
    good &= say(len(windows) >= int(sys.argv[3]), f"at least {sys.argv[3]} cases were made ({len(windows)})")
    counters = [line for line in workload if line["type"] == "counter"]
    good &= say(len(counters) == 1, "the workload came to its end")
    for counter in counters:
        good &= check_counter(counter, faults, windows)
    summaries = [line for line in lines if line["type"] == "summary"]
    good &= say(len(summaries) == 1, "one summary")
    for summary in summaries:
        good &= check_summary(faults, summary)
    return not good


sys.exit(main())
