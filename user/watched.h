/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The processes of a command line whose faults are asked for. */
#ifndef PFWATCH_WATCHED_H
#define PFWATCH_WATCHED_H

#include "events.h"
#include "options.h"
#include "tracer.h"

/*
 * A thread's number stands for its process, which takes its place in the list. A process that can't be traced is the
 * caller's mistake: nothing runs. What there is to say of either is said; EXIT_OK or EXIT_FAILED.
 */
int check_processes(struct pid_list *pids);

/* The tracer watches it, and events tell of its end. after_exec: see tracer_add(). EXIT_OK, or it is said why not. */
int watch_process(struct events *events, struct tracer *tracer, uint32_t pid, bool after_exec);

#endif
