/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Whether the kernel lets one task take the processor from another while that is in the kernel. */
#ifndef PFWATCH_PREEMPTION_H
#define PFWATCH_PREEMPTION_H

#include <stdbool.h>

/* Where it can't be told for sure: true. */
bool kernel_is_preempted(void);

/*
 * The judgement alone.
 *   model    /sys/kernel/debug/sched/preempt: the models to choose from, the one in force in brackets; "": unknown
 *   version  that of uname(2)
 */
bool preemption_is_on(const char *model, const char *version);

#endif
