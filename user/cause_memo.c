// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cause_memo.h"

#include "cause_facts.h"

#define AREA_BITS	21	/* in all of it a huge page has room in the mapping, or has not */
#define FLAGS		0xfff0000000000fffULL	/* of an entry, what is no address */

/*
 * Whether the key has all that decides. What the walker found, the page that was there before, and the place that a
 * stack grew to would be more; and what there was none of has no entry to compare.
 */
static bool is_plain(const struct fault *fault)
{
	return (fault->walk_status == WALK_NONE || fault->walk_status == WALK_GONE) &&
	       fault->before.kind == KIND_NONE && !fault->grew && fault->has_left && fault->left.levels;
}

/* 2M, and on which side of the end of the user half: that is not the end of such an area. */
static uint64_t area_of(const struct fault *fault, const struct geometry *geometry)
{
	return fault->addr >> AREA_BITS << 1 | is_kernel_address(fault, geometry);
}

static uint64_t flags_of(const struct path *path)
{
	return path->entry[path->levels - 1] & FLAGS;
}

static bool is_alike(const struct known_cause *known, const struct fault *fault, uint64_t area)
{
	return known->area == area && known->traits[0] == fault->traits[0] && known->traits[1] == fault->traits[1] &&
	       known->traits[2] == fault->traits[2] && known->before == fault->before.traits &&
	       known->left == fault->left.traits && known->left_flags == flags_of(&fault->left) &&
	       known->start == fault->vma.start && known->end == fault->vma.end && known->flags == fault->vma.flags;
}

static void learn(struct known_cause *known, const struct fault *fault, uint64_t area, const struct cause *cause)
{
	*known = (struct known_cause){
		.traits = { fault->traits[0], fault->traits[1], fault->traits[2] }, .before = fault->before.traits,
		.left = fault->left.traits, .left_flags = flags_of(&fault->left), .start = fault->vma.start,
		.end = fault->vma.end, .flags = fault->vma.flags, .area = area, .cause = *cause,
	};
}

/* None is known where all is 0: that would be a fault without a path. */
void cause_recall(struct cause_memo *memo, const struct fault *fault, const struct geometry *geometry,
		  struct cause *cause)
{
	uint64_t area = area_of(fault, geometry);
	struct known_cause *known = &memo->known[(area >> 1) % KNOWN_CAUSES];

	if (!is_plain(fault)) {
		cause_find(fault, geometry, cause);
	} else if (is_alike(known, fault, area)) {
		*cause = known->cause;
	} else {
		cause_find(fault, geometry, cause);
		learn(known, fault, area, cause);
	}
}
