// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "walker_ops.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "privilege.h"

static const struct walker_ops *const walkers[] = {
	[WALKER_KMOD] = &walker_kmod, [WALKER_BPF] = &walker_bpf, [WALKER_PAGEMAP] = &walker_pagemap,
};

bool walker_parse(const char *word, enum walker_choice *choice)
{
	for (*choice = 0; *choice < WALKER_BEST; ++*choice)
		if (!strcmp(word, walkers[*choice]->name))
			return true;
	return false;
}

static struct walker *open_one(const struct walker_ops *ops, char *why, size_t size)
{
	struct walker *walker = ops->open(why, size);

	if (walker)
		walker->ops = ops;
	return walker;
}

/* The best one's reason is told: with it, most people are helped most. */
static struct walker *open_best(char *why, size_t size)
{
	struct walker *walker = open_one(walkers[0], why, size);
	char other[512];

	for (unsigned int i = 1; !walker && i < WALKER_BEST; i++)
		walker = open_one(walkers[i], other, sizeof(other));
	return walker;
}

struct walker *walker_open(enum walker_choice choice, char *why, size_t size)
{
	struct walker *walker = choice == WALKER_BEST ? open_best(why, size) : open_one(walkers[choice], why, size);

	if (!walker)
		privilege_is_missing(why, size);
	return walker;
}

void walker_close(struct walker *walker)
{
	if (walker)
		walker->ops->close(walker);
}

const char *walker_name(const struct walker *walker)
{
	return walker->ops->name;
}

const char *walker_lacks(const struct walker *walker)
{
	return walker->ops->lacks;
}

const struct geometry *walker_geometry(const struct walker *walker)
{
	return &walker->geometry;
}

int walker_resolve(struct walker *walker, uint32_t pid, const uint64_t *space, const uint64_t *addrs, size_t n,
		   struct path *paths, uint64_t *time)
{
	return walker->ops->resolve(walker, pid, space, addrs, n, paths, NULL, time);
}

int walker_resolve_vmas(struct walker *walker, uint32_t pid, const uint64_t *addrs, size_t n, struct path *paths,
			struct vma *vmas, uint64_t *time)
{
	return walker->ops->resolve(walker, pid, NULL, addrs, n, paths, vmas, time);
}

int walker_map(struct walker *walker, uint32_t pid, uint64_t start, uint64_t end, const struct map_sink *sink,
	       struct table_pages *tables)
{
	if (walker->ops->map)
		return walker->ops->map(walker, pid, start, end, sink, tables);
	snprintf(walker->error, sizeof(walker->error), "the walker %s cannot tell a whole address space",
		 walker->ops->name);
	return -EOPNOTSUPP;
}

const char *walker_error(const struct walker *walker)
{
	return walker->error;
}
