/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the raw entries of a path mean: as the kernel itself would read them, as far as that can be known outside it. */
#ifndef PFWATCH_DECODE_H
#define PFWATCH_DECODE_H

#include <stdint.h>

#include "path.h"
#include "swap_types.h"

/* A kernel's page tables: how they are found, and how their entries are read. */
struct page_tables {
	uint64_t direct_map;	/* virtual address of physical address 0 in the kernel's map of all memory */
	uint64_t entry_mask;	/* the bits of an entry that are an address */
	unsigned int levels;	/* 4 or 5 */
	struct swap_types swap;
};

/* Not known of a kernel whose tables are read from outside: where its vmalloc and vmemmap lie. They are 0. */
struct geometry decode_geometry(const struct page_tables *tables);

/* Whether an address is of the user half, the kernel half, or of neither: not canonical, and never to be walked. */
enum half { HALF_USER, HALF_KERNEL, HALF_NONE };
enum half decode_half(const struct page_tables *tables, uint64_t addr);

/*
 * n entries from the PGD downwards, as read for addr: n is as many as there are levels at the most, fewer where one is
 * no table. A path that ends with a table could not be read to its end. What a page is to the process isn't in them:
 * path->page is PAGE_UNKNOWN.
 */
void decode_path(const struct page_tables *tables, uint64_t addr, const uint64_t *entry, unsigned int n,
		 struct path *path);

/* The end of a path that is a swap entry: its type and its offset. */
void decode_swap(const struct page_tables *tables, unsigned int type, uint64_t offset, struct path *path);

#endif
