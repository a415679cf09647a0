#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""check_states.py LEVELS [MIN] < what tests/integration/states prints

Holds what pfwatch says of each state against what the program that made it, and the kernel, say of it. Prints TAP, a
line a state; exits 1 if one is wrong, or if there are fewer than MIN.
"""
import json
import re
import sys

LEVELS = {4: ["pgd", "pud", "pmd", "pte"], 5: ["pgd", "p4d", "pud", "pmd", "pte"]}


class Input:
    def __init__(self, lines):
        self.states, self.skips, self.broken, self.maps, self.paths = [], [], [], {}, {}
        self.compare, self.walkers, self.notes = None, None, []
        for line in lines:
            self.add(line)

    def add(self, line):
        word, _, rest = line.partition(" ")
        if word == "state":
            name, pid, addr, *words = rest.split()
            self.states.append((name, int(pid), 0 if addr == "(nil)" else int(addr, 16), words))
        elif word == "skip":
            self.skips.append(rest.split(" ", 1))
        elif word == "broken":
            self.broken.append(rest)
        elif word == "map":
            pid, mapping = rest.split(" ", 1)
            self.maps.setdefault(int(pid), []).append(mapping)
        elif word == "compare":
            self.compare = int(rest)
        elif word == "walkers":
            self.walkers = int(rest)
        elif line[:1] in "-+<>":
            self.notes.append(f"# {line}")
        elif word == "#":
            self.notes.append(line)
        elif line.startswith("{"):
            path = json.loads(line)
            self.paths[path["pid"], int(path["addr"], 16)] = path


def look_up(path, key):
    for word in key.split("."):
        path = path.get(word) if isinstance(path, dict) else None
    return path


def same_value(got, wanted):
    if isinstance(got, bool):
        return str(got).lower() == wanted
    if isinstance(got, int):
        return got == int(wanted, 0)
    if isinstance(got, str) and got.startswith("0x"):
        return int(got, 16) == int(wanted, 0)
    return got == wanted


def list_problems(key, got, wanted):
    """wanted: +IN_IT,-NOT_IN_IT,..."""
    for word in wanted.split(","):
        if (word[1:] in (got or [])) != (word[0] == "+"):
            yield f"{key} is {got}, not {word}"


def problems_of_word(path, key, wanted, groups):
    levels = path["levels"]
    if key == "last":
        if levels[-1]["level"] != wanted:
            yield f"ends at {levels[-1]['level']}, not {wanted}"
    elif key == "flags":
        yield from list_problems("flags", levels[-1]["flags"], wanted)
    elif key == "vma.advice":
        yield from list_problems(key, look_up(path, key), wanted)
    elif key == "marker":
        yield from list_problems(key, path.get("marker"), "+" + wanted)
    elif key == "same":
        level, group = wanted.split(":")
        entry = next(found["entry"] for found in levels if found["level"] == level)
        if groups.setdefault(wanted, entry) != entry:
            yield f"{level} entry {entry}, that of {group} is {groups[wanted]}"
    elif wanted == "none" and key != "state":
        if look_up(path, key) is not None:
            yield f"{key} is {look_up(path, key)}, to be absent"
    elif not any(same_value(look_up(path, key), word) for word in wanted.split(",")):
        yield f"{key} is {look_up(path, key)}, not {wanted}"


def mapping_of(maps, addr):
    for line in maps:
        match = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+) ([0-9a-f]+) ([0-9a-f]+):([0-9a-f]+) (\d+)\s*(.*)", line)
        start, end = int(match[1], 16), int(match[2], 16)
        if start <= addr < end:
            return {"start": start, "end": end, "perm": match[3], "offset": int(match[4], 16),
                    "dev": f"{int(match[5], 16)}:{int(match[6], 16)}", "inode": int(match[7]), "name": match[8]}
    return None


def vma_problems(path, maps, addr):
    """The mapping is the one of /proc/PID/maps, in all its members."""
    vma, wanted = path.get("vma"), mapping_of(maps, addr)
    if (vma is None) != (wanted is None):
        yield f"vma is {vma}, maps has {wanted}"
    for key in vma or {}:
        if wanted and key in wanted and not same_value(vma[key], str(wanted[key])):
            yield f"vma.{key} is {vma[key]}, maps has {wanted[key]}"


def level_problems(path, depth):
    """Tables down to the last; the flags that are no state's own."""
    levels, names = path["levels"], LEVELS[depth]
    if [level["level"] for level in levels] != names[:len(levels)]:
        yield f"levels {[level['level'] for level in levels]}"
    for level in levels[:-1]:
        if level["kind"] != "table" or "present" not in level["flags"]:
            yield f"{level['level']} is no table: {level}"
    wanted = {"mapped": "page", "device": "page", "unknown": "bad"}.get(path["state"], path["state"])
    if levels[-1]["kind"] != wanted:
        yield f"the last entry is of kind {levels[-1]['kind']}, not {wanted}"


def problems_of(state, data, depth, groups):
    _, pid, addr, words = state
    path = data.paths.get((pid, addr))
    if path is None:
        yield "no answer"
        return
    if not path["levels"]:
        yield f"no levels: {path}"
        return
    yield from level_problems(path, depth)
    yield from vma_problems(path, data.maps.get(pid, []), addr)
    for word in words:
        key, _, wanted = word.partition("=")
        yield from problems_of_word(path, key, wanted, groups)


def main():
    data = Input(sys.stdin.read().splitlines())
    depth = int(sys.argv[1])
    least = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    groups, failed = {}, bool(data.broken)
    for state in data.states:
        found = list(problems_of(state, data, depth, groups))
        print("not ok" if found else "ok", "- state", state[0])
        for problem in found:
            print(f"# {problem}")
        if found:
            print(f"# {data.paths.get(state[1:3])}")
        failed |= bool(found)
    for name, reason in data.skips:
        print(f"ok - state {name} # SKIP {reason}")
    for reason in data.broken:
        print(f"not ok - maker {reason}")
    for note in data.notes:
        print(note)
    agrees = data.compare == 0
    print("ok" if agrees else "not ok", "- pfwatch and pagemap agree on 100,000 addresses")
    same = data.walkers == 0
    print("ok" if same else "not ok", "- the walker bpf finds the same in all states")
    enough = len(data.states) >= least
    print("ok" if enough else "not ok", f"- at least {least} states were made ({len(data.states)})")
    return failed or not agrees or not same or not enough


sys.exit(main())
