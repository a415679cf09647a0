/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef PFWATCH_WALKER_KMOD_PATHS_H
#define PFWATCH_WALKER_KMOD_PATHS_H

#include "walker_kmod.h"

/* One resolve request, while its reply is read. */
struct resolution {
	struct path *paths;
	struct vma *vmas;	/* NULL: nobody asks */
	size_t asked, done;
	unsigned int levels;	/* that a path can have */
	uint64_t pfn_mask;	/* the page in a PTE */
	uint64_t time;
};

/*
 * The records of a message, of len bytes in all, become paths from r->done on. head_size: at least that of struct
 * pfwalk_path, or of struct pfwalk_run. false: they make no sense.
 */
bool take_paths(struct resolution *r, const char *record, size_t len, size_t head_size, const struct vma_records *vmas);
bool take_runs(struct resolution *r, const char *record, size_t len, size_t head_size, const struct vma_records *vmas);

#endif
