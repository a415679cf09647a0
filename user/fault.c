// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fault.h"

#include <stddef.h>

/* Bits of the x86 page-fault error code (Intel SDM vol. 3, 4.7). */
#define ERROR_WRITE	(1u << 1)
#define ERROR_INSTR	(1u << 4)

enum access fault_access(const struct fault *fault)
{
	if (fault->error_code & ERROR_INSTR)
		return ACCESS_EXEC;
	return fault->error_code & ERROR_WRITE ? ACCESS_WRITE : ACCESS_READ;
}

const char *access_name(enum access access)
{
	static const char *const names[ACCESSES] = { "read", "write", "exec" };

	return names[access];
}

const struct path *fault_after(const struct fault *fault)
{
	switch (fault->walk_status) {
	case WALK_OK:
	case WALK_STALE: return &fault->after;
	case WALK_GONE:
	case WALK_NONE: return fault->has_left ? &fault->left : NULL;
	default: return NULL;
	}
}

const char *fault_result_name(enum fault_result result)
{
	static const char *const names[RESULTS] = { NULL, "minor", "major", "segv", "sigbus", "oom" };

	return names[result];
}

const char *walk_status_name(enum walk_status status)
{
	static const char *const names[WALK_STATUSES] = { "ok", "gone", "stale", "failed" };

	return names[status];
}
