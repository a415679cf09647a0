// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "privilege.h"

#include <linux/capability.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool has_sys_admin(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	return !syscall(SYS_capget, &header, data) &&
	       data[CAP_TO_INDEX(CAP_SYS_ADMIN)].effective & CAP_TO_MASK(CAP_SYS_ADMIN);
}

/* The initial one's inode number is fixed (include/linux/proc_ns.h). */
static bool in_initial_user_namespace(void)
{
	const ino_t initial = 0xEFFFFFFDU;
	struct stat status;

	return stat("/proc/self/ns/user", &status) || status.st_ino == initial;
}

bool privilege_is_missing(char *why, size_t size)
{
	if (has_sys_admin() && in_initial_user_namespace())
		return false;
	snprintf(why, size, "not permitted: run pfwatch as root (it needs CAP_SYS_ADMIN in the initial user namespace)");
	return true;
}
