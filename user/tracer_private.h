/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the tracer's own files share: they alone know the BPF object and its records. */
#ifndef PFWATCH_TRACER_PRIVATE_H
#define PFWATCH_TRACER_PRIVATE_H

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/types.h>

#include "decode.h"
#include "event.h"
#include "pfwatch.skel.h"
#include "ring.h"
#include "tracer.h"
#include "tracer_record.h"

/* What tells of the end of faults, that which tells most first. */
enum end_source { END_RETURN, END_COUNT, END_COUNT_ALONE, END_NONE };

struct tracer {
	struct tracer_options options;
	struct pfwatch_bpf *bpf;
	struct ring *ring;
	enum begin_source begin;
	enum end_source source;
	char why_begin[256], reason[256];	/* why they are no better ones */
	struct page_tables tables;
	bool reads_paths;		/* where the tables are is known */
	char why_no_paths[256];
	struct bpf_link **links;	/* two for each CPU, where the source is END_COUNT or END_COUNT_ALONE */
	const struct counters *counters;	/* of each CPU, as the programs see them */
	uint32_t cpus;
	struct record_reader records;
	uint64_t (*stack)[MAX_FRAMES];	/* by their numbers; those whose first frame is 0 were not asked for */
	bool stopped;
	uint64_t *filtered;		/* by CPU, of those pending at the end */
	struct fault *faults;		/* where tracer_drain() is at */
	size_t n, max;
};

/* All that have a place lose it, and what is pending there. 0, or a negative errno. */
int tracer_forget_threads(struct tracer *tracer);

/* From the kernel's hooks. */
void tracer_detach(struct tracer *tracer);

#endif
