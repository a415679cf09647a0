#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""check_json.py stream|resolve|map [LEVELS] < lines: whether each line is what the public interface says.

Prints what is wrong, and exits 1; for a stream also if its sums don't hold or something was lost.
"""
import json
import re
import sys

HEX = re.compile(r"^0x(0|[1-9a-f][0-9a-f]*)$")
STATES = {"mapped", "none", "swap", "migration", "hwpoison", "protnone", "marker", "device", "unknown"}
ERRORS = {"no-process", "no-mm", "bad-address"}
KINDS = {"table", "page", "none", "swap", "migration", "hwpoison", "protnone", "marker", "bad"}
WITH_PAGE = {"mapped", "protnone", "device"}
MARKERS = {"uffd-wp", "poisoned", "guard"}
PAGE_KINDS = {"anon", "file", "shmem", "ksm", "zero", "hugetlb", "pfnmap", "device", "kernel"}
ADVICE = {"hugepage", "nohugepage", "mergeable", "locked", "uffd-missing", "uffd-wp", "uffd-minor"}
LEVELS = {4: ["pgd", "pud", "pmd", "pte"], 5: ["pgd", "p4d", "pud", "pmd", "pte"]}
RESULTS = {"minor", "major", "segv", "sigbus", "oom"}
SHIFT = {"pte": 12, "pmd": 21, "pud": 30, "p4d": 39, "pgd": None}
CAUSES = ["first-touch", "zero-page", "thp", "cow", "cow-reuse", "shmem", "file-minor", "file-major", "write-notify",
          "swap-in", "numa-hint", "migration", "hugetlb", "userfault", "stack", "spurious", "segv", "sigbus", "oom",
          "kernel", "unknown"]
problems = 0


def wrong(what, line):
    global problems
    problems += 1
    if problems <= 10:
        print(f"# {what}: {line}")


def check(ok, what, line):
    if not ok:
        wrong(what, line)


def is_hex(value):
    return isinstance(value, str) and HEX.match(value)


def is_int(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def check_levels(levels, path, addr, depth, line):
    names = LEVELS[depth]
    check([level["level"] for level in levels] == names[:len(levels)], "names of the levels", line)
    for level in levels:
        check(set(level) == {"level", "index", "entry", "kind", "flags"}, "members of a level", line)
        check(is_hex(level["entry"]) and level["kind"] in KINDS and isinstance(level["flags"], list), "a level", line)
        shift = SHIFT[level["level"]] or (39 if depth == 4 else 48)
        check(level["index"] == (addr >> shift) & 511, "an index", line)
        bits = int(level["entry"], 16)
        check(("present" in level["flags"]) == (bits & 1 == 1 and level["kind"] in ("table", "page", "bad")), "present", line)
    check(all(level["kind"] == "table" for level in levels[:-1]), "only the last is no table", line)


def check_path(path, addr, depth, line):
    levels = path["levels"]
    check(path["state"] in STATES | ERRORS, "state", line)
    check_levels(levels, path, addr, depth, line)
    if path["state"] in ERRORS:
        check(not levels, "no levels with an error", line)
        return
    check(bool(levels), "levels", line)
    check(("phys" in path) == ("page_size" in path) == (path["state"] in WITH_PAGE), "phys and page_size", line)
    check(("swap" in path) == (path["state"] == "swap"), "swap", line)
    check(("marker" in path) == (path["state"] == "marker"), "marker", line)
    check(set(path.get("marker", [])) <= MARKERS, "names of the marker", line)
    check(path.get("best_effort", True) is True and ("best_effort" in path) == (addr >> 63 == 1), "best effort", line)
    check(path.get("changed", True) is True and ("changed" not in path or path["state"] == "unknown"), "changed", line)
    if path["state"] in WITH_PAGE:
        size = path["page_size"]
        check(size == 1 << SHIFT[levels[-1]["level"]], "page size", line)
        check(is_hex(path["phys"]) and int(path["phys"], 16) % size == addr % size, "offset in the page", line)
    if path["state"] == "mapped":
        mask = 0x000ffffffffff000 & -path["page_size"]
        check(int(levels[-1]["entry"], 16) & mask == int(path["phys"], 16) & -path["page_size"], "phys of the entry", line)
    if path["state"] == "none":
        check(levels[-1]["kind"] == "none" and int(levels[-1]["entry"], 16) == 0, "none ends at an empty entry", line)


def check_effective(path, addr, line):
    """The AND of all levels; NX is an OR, but for the PGD of a user address (page-table isolation's)."""
    levels = path["levels"]
    check(("effective" in path) == (levels[-1]["kind"] == "page" and path["state"] in ("mapped", "device")),
          "effective where a page is mapped", line)
    if "effective" not in path:
        return
    nx = any("nx" in level["flags"] for level in levels[0 if addr >> 63 else 1:])
    check(path["effective"] == {"write": all("write" in level["flags"] for level in levels),
                                "user": all("user" in level["flags"] for level in levels),
                                "exec": not nx}, "effective rights", line)


def check_page(path, line):
    page = path.get("page")
    check(page is not None or path["state"] not in ("mapped", "protnone"), "page", line)
    if page is None:
        return
    check(set(page) <= {"kind", "node", "folio_size", "flags", "mapcount"}, "members of the page", line)
    check(page.get("kind", "anon") in PAGE_KINDS, "kind of the page", line)
    check(is_int(page.get("node", 0)) and is_int(page.get("mapcount", 0)), "numbers of the page", line)
    size = page.get("folio_size", 4096)
    check(size >= 4096 and size & (size - 1) == 0, "size of the folio", line)
    anon = page.get("kind") in ("anon", "ksm")
    check("flags" not in page or anon == ("anonymous" in page["flags"] and "huge" not in page["flags"]),
          "kind and flags", line)


def check_vma(vma, addr, line):
    start, end = int(vma["start"], 16), int(vma["end"], 16)
    check(list(vma)[:3] == ["start", "end", "perm"], "members of the mapping", line)
    check(start <= addr < end and start % 4096 == end % 4096 == 0, "bounds of the mapping", line)
    check(re.match(r"^[r-][w-][x-][ps]$", vma["perm"]) and isinstance(vma.get("name", ""), str), "perm, name", line)
    check(set(vma["advice"]) <= ADVICE, "advice", line)
    check(("inode" in vma) == ("offset" in vma) == ("dev" in vma), "the file of the mapping", line)
    if "inode" in vma:
        check(is_hex(vma["offset"]) and is_int(vma["inode"]) and re.match(r"^\d+:\d+$", vma["dev"]), "file", line)


def check_code(code, line):
    """What is known of an instruction: function, source line, module."""
    check(re.match(r"^.+\+0x[0-9a-f]+$", code.get("symbol", "f+0x0")), "symbol", line)
    check(re.match(r"^[^/]+:[1-9]\d*$", code.get("source", "f:1")), "source", line)
    check(("module" in code) == ("module_offset" in code), "module", line)
    check("module" in code or not ("symbol" in code or "source" in code), "a symbol is of a module", line)


def check_origin(fault, line):
    """Mapping, program and NUMA nodes."""
    check_code(fault, line)
    check(is_int(fault["cpu_node"]) and is_int(fault.get("page_node", 0)), "nodes", line)
    if "vma" in fault:
        check_vma(fault["vma"], int(fault["addr"], 16), line)


def check_hint(path, line):
    """What denies all access in a mapping that allows some is a hint; no other is."""
    allows = "vma" in path and path["vma"]["perm"][:3] != "---"
    if path.get("numa_hint"):
        check(path["state"] == "protnone" and allows, "NUMA hint", line)


def check_fault(fault, depth, line):
    for key in ("ts", "cpu", "pid", "tid", "error_code"):
        check(is_int(fault[key]), key, line)
    check(is_hex(fault["addr"]) and is_hex(fault["ip"]), "addr, ip", line)
    check(isinstance(fault["comm"], str), "comm", line)
    code = fault["error_code"]
    check(fault["access"] == ("exec" if code & 16 else "write" if code & 2 else "read"), "access", line)
    check(fault["mode"] in ("user", "kernel"), "mode", line)
    check(fault["cause"] in CAUSES, "cause", line)
    check(fault["access"] in fault["evidence"], "evidence", line)
    walk = fault["walk"]
    check(walk["status"] in ("ok", "gone", "stale", "failed") and is_int(walk["age_ns"]), "walk", line)
    check(walk["walker"] in ("kmod", "bpf", "pagemap"), "walker", line)
    check(fault.get("result", "minor") in RESULTS, "result", line)
    check(is_int(fault.get("latency_ns", 0)), "latency", line)
    check_origin(fault, line)
    check_fault_paths(fault, depth, line)


def allows(path, access):
    last = path["levels"][-1]
    return (last["kind"] == "page" and (access != "write" or "write" in last["flags"]) and
            (access != "exec" or "nx" not in last["flags"]))


def check_fault_paths(fault, depth, line):
    """before: what denied the access; after: what allows it, unless the fault ended badly or the walker came later."""
    addr, status = int(fault["addr"], 16), fault["walk"]["status"]
    if "before" in fault:
        levels = fault["before"]["levels"]
        check(list(fault["before"]) == ["levels"] and levels, "members of before", line)
        check_levels(levels, fault["before"], addr, depth, line)
        check(levels[-1]["kind"] != "table", "before ends at a table", line)
        present = levels[-1]["kind"] == "page"
        check(present == bool(fault["error_code"] & 1), "before and the error code's protection bit", line)
    check("after" in fault or status in ("gone", "failed"), "after", line)
    check("after" not in fault or status != "failed", "no after of a walk that failed", line)
    if "after" not in fault:
        return
    check_path(fault["after"], addr, depth, line)
    if fault.get("result") in ("minor", "major") and status != "stale":
        check(allows(fault["after"], fault["access"]), "after allows the access", line)
    if fault.get("result") in ("segv", "sigbus"):
        check(not allows(fault["after"], fault["access"]), "after a bad end the access is denied", line)


def check_complete(faults):
    """Of a stream whose kernel tells of the end of faults: each has all that there is to know of it."""
    for fault in faults:
        line = json.dumps(fault)
        check("before" in fault and "after" in fault, "before and after", line)
        check(fault["walk"]["status"] != "failed", "a walk failed", line)
        if fault.get("result") in ("minor", "major"):
            check(0 < fault.get("latency_ns", 0) < 60 * 10**9, "latency of what was handled", line)
    check(all(a["ts"] + a.get("latency_ns", 0) <= b["ts"] for a, b in neighbours(faults)),
          "a thread's faults one after another", "")
    check(len({fault["walk"]["walker"] for fault in faults}) == 1, "one walker for all", "")
    check(any(fault.get("result") == "minor" for fault in faults), "no minor fault", "")


def neighbours(faults):
    """Pairs of faults of one thread that follow each other."""
    last = {}
    for fault in faults:
        if fault["tid"] in last:
            yield last[fault["tid"]], fault
        last[fault["tid"]] = fault


def check_stream(lines, depth):
    faults = [json.loads(line) for line in lines[:-1]]
    walks = {"ok": 0, "gone": 0, "stale": 0, "failed": 0}
    causes = dict.fromkeys(CAUSES, 0)
    for line, fault in zip(lines, faults):
        check(fault["type"] == "fault", "type", line)
        check_fault(fault, depth, line)
        walks[fault["walk"]["status"]] += 1
        causes[fault["cause"]] += 1
    check_complete(faults)
    summary = json.loads(lines[-1])
    check(summary["type"] == "summary", "the last line is the summary", lines[-1])
    for cpu in summary["cpus"]:
        check(cpu["seen"] == cpu["printed"] + cpu["filtered"] + cpu["lost"], "the sums of a CPU hold", cpu)
    check(sum(cpu["seen"] for cpu in summary["cpus"]) == summary["seen"], "the CPUs are all", summary["cpus"])
    check(summary["seen"] == summary["printed"] + summary["filtered"] + summary["lost"], "sums", lines[-1])
    check(summary["printed"] == len(lines) - 1 and summary["lost"] == 0, "printed, lost", lines[-1])
    check(summary["walks"] == walks, f"walks, counted {walks}", lines[-1])
    check(summary["causes"] == causes, f"causes, counted {causes}", lines[-1])


def check_resolve(lines, depth):
    for line in lines:
        path = json.loads(line)
        check(path["type"] == "path" and is_int(path["pid"]) and is_hex(path["addr"]), "head", line)
        check(path["walker"] == "kmod", "walker", line)
        addr = int(path["addr"], 16)
        check_path(path, addr, depth, line)
        if path["state"] in ERRORS:
            continue
        check_effective(path, addr, line)
        check_page(path, line)
        check_hint(path, line)
        if "vma" in path:
            check_vma(path["vma"], addr, line)


REGION_KINDS = KINDS - {"table"} | {"device", "unknown", "changed"}
PAGES = {"anon", "file", "shmem", "ksm", "zero", "hugetlb", "pfnmap", "device", "unknown"}
SUMS = ("bytes", "mapped_bytes", "rss_bytes", "anon_huge_bytes", "swap_bytes", "none_bytes")


def check_region(region, line):
    check(set(region) - {"page_size", "page"} == {"type", "start", "end", "kind", "vma"}, "members of a region", line)
    check(all(is_hex(region[key]) for key in ("start", "end", "vma")), "addresses of a region", line)
    check(region["kind"] in REGION_KINDS, "kind of a region", line)
    has_page = region["kind"] in ("page", "protnone")
    check(("page" in region) == ("page_size" in region) == has_page, "page, page_size", line)
    if has_page:
        check(region["page_size"] in (4096, 1 << 21, 1 << 30) and region["page"] in PAGES, "a page", line)


def check_sums(sums, line):
    check(all(is_int(sums[key]) for key in SUMS), "sums", line)
    check(set(sums["page_size_bytes"]) == {"4K", "2M", "1G"}, "page sizes", line)
    check(sum(sums["kind_bytes"].values()) == sums["bytes"], "kinds add up", line)
    check(sum(sums["page_bytes"].values()) == sums["mapped_bytes"], "kinds of pages add up", line)
    check(sum(sums["page_size_bytes"].values()) == sums["mapped_bytes"], "sizes of pages add up", line)
    check(set(sums["kind_bytes"]) <= REGION_KINDS and set(sums["page_bytes"]) <= PAGES, "names of kinds", line)


def check_map(lines, depth):
    total, regions = dict.fromkeys(SUMS, 0), 0
    for line in lines[:-1]:
        part = json.loads(line)
        if part["type"] == "region":
            regions += 1
            check_region(part, line)
            continue
        check(part["type"] == "vma" and isinstance(part["name"], str), "type, name", line)
        check(re.match(r"^[r-][w-][x-][ps]$", part["perm"]), "perm", line)
        check_sums(part, line)
        for key in SUMS:
            total[key] += part[key]
    end = json.loads(lines[-1])
    check(end["type"] == "map" and is_int(end["pid"]) and end["walker"] == "kmod", "the last line", lines[-1])
    check_sums(end, lines[-1])
    check({key: end[key] for key in SUMS} == total and end["regions"] == regions, "the sum of all", lines[-1])
    check(list(end["tables"]) == LEVELS[depth] + ["reserved"], "tables", lines[-1])
    check(end["tables_bytes"] == 4096 * sum(end["tables"].values()), "bytes of tables", lines[-1])
    check(end["flat_bytes"] == 8 * end["flat_entries"] == 8 << (35 if depth == 4 else 44), "the flat table", lines[-1])


def main():
    lines = sys.stdin.read().splitlines()
    depth = int(sys.argv[2]) if len(sys.argv) > 2 else 4
    check(len(lines) > 1, "no lines", "")
    try:
        {"stream": check_stream, "resolve": check_resolve, "map": check_map}[sys.argv[1]](lines, depth)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        wrong(f"{type(error).__name__}: {error}", "")
    print(f"# {len(lines)} lines, {problems} problems")
    return problems > 0


sys.exit(main())
