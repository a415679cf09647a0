#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
"""Checks the demonstrations: that each of them was run, that its claims hold, that its picture can be seen.

    check_demos.py OUTPUT guest|host

OUTPUT: what the script demos prints. In the guest there is all that a demonstration can need, so that nothing may be
skipped but single claims and rows; elsewhere it may, with its reason. Prints TAP.
"""
import json
import re
import sys
import xml.etree.ElementTree as xml

SVG = "{http://www.w3.org/2000/svg}"

# These have to be seen as a whole on a screen of 1280x800.
ON_ONE_SCREEN = ("first-touch", "stride", "same-address")
MIN_SIZE = 13           # of characters, in pixels


def say(good, name, *notes):
    print("ok" if good else "not ok", "-", name)
    for note in notes if not good else []:
        print("#", str(note)[:400])
    return good


def parts(file):
    part, lines = None, {}
    for line in file:
        if line.startswith("== "):
            part = line[3:].strip()
        elif part:
            lines.setdefault(part, []).append(line)
    return {part: "".join(text) for part, text in lines.items()}


def check_demo(demo, may_skip):
    name, good = demo["name"], True
    if demo["status"] == "skipped" and may_skip and demo.get("reason"):
        print(f"ok - demo {name} # SKIP {demo['reason']}")
        return True
    good &= say(demo["status"] == "ok", f"demo {name}", demo.get("reason"))
    for claim in demo["claims"]:
        what = f"... {claim['claim']}"
        if claim["status"] == "skipped" and claim["reason"]:
            print(f"ok - {what} # SKIP {claim['reason']}")
        else:
            good &= say(claim["status"] == "ok", what, f"expected {claim.get('expected')}",
                        f"measured {claim.get('measured')}")
    return good


def extent(text):
    """From where to where it goes, at the most: of a character's size, it is hardly ever wider than that."""
    size, x = float(text.get("font-size")), float(text.get("x"))
    width = len(text.text or "") * size * (0.62 if "Mono" in text.get("font-family", "") else 0.56)
    start = {"middle": x - width / 2, "end": x - width}.get(text.get("text-anchor"), x)
    return start, start + width


def check_picture(svg, name):
    """Nothing outside it, nothing from elsewhere, nothing too small to be read."""
    width, height = float(svg.get("width")), float(svg.get("height"))
    texts = list(svg.iter(SVG + "text"))
    outside = [text.text for text in texts
               if extent(text)[0] < 0 or extent(text)[1] > width + 1 or float(text.get("y")) > height]
    small = [text.text for text in texts if float(text.get("font-size")) < MIN_SIZE]
    links = [child.tag for child in svg.iter() if child.tag in (SVG + "script", SVG + "image", SVG + "use")]
    links += [value for child in svg.iter() for key, value in child.attrib.items() if key.endswith("href")]
    good = say(len(texts) > 5 and not outside, f"the picture of {name} has all its text within it", outside)
    good &= say(not small and not links, f"... which can be read, and needs nothing else", small, links)
    if name in ON_ONE_SCREEN:
        good &= say(width <= 1280 and height <= 800, "... on a screen of 1280x800", width, height)
    return good


def check_page(page, names):
    sections = re.findall(r'<section id="([a-z-]*)">\s*(<svg.*?</svg>)', page, re.S)
    good = say([name for name, _ in sections] == names, "the page has a picture of each demonstration", names)
    good &= say(not re.search(r"<script|src=|<link|@import|https?://(?!www\.w3\.org/2000/svg)", page),
                "the page needs no other file")
    for name, svg in sections:
        try:
            good &= check_picture(xml.fromstring(svg), name)
        except xml.ParseError as error:
            good = say(False, f"the picture of {name} is XML", error)
    return good


def check_explained(text, resolved):
    """Each entry, and where it leads: that of another question of the same address."""
    path = json.loads(resolved or "{}")
    entries = [f"0x{int(level['entry'], 16):016x}" for level in path.get("levels", [])]
    missing = [entry for entry in entries if entry not in text]
    last = ([line for line in text.splitlines() if line] or [""])[-1]
    return say(bool(entries) and not missing and last.endswith(f" = {path.get('phys')}"),
               "an address is explained as it is resolved", missing, last, path)


def check_refused(text):
    wrong = [line for line in text.splitlines() if not line.startswith("2 1 ")]
    return say(bool(text) and not wrong, "what is no command line is refused in a line, status 2", wrong)


def check_text(text):
    wide = [line for line in text.splitlines() if len(line) > 100]
    return say("CLAIMS" in text and not wide, "text is within 100 columns", wide)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        output = parts(file)
    listed = [line.split()[0] for line in output.get("list", "").splitlines()]
    demos = [json.loads(line) for line in output.get("json", "").splitlines()]
    good = say(bool(listed) and [demo["name"] for demo in demos] == listed,
               "each demonstration that is listed was run", listed)
    good &= say(any(demo["status"] == "ok" for demo in demos), "a demonstration can be run")
    for demo in demos:
        good &= check_demo(demo, sys.argv[2] == "host")
    good &= check_page(output.get("html", ""), listed)
    good &= check_text(output.get("text", ""))
    good &= check_explained(output.get("explained", ""), output.get("resolved", ""))
    good &= check_refused(output.get("refused", ""))
    try:
        good &= check_picture(xml.fromstring(output.get("svg", "")), "cow alone")
    except xml.ParseError as error:
        good &= say(False, "the picture of cow alone is XML", error)
    return not good


if __name__ == "__main__":
    sys.exit(main())
