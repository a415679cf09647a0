/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One interface to whatever can read page tables. */
#ifndef PFWATCH_WALKER_H
#define PFWATCH_WALKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "map.h"
#include "path.h"
#include "vma.h"

struct walker;

/* In the order of how much they can tell. */
enum walker_choice { WALKER_KMOD, WALKER_BPF, WALKER_PAGEMAP, WALKER_BEST };

bool walker_parse(const char *word, enum walker_choice *choice);	/* false: no walker has this name */

/*
 * WALKER_BEST: the first that works. NULL on failure, with the reason as a line without newline in why; if none
 * works, that of the first.
 */
struct walker *walker_open(enum walker_choice choice, char *why, size_t size);
void walker_close(struct walker *walker);

const char *walker_name(const struct walker *walker);

/* What it can't tell that the best one can, as a line; NULL: nothing. */
const char *walker_lacks(const struct walker *walker);

const struct geometry *walker_geometry(const struct walker *walker);

/*
 * The paths of n addresses (any number) of the process pid, in their order, as they are at *time (CLOCK_MONOTONIC ns).
 * space: the address space that is meant, or NULL for what the process has now.
 *
 * Returns 0; or a negative errno for all of them, and walker_error() says more:
 *   -ESRCH   no such process
 *   -ENXIO   it has no address space (a kernel thread, a zombie, exiting)
 *   -ESTALE  it has another address space than is meant
 *   -EPERM   the caller may not ask
 */
int walker_resolve(struct walker *walker, uint32_t pid, const uint64_t *space, const uint64_t *addrs, size_t n,
		   struct path *paths, uint64_t *time);
/*
 * The same of what the process has now, and vmas[i]: the mapping that addrs[i] lay in at that instant, without its name
 * (""); where it lay in none, start and end are 0.
 */
int walker_resolve_vmas(struct walker *walker, uint32_t pid, const uint64_t *addrs, size_t n, struct path *paths,
			struct vma *vmas, uint64_t *time);

/*
 * Where walker_map() tells what it finds, by ascending address: a mapping, then its regions, merged as far as they are
 * alike. A mapping that changes meanwhile is told again, as it is then. Returning anything but 0 ends the walk.
 */
struct map_sink {
	int (*vma)(void *data, const struct vma *vma);		/* without its name: "" */
	int (*region)(void *data, const struct region *region);
	void *data;
};

/*
 * What the address space of pid holds from start to end, and the tables of that part. Nothing is kept that grows with
 * it. As walker_resolve(); also -ECANCELED: the sink ended it; -EOPNOTSUPP: this walker can't.
 */
int walker_map(struct walker *walker, uint32_t pid, uint64_t start, uint64_t end, const struct map_sink *sink,
	       struct table_pages *tables);

const char *walker_error(const struct walker *walker);

#endif
