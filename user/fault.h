/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The model of a fault: what the tracer saw, and what the walker found afterwards. */
#ifndef PFWATCH_FAULT_H
#define PFWATCH_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "path.h"

#define COMM_LEN 16

enum access { ACCESS_READ, ACCESS_WRITE, ACCESS_EXEC };

/* How the question for the path ended; gone: the address space is no more. */
enum walk_status { WALK_OK, WALK_GONE, WALK_STALE, WALK_FAILED, WALK_STATUSES };

struct fault {
	uint64_t ts;		/* CLOCK_MONOTONIC, ns */
	uint64_t addr;
	uint64_t ip;
	uint64_t space;		/* identity of the address space, opaque */
	uint32_t pid;
	uint32_t tid;
	uint32_t error_code;
	uint32_t cpu;
	bool kernel_mode;
	char comm[COMM_LEN];	/* always terminated */

	uint8_t walk_status;	/* enum walk_status */
	uint64_t age;		/* ns from the fault to the walk, or to the answer that there is none */
	struct path after;	/* only where walk_status is WALK_OK or WALK_STALE */
};

struct totals {
	uint64_t seen, printed, filtered, lost;
	uint64_t walks[WALK_STATUSES];
};

enum access fault_access(const struct fault *fault);
const char *walk_status_name(enum walk_status status);

#endif
