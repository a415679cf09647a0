/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef PFWATCH_WALKER_LOG_H
#define PFWATCH_WALKER_LOG_H

#include "walker.h"

/* Says what the walker lacks. Nothing of one that lacks nothing. */
void log_walker(const struct walker *walker);

#endif
