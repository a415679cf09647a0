/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What is said of each demonstration: lines of at most 98 characters. */
#ifndef PFWATCH_DEMO_TEXT_H
#define PFWATCH_DEMO_TEXT_H

static const char shows_first_touch[] =
	"A program gets 256 MiB from malloc(), writes one byte to each of its 4 KiB pages, and does it again.\n"
	"malloc() only reserves addresses: no page, no page table. The first write to a page finds no entry,\n"
	"the processor raises a page fault, and the kernel takes a page, clears it, and enters it into the\n"
	"page table; where there is no table yet, it makes one. From then on the hardware finds it alone.";
static const char expects_first_touch[] =
	"Expected: no fault by malloc(); one for each page at the first touch, and a PTE table for\n"
	"each 512 of them; none at the second touch, which costs a small part of the first";

static const char shows_zero_page[] =
	"A program reads memory that nobody has written, then writes it. The read gets the one page of zeros\n"
	"that all processes share, read-only; the write faults again, and only then a page is taken. Where\n"
	"the write comes first, one fault does all of it.";
static const char expects_zero_page[] =
	"Expected: two faults a page where the read comes first, zero-page and cow; one where the\n"
	"write does; in between all entries point to the same physical page, which may not be written";

static const char shows_cow[] =
	"A program writes a page and forks. Parent and child then share the page, and the bit that allows\n"
	"writing is cleared in both entries. Whoever writes first gets a copy of its own; whoever is left is\n"
	"the last owner, and only gets the bit back.";
static const char expects_cow[] =
	"Expected: fork() clears the write bit and leaves the page; the first write changes the page,\n"
	"the other process's doesn't; one fault each";

#endif
