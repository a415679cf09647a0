/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the 32 types of a swap entry stand for. The lower ones are swap areas, the rest is what else the kernel keeps in
 * an entry that isn't present; which is which depends on its version and configuration.
 */
#ifndef PFWATCH_SWAP_TYPES_H
#define PFWATCH_SWAP_TYPES_H

#include <stdbool.h>

#include "path.h"

/* What a kernel has, which decides how the types are divided up. */
struct swap_facts {
	bool migration;			/* CONFIG_MIGRATION */
	bool exclusive_migration;	/* with a type for pages of a single owner */
	bool memory_failure;		/* CONFIG_MEMORY_FAILURE */
	bool device_private;		/* CONFIG_DEVICE_PRIVATE */
	unsigned int exclusive_devices;	/* types of pages that a device has for itself: 0 to 2 */
	bool marker;			/* markers */
	bool swapin_error;		/* a type for pages that could not be read from swap */
};

struct type_range {
	unsigned int first, n;
};

struct swap_types {
	unsigned int areas;	/* types below are swap areas */
	struct type_range hwpoison, migration, device, marker;
};

/* By include/linux/swap.h. NULL: nothing is known, and all that may be special is of unknown kind. */
struct swap_types swap_types_of(const struct swap_facts *facts);

/* KIND_SWAP, or what else a type is: KIND_OTHER if that can't be known, or has no name. */
enum kind swap_types_kind(const struct swap_types *types, unsigned int type);

/* What the running kernel has, asked of its own description (BTF). False: that can't be read. */
bool swap_facts_read(struct swap_facts *facts);

#endif
