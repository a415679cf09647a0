/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The mappings of the address spaces that faults were in: those of /proc/PID/maps, read as rarely as is right. */
#ifndef PFWATCH_SPACES_H
#define PFWATCH_SPACES_H

#include <stdbool.h>
#include <stdint.h>

#include "vma.h"

struct spaces;

/* What was faulted on, or what instruction did: an address at a time. */
struct place {
	uint32_t pid;
	uint64_t space;		/* identity of the address space */
	uint64_t time;		/* CLOCK_MONOTONIC, ns */
	uint64_t addr;
	bool gone;		/* the address space was gone when it was last asked for: not to be asked for again */
};

/* has_space: whether the process pid has this address space now. NULL on lack of memory. */
struct spaces *spaces_new(bool (*has_space)(void *data, uint32_t pid, uint64_t space), void *data);
void spaces_free(struct spaces *spaces);

/*
 * The mapping at a place; seen: what is known of it already, or NULL. NULL: there is none, or what is there is not what
 * was seen, or the process is gone and was never looked at. Holds until the next call.
 * version: another one for each address space, and for each change of its executable mappings; 0: they aren't known
 * well enough to tell that there is none.
 */
const struct vma *spaces_find(struct spaces *spaces, const struct place *place, const struct vma *seen,
			      uint64_t *version);

/*
 * How long what spaces_find() has just said holds. It would say the same of each place that has the same space and the
 * same mapping, in the list and as it was seen, and isn't later than until; as long as changes is that of
 * spaces_changes(). Who goes by that calls spaces_use() instead, so that it is known which spaces are in use.
 */
struct space_answer {
	uint64_t changes, until;
	uint32_t space;
};

struct space_answer spaces_answer(const struct spaces *spaces);
uint64_t spaces_changes(const struct spaces *spaces);	/* of any of the lists */
void spaces_use(struct spaces *spaces, const struct space_answer *answer);

#endif
