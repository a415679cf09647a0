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

uint64_t facts_of(const struct fault *fault, const struct geometry *geometry);	/* bits by enum fact */

#endif
