// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "tracer_log.h"

#include "log.h"

void log_tracer(const struct tracer *tracer)
{
	if (*tracer_begin_reason(tracer))
		log_info("faults are seen by %s: %s", tracer_begin_source(tracer), tracer_begin_reason(tracer));
}
