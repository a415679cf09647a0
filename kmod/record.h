/* SPDX-License-Identifier: GPL-2.0-only */
/* How a path is told, one behind the other, not aligned. */
#ifndef PFWALK_RECORD_H
#define PFWALK_RECORD_H

#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/types.h>

#include "walk.h"

/*
 * As struct pfwalk_run, which is also what struct pfwalk_path begins with. Behind it stand the leaf's value, and the
 * last `levels - same` entries of the path. Where the batch may have runs, a page that a PTE maps has no value;
 * instead the last entries follow of as many addresses more as swap_type says.
 */
struct record_head {
	u8 status;		/* enum walk_status */
	u8 kind;		/* enum walk_kind */
	u8 levels;
	u8 same;		/* entries that are those of the record before */
	u8 swap_type;
	u8 page;		/* enum walk_page */
	u16 vma;		/* index in the batch's array + 1, or 0 */
};

#define RECORD_SIZE	(sizeof(struct record_head) + (1 + WALK_MAX_LEVELS) * sizeof(u64))

/* Where these stand in a head that is taken for a number. */
#define RECORD_SAME	(offsetof(struct record_head, same) * BITS_PER_BYTE)
#define RECORD_MORE	(offsetof(struct record_head, swap_type) * BITS_PER_BYTE)
static_assert(!offsetof(struct record_head, status) && sizeof(struct record_head) == sizeof(u64));

static __always_inline u8 *put_u64(u8 *at, u64 value)
{
	memcpy(at, &value, sizeof(value));
	return at + sizeof(value);
}

static __always_inline u8 *put_head(u8 *at, struct record_head head)
{
	memcpy(at, &head, sizeof(head));
	return at + sizeof(head);
}

/* Entries that two paths have in common from the PGD downwards. The last of a path is never shared: it is its own. */
static inline unsigned int same_tables(const struct walk_path *a, const struct walk_path *b)
{
	unsigned int max = min(a->levels, b->levels), i = 0;

	while (i + 1 < max && a->entry[i] == b->entry[i])
		i++;
	return i;
}

#endif
