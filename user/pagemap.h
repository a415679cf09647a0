/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What /proc/PID/pagemap says of a page (Documentation/admin-guide/mm/pagemap.rst). */
#ifndef PFWATCH_PAGEMAP_H
#define PFWATCH_PAGEMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pagemap_entry {
	bool present, swapped;
	uint8_t swap_type;	/* where it is swapped, as in the entry: not only swap areas have one */
	uint64_t value;		/* physical address of the page (0: not permitted to know), or swap offset */
};

int pagemap_open(uint32_t pid);	/* a descriptor, or a negative errno */

/* n pages from an address on. 0 or a negative errno; -EFAULT: no address that a process can have. */
int pagemap_read(int file, uint64_t addr, struct pagemap_entry *entries, size_t n);

#endif
