// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "cause_memo.h"

#include "cause_facts.h"

#define AREA_BITS	21	/* in all of it a huge page has room in the mapping, or has not */
#define FLAGS		0xfff0000000000fffULL	/* of an entry, what is no address */
#define ADDRESS_SHIFT	12

/*
 * Whether the key has all that decides. The page that was there before, and the place that a stack grew to would be
 * more; and without what the fault left behind it is the walker's whole answer.
 */
static bool is_plain(const struct fault *fault)
{
	return fault->before.kind == KIND_NONE && !fault->grew && fault->has_left && fault->left.levels;
}

/* 2M, and on which side of the end of the user half: that is not the end of such an area. */
static uint64_t area_of(const struct fault *fault, const struct geometry *geometry)
{
	return fault->addr >> AREA_BITS << 1 | is_kernel_address(fault, geometry);
}

/* Of the path at the end, what its traits don't tell: the flags of the last entry, and what the walker knows of the page. */
static uint64_t left_end(const struct fault *fault)
{
	return (path_leaf(&fault->left) & FLAGS) | (uint64_t)page_at_end(fault, &fault->left) << ADDRESS_SHIFT;
}

static bool is_alike(const struct known_cause *known, const struct fault *fault, uint64_t area)
{
	return known->area == area && known->traits[0] == fault->traits[0] && known->traits[1] == fault->traits[1] &&
	       known->traits[2] == fault->traits[2] && known->before == fault->before.traits &&
	       known->left == fault->left.traits && known->left_end == left_end(fault) &&
	       known->start == fault->vma.start && known->end == fault->vma.end && known->flags == fault->vma.flags;
}

static void learn(struct known_cause *known, const struct fault *fault, uint64_t area, const struct cause *cause)
{
	*known = (struct known_cause){
		.traits = { fault->traits[0], fault->traits[1], fault->traits[2] }, .before = fault->before.traits,
		.left = fault->left.traits, .left_end = left_end(fault), .start = fault->vma.start,
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
