// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "bpf_util.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "privilege.h"

/* libbpf says a lot when a kernel lacks something; of use only to whom looks for the cause of an odd failure. */
static int print_libbpf(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	return getenv("PFWATCH_DEBUG") ? vfprintf(stderr, format, args) : 0;
}

bool bpf_prepare(char *why, size_t size)
{
	libbpf_set_print(print_libbpf);
	if (!access("/sys/kernel/btf/vmlinux", R_OK))
		return true;
	snprintf(why, size, "this kernel describes its types nowhere (no /sys/kernel/btf/vmlinux): "
		 "pfwatch needs one built with CONFIG_DEBUG_INFO_BTF=y");
	return false;
}

void bpf_explain(char *why, size_t size, const char *what, int error)
{
	if (!privilege_is_missing(why, size))
		snprintf(why, size, "%s: %s; PFWATCH_DEBUG=1 shows what libbpf says", what, strerror(error));
}

bool kernel_is_before(unsigned int major, unsigned int minor)
{
	unsigned int its_major, its_minor;
	struct utsname name;

	if (uname(&name) || sscanf(name.release, "%u.%u", &its_major, &its_minor) != 2)
		return false;
	return its_major < major || (its_major == major && its_minor < minor);
}

/* The list may have gaps ("0-3,8-11"), and libbpf_num_possible_cpus() counts. */
int bpf_count_cpus(uint32_t *cpus, char *why, size_t size)
{
	FILE *stream = fopen("/sys/devices/system/cpu/possible", "re");
	int last = -1, id;
	char separator;

	while (stream && fscanf(stream, "%d%c", &id, &separator) >= 1)
		last = id;
	if (stream)
		fclose(stream);
	*cpus = last + 1;
	if (last >= 0)
		return 0;
	snprintf(why, size, "cannot read the number of CPUs from /sys/devices/system/cpu/possible");
	return -ENOENT;
}

/* The initial one's inode number is fixed (include/linux/proc_ns.h). */
int bpf_pid_namespace(uint32_t *pid_ns, char *why, size_t size)
{
	const ino_t initial = 0xEFFFFFFCU;
	struct stat status;
	int err;

	if (stat("/proc/self/ns/pid", &status)) {
		err = -errno;
		bpf_explain(why, size, "cannot look at /proc/self/ns/pid", -err);
		return err;
	}
	*pid_ns = status.st_ino == initial ? 0 : status.st_ino;
	return 0;
}
