/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the kernel's half tells of a fault, as a fault; between the parts of tracer.h. */
#ifndef PFWATCH_TRACER_RECORD_H
#define PFWATCH_TRACER_RECORD_H

#include <linux/types.h>

#include "decode.h"
#include "event.h"
#include "fault.h"

#define KNOWN_RECORDS	16	/* a power of two */

/* All 0 at first but for the tables. */
struct record_reader {
	const struct page_tables *tables;
	struct event_vma last_vma;	/* of the last fault that had one, */
	struct vma vma;			/* and what it comes to */
	uint64_t lost_stacks;		/* records whose stack found no room */
	struct known_record {
		struct event event;	/* one of those with this number, and plain; or all 0, which none is like */
		struct fault fault;
	} known[KNOWN_RECORDS];
};

/* All of *fault is set. */
void record_read(struct record_reader *reader, const struct event *event, struct fault *fault);

#endif
