#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""check_kernel.py LEVELS < what tests/integration/kernel prints

Holds pfwatch's paths of kernel addresses against what the kernel says of them: where its text, data and memory are
(/proc/iomem, /proc/kallsyms), what it has mapped (/proc/vmallocinfo), how it maps all memory (PAGE_OFFSET). Prints
TAP; exits 1 if something differs.
"""
import json
import re
import sys

VSYSCALL, IDT, LAST = 0xffffffffff600000, 0xfffffe0000000000, 0xfffffffffffff000
PAGE = 4096
# The symbol at the start of each of the image's parts in /proc/iomem.
PARTS = {"Kernel code": "_text", "Kernel rodata": "__start_rodata", "Kernel data": "_sdata", "Kernel bss": "__bss_start"}
# From 5.10 on there is an own line for rodata; symbols and the part that they are in.
SYMBOLS = {"_text": "Kernel code", "_stext": "Kernel code", "__start_rodata": "Kernel rodata",
           "linux_banner": "Kernel rodata", "_sdata": "Kernel data", "init_task": "Kernel data",
           "__bss_start": "Kernel bss"}
failed = False


class Input:
    def __init__(self, lines):
        self.symbols, self.module, self.parts, self.ram = {}, [], {}, []
        self.areas, self.vsyscall, self.layout, self.paths = [], None, None, {}
        for line in lines:
            self.add(line)

    def add(self, line):
        word, _, rest = line.partition(" ")
        if word == "symbol":
            addr, name, *module = rest.split()
            if module:
                self.module.append((name, int(addr, 16)))
            else:
                self.symbols[name] = int(addr, 16)
        elif word == "iomem":
            match = re.match(r"\s*([0-9a-f]+)-([0-9a-f]+) : (.*)", rest)
            start, end, name = int(match[1], 16), int(match[2], 16), match[3]
            if name in PARTS:
                self.parts[name] = (start, end)
            elif name == "System RAM":
                self.ram.append((start, end))
        elif word == "vmalloc":
            self.areas.append(rest)
        elif word == "vsyscall":
            self.vsyscall = rest.split()[1]
        elif line.startswith("{"):
            answer = json.loads(line)
            if answer["type"] == "layout":
                self.layout = answer
            else:
                self.paths[int(answer["addr"], 16)] = answer


def check(name, problems):
    global failed
    problems = list(problems)
    failed |= bool(problems)
    print("not ok" if problems else "ok", "-", name)
    for problem in problems[:5]:
        print(f"# {problem}")


def mapped(data, addr, phys=None):
    """What is wrong with an address that has to have a page, at phys if that is known."""
    path = data.paths.get(addr)
    if path is None or path["state"] not in ("mapped", "device"):
        yield f"{addr:#x}: {path}"
    elif path.get("best_effort") is not True:
        yield f"{addr:#x} is not said to be best effort"
    elif phys is not None and int(path["phys"], 16) != phys:
        yield f"{addr:#x} is at {path['phys']}, not {phys:#x}: {path}"


def image_problems(data):
    for name, part in SYMBOLS.items():
        if name not in data.symbols or part not in data.parts or PARTS[part] not in data.symbols:
            yield f"no {name} or {part}"
            continue
        start, end = data.parts[part]
        phys = start + data.symbols[name] - data.symbols[PARTS[part]]
        if not start <= phys <= end:
            yield f"{name} is not in {part}"
        yield from mapped(data, data.symbols[name], phys)


def rights_problems(data):
    wanted = {"_stext": (False, True), "linux_banner": (False, False), "init_task": (True, False)}
    for name, (write, execute) in wanted.items():
        path = data.paths[data.symbols[name]]
        rights = path.get("effective")
        if rights != {"write": write, "user": False, "exec": execute}:
            yield f"{name} has the rights {rights}"


def direct_problems(data):
    base, n = int(data.layout["page_offset"], 16), 0
    for start, end in data.ram:
        for addr in data.paths:
            if start <= addr - base <= end:
                n += 1
                yield from mapped(data, addr, addr - base)
    if n < 3:
        yield f"{n} addresses"


def memmap_problems(data):
    base, n = int(data.layout["vmemmap_start"], 16), 0
    for start, end in data.ram:
        for phys in (start + 0x5678, (start + end) // 2, end):
            n += 1
            yield from mapped(data, base + phys // PAGE * 64)
    if n < 3:
        yield f"{n} addresses"


def area_problems(data):
    """Of /proc/vmallocinfo: START-END SIZE CALLER [pages=N] [phys=PHYS]...; the last page is a guard."""
    n = io = 0
    for line in data.areas:
        match = re.match(r"0x([0-9a-f]+)-0x([0-9a-f]+) ", line)
        start, end = int(match[1], 16), int(match[2], 16)
        phys = re.search(r"phys=(?:0x)?([0-9a-f]+)", line)
        if start not in data.paths or end - PAGE not in data.paths:
            continue  # made or freed meanwhile
        n += 1
        io += bool(phys)
        for addr in (start, start + 0x123):
            yield from mapped(data, addr, int(phys[1], 16) + addr - start if phys else None)
        if data.paths[end - PAGE]["state"] != "none":
            yield f"the guard page {end - PAGE:#x}: {data.paths[end - PAGE]}"
    if n < 5 or not io:
        yield f"{n} areas, {io} of devices: {data.areas[:3]}"


def level_problems(data, depth):
    """No entry of a kernel path is taken for a swap entry or for PROT_NONE; tables all the way down to the last."""
    if data.layout["levels"] != depth:
        yield f"{data.layout['levels']} levels"
    for path in data.paths.values():
        levels = path["levels"]
        if path["state"] not in ("mapped", "none", "unknown", "device"):
            yield f"state {path['state']}: {path}"
        if any(level["kind"] != "table" for level in levels[:-1]) or not levels:
            yield f"{path}"


def vsyscall_problems(data):
    path = data.paths[VSYSCALL]
    if data.vsyscall and data.vsyscall.startswith("r"):
        yield from mapped(data, VSYSCALL)
        if "user" not in path["levels"][-1]["flags"]:
            yield f"not for user mode: {path}"
    elif path["state"] == "mapped":
        yield f"mapped, and /proc/PID/maps has {data.vsyscall}: {path}"


def freed_problems(data):
    """Where the kernel's init text was: taken away, or with its pages back among the others."""
    path = data.paths.get(data.symbols.get("__init_begin"))
    if path is None or path["state"] not in ("none", "unknown", "mapped") or "phys" in path and path["state"] != "mapped":
        yield f"{path}"


def main():
    data = Input(sys.stdin.read().splitlines())
    if not data.layout or LAST not in data.paths or VSYSCALL not in data.paths:
        print("not ok - pfwatch answers")
        return True
    check("text, rodata, data and bss are where /proc/iomem has them", image_problems(data))
    check("text can be executed, rodata neither, data be written", rights_problems(data))
    check("the direct map: PAGE_OFFSET + physical address", direct_problems(data))
    check("the memory map has a page for each frame", memmap_problems(data))
    check("vmalloc areas are mapped, devices at their address, guards empty", area_problems(data))
    check("functions of modules are mapped",
          (problem for _, addr in data.module for problem in mapped(data, addr)) if data.module else ["none"])
    check("the first processor's IDT is mapped", mapped(data, IDT))
    check("the vsyscall page is what /proc/self/maps says", vsyscall_problems(data))
    check("the last page of all is empty",
          [] if data.paths[LAST]["state"] == "none" else [f"{data.paths[LAST]}"])
    check("freed init text is a page or nothing", freed_problems(data))
    check("tables down to the last entry, and no user entry's kind", level_problems(data, int(sys.argv[1])))
    return failed


sys.exit(main())
