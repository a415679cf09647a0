/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PFWALK_MAP_H
#define PFWALK_MAP_H

#include <linux/mm_types.h>
#include <linux/types.h>

#include "vma.h"
#include "walk.h"

/* As struct pfwalk_region and struct pfwalk_tables. */
struct map_region {
	u64 start, end;
	u16 vma;
	u8 kind;
	u8 level;
	u8 page;
	u8 reserved[3];
};

struct map_tables {
	u64 tables[WALK_MAX_LEVELS];
	u64 reserved;
};

/* What goes on from one batch to the next. */
struct map_cursor {
	u64 next, end;
	u64 seen[WALK_MAX_LEVELS];	/* the table counted last, by level: the number of its span + 1 */
	struct map_tables tables;
};

#define MAP_VMAS	256
#define MAP_REGIONS	1024

/* What one hold of the mmap lock brings. */
struct map_batch {
	u64 time;
	unsigned int vmas, regions;
	unsigned int vmas_max, regions_max;	/* what the caller has room for, at most MAP_VMAS and MAP_REGIONS */
	struct walk_vma vma[MAP_VMAS];
	struct map_region region[MAP_REGIONS];
};

int map_walk(struct mm_struct *mm, struct map_cursor *cursor, struct map_batch *batch);

#endif
