/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PFWALK_BATCH_H
#define PFWALK_BATCH_H

#include <linux/mm_types.h>
#include <linux/types.h>

#include "record.h"
#include "vma.h"
#include "walk.h"

/* Addresses resolved under one hold of the mmap lock: bounds what the process may have to wait for us. */
#define BATCH_MAX	256

/* Mappings that a batch may tell of: room for more would cost every request its zeroing. */
#define BATCH_VMAS	16

/* What one hold of the mmap lock brings. */
struct batch {
	u8 *at, *end;		/* the caller's room for records, at least RECORD_SIZE; at: behind the last one */
	bool runs;		/* whether a record may tell of several addresses */
	u64 time;		/* when the walk began, CLOCK_MONOTONIC in ns */
	unsigned int done;	/* addresses that have a record */
	unsigned int vmas;
	struct walk_vma vma[BATCH_VMAS];
};

int batch_walk(struct mm_struct *mm, const void *addrs, unsigned int n, struct batch *batch);

#endif
