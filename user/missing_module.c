// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "missing_module.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static bool file_has(const char *file, const char *text)
{
	char line[4096] = "";
	FILE *stream = fopen(file, "re");
	bool has;

	if (!stream)
		return false;
	has = fgets(line, sizeof(line), stream) && strstr(line, text);
	fclose(stream);
	return has;
}

/* Why this kernel takes no module at all, or NULL if it does. */
static const char *modules_refused(void)
{
	if (access("/proc/modules", F_OK))
		return "is built without modules";
	if (file_has("/proc/sys/kernel/modules_disabled", "1"))
		return "takes no more modules until it is booted anew (kernel.modules_disabled = 1)";
	if (file_has("/proc/cmdline", "nomodule"))
		return "takes no modules (nomodule on its command line)";
	return NULL;
}

void missing_module_explain(char *why, size_t size)
{
	const char *refused = modules_refused();
	struct utsname kernel;

	uname(&kernel);
	if (refused)
		snprintf(why, size, "the walker module pfwalk is not loaded, and this kernel (%s) %s; "
			 "`make vm` gives a shell in a test kernel that has it", kernel.release, refused);
	else if (file_has("/sys/kernel/security/lockdown", "[integrity]") ||
		 file_has("/sys/kernel/security/lockdown", "[confidentiality]"))
		snprintf(why, size, "the walker module pfwalk is not loaded, and this kernel (%s) is locked down: "
			 "it takes only a module signed with a key it trusts", kernel.release);
	else
		snprintf(why, size, "the walker module pfwalk is not loaded: `modprobe pfwalk` where it is installed, "
			 "or `make && insmod build/kmod/%s/pfwalk.ko`", kernel.release);
}
