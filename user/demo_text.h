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

static const char shows_stack[] =
	"A program calls itself, half a page of stack each time. The stack's mapping is as large as it was\n"
	"needed; a touch below it makes the kernel extend it, page by page, up to the limit (ulimit -s). One\n"
	"that goes further is not extended any more: what lies below belongs to nobody, and the program ends.";
static const char expects_stack[] =
	"Expected: as many faults with the cause stack as pages that it grows by; none when the program goes\n"
	"as deep again; SIGSEGV at the limit";

static const char shows_file[] =
	"A program maps a file, reads it, and writes to it. A page that is not in the page cache has to be read\n"
	"from the disk (a major fault); one that is there has only to be entered, and its neighbours with it.\n"
	"A write to a private mapping copies the page; one to a shared mapping tells the file system first.";
static const char expects_file[] =
	"Expected: major faults when it is cold, none when it is warm; then a fault for 16 pages or\n"
	"more (fault-around); a fault a page for writes, cow or write-notify";

static const char shows_swap[] =
	"A program writes 4 MiB and asks for them to be swapped out (madvise(MADV_PAGEOUT)), then reads them.\n"
	"The entry of a page that is out is not present for the processor; for the kernel it says where the\n"
	"page is: in which swap area, and where in it.";
static const char expects_swap[] =
	"Expected: an entry that can be taken apart by hand; one fault for each page that was out, swap-in";

static const char shows_prefault[] =
	"A program that must not be held up by faults can have its memory before it uses it. Here is what the\n"
	"ways to do that cost, where, and how many faults they leave: the call that prepares, then a touch of\n"
	"each page.";
static const char expects_prefault[] =
	"Expected: a fault a page for plain touches, none after MAP_POPULATE, MADV_POPULATE_WRITE and mlock();\n"
	"one for 2 MiB with huge pages";

static const char shows_threads[] =
	"Threads touch memory for the first time, each its own part of 32 MiB, all at once. They share one\n"
	"address space: its lock, its tables, the kernel's free pages. The rate is that of a program that\n"
	"nobody watches; the latencies are those of another one, which is watched.";
static const char expects_threads[] =
	"Expected: a fault a page, however many threads; the page from the node of the CPU that touched it";

static const char shows_walk[] =
	"A program touches one byte. Here is how the processor finds it: the address is cut into an index for\n"
	"each level and an offset; each index picks an entry of a table, each entry has the address of the\n"
	"next table and bits that say what is allowed; the last one has the page.";
static const char expects_walk[] =
	"Expected: no page before the touch, one fault, then an entry at each level; the parts of the address\n"
	"put together again are the address, page and offset are the physical one";

#endif
