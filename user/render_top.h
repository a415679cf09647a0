/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* One screen of `pfwatch top`, as lines. */
#ifndef PFWATCH_RENDER_TOP_H
#define PFWATCH_RENDER_TOP_H

#include "output.h"
#include "top.h"

struct top_frame {
	const struct top_row *sum;
	const struct top_row **rows;	/* in order */
	size_t n;			/* of them */
	size_t processes;		/* that had faults, shown or not */
	uint64_t ns;			/* of the interval, more than 0 */
	uint64_t seen, lost;		/* since the beginning */
	enum top_sort sort;
	const char *line_end;		/* "\n", or what a terminal needs besides */
};

#define TOP_HEAD_LINES 3	/* above the rows */

void render_top(struct output *out, const struct top_frame *frame);

#endif
