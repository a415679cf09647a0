/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The processes that there are, from the kernel's own structures. */
#ifndef PFWATCH_TASKS_H
#define PFWATCH_TASKS_H

#include <stddef.h>

#include "task.h"

/*
 * All processes of our PID namespace, each once, in the order of their PID; to be freed. *n: how many. NULL on failure,
 * with the reason as a line in why.
 */
struct task *tasks_read(size_t *n, char *why, size_t size);

#endif
