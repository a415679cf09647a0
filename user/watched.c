// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "watched.h"

#include <errno.h>
#include <string.h>

#include "log.h"
#include "proc.h"

static int check_process(uint32_t *pid)
{
	enum proc_state state;
	char why[256];
	uint32_t tgid;

	state = proc_look(*pid, &tgid);
	if (state != PROC_ALIVE) {
		proc_explain(state, *pid, why, sizeof(why));
		log_error("%s", why);
		return EXIT_FAILED;
	}
	if (tgid != *pid)
		log_info("PID %u is a thread of process %u: watching that", *pid, tgid);
	*pid = tgid;
	return EXIT_OK;
}

int watch_process(struct events *events, struct tracer *tracer, uint32_t pid, bool after_exec)
{
	int err = events_add_process(events, pid);

	if (err == -ESRCH) {
		log_error("no process with PID %u", pid);
		return EXIT_FAILED;
	}
	if (!err)
		err = tracer_add(tracer, pid, after_exec);
	if (err)
		log_error("cannot watch PID %u: %s", pid, strerror(-err));
	return err ? EXIT_FAILED : EXIT_OK;
}

int check_processes(struct pid_list *pids)
{
	for (size_t i = 0; i < pids->n; i++)
		if (check_process(&pids->pid[i]) != EXIT_OK)
			return EXIT_FAILED;
	return EXIT_OK;
}
