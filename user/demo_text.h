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

static const char shows_stride[] =
	"A program touches 512 pages: side by side, then 64 KiB apart, 2 MiB, 1 GiB. Each touch takes one page;\n"
	"what differs is the tables on the way. A table is a page, too: 512 entries of 8 bytes. One PTE table\n"
	"maps 2 MiB, one PMD table 1 GiB, one PUD table 512 GiB; there are only those that something is behind.";
static const char expects_stride[] =
	"Expected: 512 faults each time; 1, 16, 512, 512 PTE tables; 1, 1, 1, 512 PMD tables; 1 PUD table";

static const char shows_same_address[] =
	"Two processes, A and B, run the same program without randomization, and so have memory at the same\n"
	"address. Each has a PGD of its own, so the address leads each of them to another page; unless they\n"
	"map the same file, shared. After fork() a child has its own tables that lead to its parent's pages.";
static const char expects_same_address[] =
	"Expected: different pages for what is their own, the paths part at the PGD; one page for what is\n"
	"shared; one page after fork(), until the first write";

static const char shows_thp[] =
	"A program touches 2 MiB that may be a huge page (madvise(MADV_HUGEPAGE)). The first touch brings all\n"
	"of it: the entry of the PMD is the page, and there is no PTE table. Then one small page in the middle\n"
	"is made read-only, which no bit of that one entry can say: the kernel splits it.";
static const char expects_thp[] =
	"Expected: one fault instead of 512; after mprotect() a PTE table whose entries point to the same\n"
	"memory, and no further fault";

static const char shows_walk[] =
	"A program touches one byte. Here is how the processor finds it: the address is cut into an index for\n"
	"each level and an offset; each index picks an entry of a table, each entry has the address of the\n"
	"next table and bits that say what is allowed; the last one has the page.";
static const char expects_walk[] =
	"Expected: no page before the touch, one fault, then an entry at each level; the parts of the address\n"
	"put together again are the address, page and offset are the physical one";

#endif
