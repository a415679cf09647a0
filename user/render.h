/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* From the model to bytes. A form knows no kernel and no socket: it could print a recording just as well. */
#ifndef PFWATCH_RENDER_H
#define PFWATCH_RENDER_H

#include "answer.h"
#include "fault.h"
#include "map.h"
#include "output.h"
#include "path.h"
#include "summary.h"
#include "task.h"

/* What the lines of a stream have in common. */
struct render {
	struct output *out;
	const struct geometry *geometry;
	const char *walker;
	const char *begin, *end;	/* what tells of a fault's beginning and end, each a word; NULL: not said */
	uint64_t start;		/* CLOCK_MONOTONIC ns: time 0 of text */
	uint32_t one_in;	/* faults: one of so many is drawn by chance, and shown; 0 or 1: all of them */
	bool utf8;		/* text may have more than ASCII */
};

struct form {
	bool shows_origin;	/* mapping, program and NUMA nodes of a fault: what takes time to find out */
	bool shows_page;	/* flags, count and node of an address' page, not its kind alone: likewise */
	void (*fault_header)(const struct render *render);
	void (*fault)(const struct render *render, const struct fault *fault);
	void (*lost)(const struct render *render, uint64_t n);	/* how many are missing here; NULL: it has no line for that */
	void (*summary)(const struct render *render, const struct totals *totals);
	/* Instead of the lines of all faults, and of their summary. NULL: it can't. */
	void (*report)(const struct render *render, const struct totals *totals, const struct summary *summary);
	void (*path_header)(const struct render *render);
	void (*path)(const struct render *render, const struct answer *answer);
	void (*layout)(const struct render *render);
	void (*task_header)(const struct render *render);
	void (*task)(const struct render *render, const struct task *task);

	/* An address space: region by region, each mapping behind its regions, and all of it at the end. */
	void (*map_header)(const struct render *render);
	void (*map_region)(const struct render *render, const struct map *map, const struct region *region);
	void (*map_vma)(const struct render *render, const struct map *map, const char *name);
	void (*map_end)(const struct render *render, const struct map *map);
};

extern const struct form form_text, form_verbose, form_json, form_csv;

#endif
