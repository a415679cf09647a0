/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The causes of the faults before: most faults are like one that has just been, in all that decides. */
#ifndef PFWATCH_CAUSE_MEMO_H
#define PFWATCH_CAUSE_MEMO_H

#include "cause.h"

#define KNOWN_CAUSES	16	/* a power of two */

struct cause_memo {
	struct known_cause {
		uint64_t traits[3];		/* of the fault */
		uint64_t before, left;		/* the traits of the paths */
		uint64_t left_end;		/* the flags of the last entry, and what its page is */
		uint64_t start, end, flags;	/* of the mapping */
		uint64_t area;			/* of the address */
		struct cause cause;
	} known[KNOWN_CAUSES];
};

/* As cause_find(). geometry: always the same. The memo is all 0 at first. */
void cause_recall(struct cause_memo *memo, const struct fault *fault, const struct geometry *geometry,
		  struct cause *cause);

#endif
