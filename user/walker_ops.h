/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What stands behind walker.h: each of the walkers is such a table, and begins with such a structure. */
#ifndef PFWATCH_WALKER_OPS_H
#define PFWATCH_WALKER_OPS_H

#include "walker.h"

struct walker_ops {
	const char *name;
	const char *lacks;
	struct walker *(*open)(char *why, size_t size);
	void (*close)(struct walker *walker);
	/* space and vmas may be NULL: any address space; nobody asks for mappings */
	int (*resolve)(struct walker *walker, uint32_t pid, const uint64_t *space, const uint64_t *addrs, size_t n,
		       struct path *paths, struct vma *vmas, uint64_t *time);
	/* NULL: it can't */
	int (*map)(struct walker *walker, uint32_t pid, uint64_t start, uint64_t end, const struct map_sink *sink,
		   struct table_pages *tables);
};

struct walker {
	const struct walker_ops *ops;	/* set by walker_open() */
	struct geometry geometry;
	char error[256];
};

extern const struct walker_ops walker_kmod, walker_bpf, walker_pagemap;

#endif
