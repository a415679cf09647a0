/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Who faults how often: the faults of an interval by process, and within that by groups of causes. */
#ifndef PFWATCH_TOP_H
#define PFWATCH_TOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fault.h"

/* What a fault was for, in as few words as a line has room for. */
enum top_group {
	GROUP_NEW,	/* first-touch, zero-page, thp, stack, hugetlb: memory that is new */
	GROUP_COW,	/* cow, cow-reuse */
	GROUP_FILE,	/* file-minor, file-major, write-notify */
	GROUP_SHMEM,
	GROUP_SWAP,	/* swap-in */
	GROUP_BAD,	/* segv, sigbus, oom */
	GROUP_OTHER,
	GROUPS,
};

struct top_row {
	uint32_t pid;
	char comm[COMM_LEN];		/* as of the last fault */
	uint64_t faults, major;		/* in this interval */
	uint64_t time, timed;		/* ns, of those whose latency is known, and how many these are */
	uint64_t groups[GROUPS];
	uint64_t last;			/* the interval with its last fault */
};

enum top_sort { TOP_BY_FAULTS, TOP_BY_MAJOR, TOP_BY_TIME, TOP_BY_PID };

struct top;

/* processes: that are kept at once. When there are more, the one that has not faulted for longest makes room. */
struct top *top_new(uint32_t processes);	/* NULL: out of memory */
void top_free(struct top *top);

void top_add(struct top *top, const struct fault *fault);

/* All of the interval's, not only those that there is room for; pid and comm mean nothing. */
const struct top_row *top_sum(const struct top *top);

/* Those with faults in this interval, in order, at most n. Returns how many there are, whether there is room or not. */
size_t top_rows(struct top *top, enum top_sort sort, const struct top_row **rows, size_t n);

void top_next_interval(struct top *top);

bool top_sort_by_name(const char *name, enum top_sort *sort);
const char *top_sort_name(enum top_sort sort);

#endif
