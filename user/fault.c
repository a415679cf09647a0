// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "fault.h"

#include <stddef.h>

const char *access_name(enum access access)
{
	static const char *const names[ACCESSES] = { "read", "write", "exec" };

	return names[access];
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
