/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Time that work may take which others make us do: a share of the rest, and some at once. */
#ifndef PFWATCH_BUDGET_H
#define PFWATCH_BUDGET_H

#include <stdint.h>

struct budget {
	int64_t share;		/* one part in so many of the time beside the work, */
	int64_t burst;		/* saved up to so much, ns */
	int64_t left;
	uint64_t begin, end;	/* of the work that was done last; 0: none was */
};

/* How much is left now, before the work: none (or less) as soon as it took longer. */
int64_t budget_begin(struct budget *budget);
void budget_end(struct budget *budget);

#endif
