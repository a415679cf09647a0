/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#ifndef PFWATCH_TRACER_LOG_H
#define PFWATCH_TRACER_LOG_H

#include "tracer.h"

/* Says what faults are seen by, where that is not the first choice. */
void log_tracer(const struct tracer *tracer);

#endif
