// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "preemption.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

/* A kernel of which it is chosen at boot, or later, says in its version no more than that it can be (PREEMPT_DYNAMIC). */
bool preemption_is_on(const char *model, const char *version)
{
	if (strchr(model, '('))
		return strstr(model, "(full)") || strstr(model, "(lazy)");
	return strstr(version, "PREEMPT");
}

bool kernel_is_preempted(void)
{
	FILE *stream = fopen("/sys/kernel/debug/sched/preempt", "re");
	struct utsname name;
	char model[64] = "";

	if (stream && !fgets(model, sizeof(model), stream))
		model[0] = '\0';
	if (stream)
		fclose(stream);
	return preemption_is_on(model, uname(&name) ? "PREEMPT" : name.version);
}
