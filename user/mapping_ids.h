/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Mappings have no name that lasts: a heap grows upwards, stacks and what mmap() adds to a neighbour grow downwards.
 * Here one keeps its number as long as it keeps one of its ends. In bounded memory: of a mapping that has long not been
 * asked for, the number may be forgotten, and it gets another one.
 */
#ifndef PFWATCH_MAPPING_IDS_H
#define PFWATCH_MAPPING_IDS_H

#include <stdint.h>

#include "vma.h"

#define MAPPING_SLOTS 8192	/* a power of two */

struct mapping_end {
	uint64_t at, id;
	uint32_t pid;
};

struct mapping_ids {
	uint64_t last;
	uint64_t changes;	/* as long as it is the same, the same is got for the same */
	struct mapping_end starts[MAPPING_SLOTS], ends[MAPPING_SLOTS];
};

/* From 1 on. */
uint64_t mapping_ids_get(struct mapping_ids *ids, uint32_t pid, const struct vma *vma);

#endif
