#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Holds the summary and the CSV of pfwatch against the JSON that another pfwatch wrote of the same run.

    check_summary.py OUTPUTS

OUTPUTS: all of these, as the script summary prints them. Prints TAP.
"""
import collections
import csv
import json
import sys

PAGE = 4096

# A CPU doesn't begin a BPF program that is being run on it already. Where one may be preempted, a pfwatch misses the ends
# of faults, some in a row, that another one sees: these have no latency and no result, and perhaps another cause. They are
# few: at most one in so many.
ENDS_MISSED = 50


def say(good, name, *notes):
    print("ok" if good else "not ok", "-", name)
    for note in notes if not good else []:
        print("#", str(note)[:400])
    return good


def same(name, seen, wanted):
    return say(seen == wanted, name, f"seen   {seen}", f"wanted {wanted}")


def alike(name, seen, wanted):
    """The same, but for ends that were missed."""
    seen, wanted = collections.Counter(seen), collections.Counter(wanted)
    more, less, few = seen - wanted, wanted - seen, sum(wanted.values()) // ENDS_MISSED
    return say(all(sum(part.values()) <= few for part in (more, less)), name, f"more {more}", f"less {less}")


def check_totals(faults, last, summary):
    sums = summary["seen"] == summary["printed"] + summary["filtered"] + summary["lost"]
    good = say(sums and not summary["lost"], "summary: seen = printed + filtered + lost, none of these", summary)
    good &= same("summary: as many as the stream has", summary["printed"], len(faults))
    good &= alike("summary: `causes` is that of a stream", summary["causes"], last["causes"])
    return good


def check_sizes(faults, by_size):
    """The stream has what a walker found later: where that is something else, the size may be another, too."""
    sizes = collections.Counter(str(fault.get("after", {}).get("page_size", "none")) for fault in faults)
    stale = sum(fault["walk"]["status"] == "stale" for fault in faults)
    pairs = ((by_size["4K"]["count"], sizes["4096"]), (by_size["2M"]["count"], sizes["2097152"]),
             (by_size["none"]["count"] + by_size["unknown"]["count"], sizes["none"]))
    return say(all(abs(told - seen) <= stale for told, seen in pairs) and pairs[0][0] > 1000,
               "summary: the counts by page size are those of the stream", pairs, stale)


def check_counts(faults, summary):
    by_cause = summary["by_cause"]
    counts = {cause: entry["count"] for cause, entry in by_cause.items()}
    good = same("summary: the counts by cause are those of `causes`",
                counts, {cause: n for cause, n in summary["causes"].items() if n})
    good &= alike("summary: the counts by cause are those of the stream",
                  counts, collections.Counter(fault["cause"] for fault in faults))
    timed = collections.Counter(fault["cause"] for fault in faults if "latency_ns" in fault)
    good &= alike("summary: each fault with a latency is in a histogram",
                  {cause: sum(bucket["count"] for bucket in entry["histogram"])
                   for cause, entry in by_cause.items() if "histogram" in entry}, timed)
    return good & check_sizes(faults, summary["by_page_size"]) & \
        same("summary: the counts by mapping add up", sum(vma["count"] for vma in summary["by_vma"]), len(faults))


def is_within(entry):
    """Each percentile lies in a bucket that has something, and between the extremes."""
    buckets = [(bucket["from_ns"], bucket["to_ns"]) for bucket in entry["histogram"]]
    return all(entry["min_ns"] <= entry[key] <= entry["max_ns"] and
               any(low <= entry[key] <= high for low, high in buckets) for key in ("p50_ns", "p99_ns"))


def check_latency(summary):
    timed = {cause: entry for cause, entry in summary["by_cause"].items() if "histogram" in entry}
    wrong = [cause for cause, entry in timed.items() if not is_within(entry)]
    good = say(timed and not wrong, "summary: the percentiles lie in their histograms", wrong)
    times = sum(entry["time_ns"] for entry in summary["by_cause"].values())
    good &= same("summary: the times of the causes are the time of all", times, summary["time_ns"])
    return good


def check_top(faults, summary):
    """Equal counts may come in any order, and be cut off: it is the counts that are compared, and that each is true."""
    good = True
    for name, member, of_fault in (
            ("addresses", "addr", lambda fault: hex(int(fault["addr"], 16) & ~(PAGE - 1))),
            ("instructions", "ip", lambda fault: fault["ip"])):
        counts = collections.Counter((fault["pid"], of_fault(fault)) for fault in faults)
        top = summary["top"][name]
        good &= same(f"summary: the {name} with most faults are those of the stream",
                     [entry["count"] for entry in top], [count for _, count in counts.most_common(len(top))])
        wrong = [entry for entry in top if counts[(entry["pid"], entry[member])] != entry["count"]]
        good &= say(top and not wrong, f"summary: each of the {name} has as many faults in the stream", wrong)
    return good


def pages_of(faults, cause):
    return {int(fault["addr"], 16) // PAGE for fault in faults if fault["cause"] == cause}


def runs_of(pages, least):
    """Pages in runs of neighbours within 2M, all but one of each: what a summary may count if none came twice."""
    runs, run = 0, 0
    for page in sorted(pages) + [0]:
        if run and page - 1 in pages and page % 512:
            run += 1
            continue
        runs += run - 1 if run >= least else 0
        run = 1
    return runs


def check_avoidable(faults, summary):
    """causes unmaps nothing, so no page is touched for the first time twice; and what it writes is one mapping each."""
    avoidable, by_cause = summary["avoidable"], collections.Counter(fault["cause"] for fault in faults)
    populate = runs_of(pages_of(faults, "first-touch"), 16)
    good = say(0 < avoidable["populate"]["count"] <= populate,
               f"avoidable: {avoidable['populate']['count']} of {populate} first touches in runs", avoidable)
    good &= say(0 < avoidable["write_first"]["count"] <= min(by_cause["zero-page"], by_cause["cow"]),
                "avoidable: zero pages that were written", avoidable)
    good &= say(avoidable["mlock"]["count"] <= by_cause["swap-in"] + by_cause["file-major"],
                "avoidable: no more than was read", avoidable)
    good &= say(avoidable["populate_file"]["count"] <= max(by_cause["file-minor"] - 1, 0),
                "avoidable: fewer than pages of files", avoidable)
    good &= same("avoidable: no area was let go", avoidable["areas_let_go"], 0)
    return good


def last_entry(levels):
    return levels[-1]["entry"] if levels else ""


def check_csv(faults, rows):
    """The same faults, but for what each pfwatch measures and walks by itself."""
    good = same("CSV: as many lines as the stream has", len(rows), len(faults))
    for column in ("tid", "comm", "addr", "ip", "access", "mode", "error_code"):
        seen = collections.Counter(row[column] for row in rows)
        wanted = collections.Counter(str(fault.get(column, "")) for fault in faults)
        good &= say(seen == wanted, f"CSV: {column} has the values of the stream", seen - wanted, wanted - seen)
    for column in ("cause", "result"):
        good &= alike(f"CSV: {column} has the values of the stream", (row[column] for row in rows),
                      (str(fault.get(column, "")) for fault in faults))
    seen = collections.Counter(row["before"] for row in rows)
    wanted = collections.Counter(last_entry(fault.get("before", {}).get("levels")) for fault in faults)
    return good & say(seen == wanted, "CSV: the entries before are those of the stream", seen - wanted, wanted - seen)


def check_text(text, faults):
    wide = [line for line in text.splitlines() if len(line) > 100]
    good = say(not wide, "text: no line is wider than 100 columns", *wide)
    counts = collections.Counter(fault["cause"] for fault in faults)
    table = text.split("\nCAUSE ")[1].split("\n\n")[0].splitlines()[1:]
    told = {line.split()[0]: int(line.split()[1]) for line in table}
    good &= same("text: the table of causes adds up", told.pop("all"), len(faults))
    return good & same("text: no fault is counted twice", sum(told.values()), len(faults)) & \
        alike("text: the table of causes is that of the stream", told, counts)


def read_outputs(name):
    """The lines that each wrote, behind its name."""
    outputs, lines = {}, []
    with open(name, encoding="utf-8", newline="\n") as file:
        for line in file:
            if line.startswith("== "):
                lines = outputs.setdefault(line.split()[1], [])
            else:
                lines.append(line)
    return outputs


def main():
    outputs = read_outputs(sys.argv[1])
    if not say(all(outputs.get(name) for name in ("json", "csv", "summary", "text")), "each has written something"):
        return 1
    faults, last = [json.loads(line) for line in outputs["json"][:-1]], json.loads(outputs["json"][-1])
    rows = list(csv.DictReader(outputs["csv"]))
    summaries = [json.loads(line) for line in outputs["summary"]]
    text = "".join(outputs["text"])
    if not say(len(summaries) == 1 and len(faults) > 1000, "summary: one line, of many faults", len(faults)):
        return 1
    good = check_totals(faults, last, summaries[0])
    good &= check_counts(faults, summaries[0])
    good &= check_latency(summaries[0])
    good &= check_top(faults, summaries[0])
    good &= check_avoidable(faults, summaries[0])
    good &= check_csv(faults, rows)
    good &= check_text(text, faults)
    return not good


sys.exit(main())
