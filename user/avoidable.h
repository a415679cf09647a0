/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Faults that a program need not have had. Whoever counts them here could be wrong about why a program does what it
 * does, but not about the faults: each number is of faults that were seen, and what is doubtful is left out. Each way
 * is counted by itself; a fault may be counted for several. Their time is what these faults took: the other way takes
 * time, too (pages have to be cleared and read anyway).
 *
 * The memory is looked at in areas of 2M, aligned, each by itself. What an area is known of begins anew when one of its
 * pages comes a second time (it was unmapped or given back meanwhile), when another mapping is there, or when a page is
 * touched for the first time that was no part of the mapping yet at the first fault of these (a heap that has grown).
 *
 * AVOID_POPULATE       The cause is first-touch. At least RUN_PAGES neighbouring pages of an area, of one mapping,
 *                      came, in whatever order: of each such run all faults but one. One madvise(MADV_POPULATE_WRITE),
 *                      or mmap(MAP_POPULATE), makes these pages, and no page that wasn't wanted.
 * AVOID_HUGE_PAGE      The cause is first-touch, and all 512 pages of an area came, which lay in the mapping as a
 *                      whole at each of these faults: 511 of the 512 faults. A huge page is one fault
 *                      (madvise(MADV_HUGEPAGE), or THP always).
 * AVOID_WRITE_FIRST    A fault of cause zero-page, when a later fault of cause cow finds the zero page at this page:
 *                      the first one of the two. A write at first, or MADV_POPULATE_WRITE, makes the page at once.
 * AVOID_MLOCK          The cause is swap-in; or it is file-major, of a page that was read by a file-major fault before
 *                      (of the same part of the same file, by the same process). mlock() keeps pages in memory.
 * AVOID_POPULATE_FILE  The cause is file-minor. The kernel maps up to 16 pages around one that is in the page cache
 *                      (fault-around: windows of 64K, aligned). At least RUN_WINDOWS neighbouring windows of an area,
 *                      of one mapping, had such faults: of each such run all faults but one. mmap(MAP_POPULATE), or
 *                      madvise(MADV_POPULATE_READ), maps them at once.
 *
 * Where an area counts in part, its time is divided evenly among its faults; all else is exact.
 */
#ifndef PFWATCH_AVOIDABLE_H
#define PFWATCH_AVOIDABLE_H

#include <stdint.h>

#include "fault.h"

#define RUN_PAGES	16
#define RUN_WINDOWS	4

enum avoid_way {
	AVOID_POPULATE, AVOID_HUGE_PAGE, AVOID_WRITE_FIRST, AVOID_MLOCK, AVOID_POPULATE_FILE, AVOID_WAYS,
};

struct amount {
	uint64_t faults;
	uint64_t time;		/* ns, of those whose latency is known */
};

struct avoidable;

/* areas: that are kept at once. When there are more, the oldest one is counted as it is, and let go. */
struct avoidable *avoidable_new(uint32_t areas);	/* NULL: out of memory */
void avoidable_free(struct avoidable *avoidable);

void avoidable_add(struct avoidable *avoidable, const struct fault *fault);

/* Counts what is there still. */
void avoidable_finish(struct avoidable *avoidable);

const struct amount *avoidable_amount(const struct avoidable *avoidable, enum avoid_way way);

/* Areas that were let go: what came later couldn't be held against them, so the numbers may be too low. */
uint64_t avoidable_let_go(const struct avoidable *avoidable);

#endif
