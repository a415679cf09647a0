/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What many faults come to: counts and times by cause, mapping, size of the page; and which places had most of them. */
#ifndef PFWATCH_SUMMARY_H
#define PFWATCH_SUMMARY_H

#include <stdbool.h>
#include <stdint.h>

#include "avoidable.h"
#include "fault.h"
#include "histogram.h"
#include "mapping_ids.h"
#include "tally.h"

/* By the page behind the address when the fault was over. */
enum size_class {
	SIZE_4K, SIZE_2M, SIZE_1G,
	SIZE_NO_PAGE,		/* there is none: the fault ended badly, or has changed nothing */
	SIZE_UNKNOWN,
	SIZE_CLASSES,
};

/*
 * Most that is kept of each; beyond that, the least frequent keys make room (see tally.h). The key of a mapping: its
 * process and, of a file (shared memory is one), the file; else what mapping_ids.h knows it by. Addresses
 * (of pages) and instructions are a process', files are everybody's.
 */
struct summary_limits {
	uint32_t mappings, addresses, instructions, files, areas;
};

/* Under what the faults of one origin (see struct fault) are counted, and where that is. */
struct known_places {
	uint64_t origin;	/* 0: nothing */
	uint64_t changes;	/* of the mapping_ids, that the mapping's key is from */
	struct tally_key mapping, instruction, file;
	struct tally_entry *at_mapping, *at_instruction, *at_file;
};

#define KNOWN_PLACES 64		/* a power of two */

struct summary {
	const struct geometry *geometry;
	struct amount all;
	uint64_t by_cause[CAUSES];
	struct histogram latency[CAUSES];	/* of those whose latency is known */
	struct amount by_size[SIZE_CLASSES];
	struct mapping_ids ids;
	struct known_places places[KNOWN_PLACES];
	struct tally *mappings, *addresses, *instructions, *files;
	struct avoidable *avoidable;
};

extern const struct summary_limits summary_limits;	/* some 20 MB, when all of it is used */

struct summary *summary_new(const struct geometry *geometry, const struct summary_limits *limits);
void summary_free(struct summary *summary);

void summary_add(struct summary *summary, const struct fault *fault);

/* Behind the last fault. */
void summary_finish(struct summary *summary);

/*
 * What the memory is that faults of this origin were in: the kind of the mapping (stack: anonymous, and grows down),
 * "none" if there is none, "kernel" of an address of the kernel half, "unknown".
 */
const char *origin_kind_name(const struct origin *origin);
const char *size_class_name(enum size_class size);

#endif
