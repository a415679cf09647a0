// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "walker_log.h"

#include "log.h"

void log_walker(const struct walker *walker)
{
	if (walker_lacks(walker))
		log_info("walker %s: %s", walker_name(walker), walker_lacks(walker));
}
