/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What a fault's cause is concluded from; between the parts of cause.h. */
#ifndef PFWATCH_CAUSE_FACTS_H
#define PFWATCH_CAUSE_FACTS_H

#include "cause.h"

#define BIT(n)		(1ULL << (n))

/* By the fault's address alone: task_size_max is 0 where the geometry isn't known. */
static inline bool is_kernel_address(const struct fault *fault, const struct geometry *geometry)
{
	return geometry->task_size_max ? fault->addr >= geometry->task_size_max : fault->addr >> 63;
}

/* Whether the walker was there, and what it found is in fault->after. */
static inline bool was_walked(const struct fault *fault)
{
	return fault->walk_status == WALK_OK || fault->walk_status == WALK_STALE;
}

/* What the page at the end of a fault is: by `end`, its path then, or by the walker, if that saw the same entry later. */
static inline enum page_kind page_at_end(const struct fault *fault, const struct path *end)
{
	const struct path *after = &fault->after;

	if (end->page != PAGE_UNKNOWN || !was_walked(fault) || !path_has_page(after) || after->levels != end->levels)
		return end->page;
	return path_leaf(after) == path_leaf(end) ? after->page : PAGE_UNKNOWN;
}

uint64_t facts_of(const struct fault *fault, const struct geometry *geometry);	/* bits by enum fact */

#endif
