#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""The lines of guest and host on standard input: a table on standard output, and a file for programs.

    report.py FILE.json < LINES

A half of which there are no lines keeps what FILE.json has of it. Exit status 1 if nothing was measured.
"""
import json
import os
import sys
import time

FORMAT = 1

# The rows of the table: the figure's name, what people read, and what it is counted per.
FAULTS = [
    ("faults.pfwatch.summary", "pfwatch --summary", "fault"),
    ("faults.pfwatch.text", "pfwatch, text to a file", "fault"),
    ("faults.pfwatch.json", "pfwatch --json to a file", "fault"),
    ("faults.bpftrace.count", "bpftrace count()", "fault"),
    ("faults.bpftrace.printf", "bpftrace printf() to a file", "fault"),
    ("faults.perf.record", "perf record -e page-faults -c 1 -d", "fault"),
    ("faults.perf.trace", "perf trace -F all to a file", "fault"),
]
SECTIONS = [
    ("A first touch", [("faults.untraced", "untraced", "fault")]),
    ("A first touch, above the untraced one", FAULTS),
    ("An address, the walker alone", [
        ("walk.neighbours.batch-1", "neighbours, one at a time", "address"),
        ("walk.neighbours.batch-16", "neighbours, in batches of 16", "address"),
        ("walk.neighbours.batch-256", "neighbours, in batches of 256", "address"),
        ("walk.scattered.batch-256", "scattered, in batches of 256", "address"),
        ("walk.huge.batch-256", "in huge pages, in batches of 256", "address"),
    ]),
    ("An address, pfwatch resolve", [
        ("resolve.neighbours.batch-1", "neighbours, one at a time", "address"),
        ("resolve.neighbours.batch-16", "neighbours, in batches of 16", "address"),
        ("resolve.neighbours.batch-256", "neighbours, in batches of 256", "address"),
        ("resolve.neighbours.batch-4096", "neighbours, in batches of 4096", "address"),
        ("resolve.neighbours.file", "neighbours, from a file", "address"),
        ("resolve.scattered.batch-256", "scattered, in batches of 256", "address"),
        ("resolve.scattered.batch-4096", "scattered, in batches of 4096", "address"),
        ("resolve.scattered.file", "scattered, from a file", "address"),
        ("resolve.huge.batch-256", "in huge pages, in batches of 256", "address"),
        ("resolve.huge.batch-4096", "in huge pages, in batches of 4096", "address"),
        ("resolve.huge.file", "in huge pages, from a file", "address"),
        ("pagemap.alone", "pagemap, one at a time", "address"),
        ("pagemap.bulk", "pagemap, 256 neighbours at once", "address"),
    ]),
    ("A resident page of 4K, pfwatch map", [
        ("map.resident", "of many neighbours", "page"),
        ("map.alternate", "each between two that aren't there", "page"),
    ]),
]
PER = {name: per for _, rows in SECTIONS for name, _, per in rows}
WATCHERS = [
    ("pfwatch.text", "pfwatch, text to a file"),
    ("pfwatch.json", "pfwatch --json to a file"),
    ("pfwatch.summary", "pfwatch --summary"),
    ("bpftrace.count", "bpftrace count()"),
    ("perf.record", "perf record -e page-faults -c 1 -d"),
    ("perf.trace", "perf trace -F all to a file"),
]


def two_runs(runs):
    return {"value": sum(runs) / len(runs), "runs": runs, "noise": max(runs) - min(runs) if len(runs) > 1 else None}


# --- from the lines to the model ---------------------------------------------------

class Lines:
    """What was said, sorted by what it is about."""

    def __init__(self, stream):
        self.kernels, self.host, self.kernel = {}, {}, None
        for line in stream:
            word, *rest = line.split(None, 1) or [""]
            take = getattr(self, "take_" + word, None)
            if take and rest:
                take(*rest[0].split())

    def take_kernel(self, series):
        self.kernel = self.kernels.setdefault(series, {"figures": {}, "skipped": {}})

    def take_host(self, release):
        self.kernel = None
        self.host = {"release": release, "ratios": {}, "memory": {}, "skipped": {}, "untraced": [], "line": []}

    def take_skip(self, name, *why):
        (self.host if self.kernel is None else self.kernel)["skipped"][name] = " ".join(why)

    def take_figure(self, name, _run, short, short_cost, long, long_cost, lost):
        runs = self.kernel["figures"].setdefault(name, {"runs": [], "lost": [], "of": int(long)})
        runs["runs"].append((int(long_cost) - int(short_cost)) / (int(long) - int(short)))
        if lost != "-":
            runs["lost"].append(int(lost))

    def take_untraced(self, _run, took):
        self.host["untraced"].append(float(took))

    def take_ratio(self, name, _run, value, lost):
        self.host["ratios"].setdefault(name, []).append((float(value), float(lost)))

    def take_memory(self, _run, faults, peak, resident):
        self.host["memory"].setdefault(faults, []).append((int(peak), int(resident)))

    def take_line(self, _run, *times):
        self.host["line"].append([int(t) for t in times])

    def take_load(self, *load):
        self.host["load"] = [float(l) for l in load]


def guest_figures(kernel):
    """What a fault costs is what it costs above the one that nobody watches, in the mean of its runs."""
    figures = {}
    untraced = kernel["figures"].get("faults.untraced")
    for name, said in kernel["figures"].items():
        above = name.startswith("faults.") and name != "faults.untraced"
        if above and not untraced:
            continue
        less = two_runs(untraced["runs"])["value"] if above else 0
        figure = {"unit": "instructions", "per": PER.get(name, "fault"), **two_runs([r - less for r in said["runs"]])}
        if said["lost"]:
            figure["lost"], figure["of"] = max(said["lost"]), said["of"]
        figures[name] = figure
    return figures


def host_figures(host):
    model = {"release": host["release"], "load": host.get("load"), "skipped": host["skipped"], "ratios": {}}
    if host["untraced"]:
        model["untraced_ns"] = two_runs(host["untraced"])
    for name, runs in host["ratios"].items():
        model["ratios"][name] = {**two_runs([r[0] for r in runs]), "lost_share": max(r[1] for r in runs)}
    model["memory"] = {faults: {"hwm_kib": two_runs([r[0] for r in runs]), "rss_kib": two_runs([r[1] for r in runs])}
                       for faults, runs in host["memory"].items()}
    if host["line"]:
        model["fault_to_line_ns"] = {name: two_runs([run[i] for run in host["line"]])
                                     for i, name in enumerate(["median", "p90", "max"])}
    return model


def make_model(lines, path):
    """A half that was measured replaces the old one; of the guest's, each kernel and each figure for itself."""
    try:
        with open(path) as file:
            model = json.load(file)
    except (OSError, ValueError):
        model = {}
    if model.get("format") != FORMAT:
        model = {}
    model["format"], model["date"] = FORMAT, time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    for series, kernel in lines.kernels.items():
        old = model.setdefault("guest", {}).setdefault(series, {"figures": {}, "skipped": {}})
        new = guest_figures(kernel)
        old["figures"].update(new)
        old["skipped"] = {**{n: w for n, w in old["skipped"].items() if n not in new}, **kernel["skipped"]}
    if lines.host:
        model["host"] = host_figures(lines.host)
    return model


# --- from the model to the table ---------------------------------------------------

def number(value, digits=0):
    return "-" if value is None else f"{value:,.{digits}f}"


def share(figure):
    if "lost" not in figure:
        return ""
    return "0" if not figure["lost"] else percent(figure["lost"] / figure["of"])


def percent(value):
    return "0" if not value else f"{100 * value:.1f}%"


def guest_cells(figure):
    if not figure:
        return f"{'-':>11}{'':>8}{'':>7}"
    digits = 1 if figure["value"] < 100 else 0
    return f"{number(figure['value'], digits):>11}{number(figure['noise'], digits):>8}{share(figure):>7}"


def print_guest(guest, series):
    heads = "".join(f"{'Linux ' + s:>11}{'diff':>8}{'lost':>7}" for s in series)
    print(f"{'In the test machine, instructions':<38}{heads}")
    for title, rows in SECTIONS:
        print(title)
        for name, label, _ in rows:
            cells = "".join(guest_cells(guest[s]["figures"].get(name)) for s in series)
            print(f"  {label:<36}{cells}".rstrip())
    for s in series:
        print_skipped(f"Linux {s}, ", guest[s]["skipped"])


def print_skipped(where, skipped):
    for name, why in skipped.items():
        print(f"  skipped: {where}{name}: {why}"[:100])


def host_row(label, figure, unit, digits, lost=""):
    print(f"  {label:<36}{number(figure['value'], digits):>11}{number(figure['noise'], digits):>8}{lost:>7}  {unit}")


def print_host(host):
    print(f"{'On this machine, Linux ' + host['release']:<38}{'':>11}{'diff':>8}{'lost':>7}")
    print("The target's first touches, in turn with untraced ones")
    if "untraced_ns" in host:
        host_row("untraced", host["untraced_ns"], "ns", 0)
    for name, label in WATCHERS:
        if name in host["ratios"]:
            ratio = host["ratios"][name]
            host_row(label, ratio, "times that", 2, percent(ratio["lost_share"]))
    print("pfwatch's memory, text to a file")
    for faults, memory in sorted(host["memory"].items(), key=lambda item: int(item[0])):
        host_row(f"after {int(faults):,} faults", memory["rss_kib"], "KiB", 0)
        host_row("  at the most until then", memory["hwm_kib"], "KiB", 0)
    if "fault_to_line_ns" in host:
        print("From a fault to its line")
        for name, label in [("median", "in the middle"), ("p90", "nine in ten"), ("max", "at the most")]:
            figure = host["fault_to_line_ns"][name]
            host_row(label, {k: v and v / 1e6 for k, v in figure.items() if k != "runs"}, "ms", 1)
    if host.get("load"):
        print("The machine's load before and after: {} {}".format(*host["load"]))
    print_skipped("", host["skipped"])


def print_table(model):
    series = list(model.get("guest", {}))
    for i in range(0, len(series), 2):
        print_guest(model["guest"], series[i:i + 2])
        print()
    if "host" in model:
        print_host(model["host"])
        print()
    print("A figure is the mean of two runs; diff is what they differ by. lost: faults that were not reported.")


def main():
    path = sys.argv[1]
    lines = Lines(sys.stdin)
    model = make_model(lines, path)
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "w") as file:
        json.dump(model, file, indent=1)
        file.write("\n")
    print_table(model)
    measured = any(k["figures"] for k in lines.kernels.values()) or lines.host.get("ratios")
    return 0 if measured else 1


sys.exit(main())
