// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE
#include "open_regular.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Takes over a descriptor that only stands for the file (O_PATH): nothing was opened yet. */
static int open_found(int found)
{
	struct stat stat;
	char name[32];
	int fd = -1;

	if (found < 0)
		return -1;
	if (!fstat(found, &stat) && S_ISREG(stat.st_mode)) {
		snprintf(name, sizeof(name), "/proc/self/fd/%d", found);
		fd = open(name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	}
	close(found);
	return fd;
}

int open_regular(const char *path)
{
	return open_found(open(path, O_PATH | O_CLOEXEC));
}

int open_regular_below(const char *root, const char *path)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	int directory = open(*root ? root : "/", O_PATH | O_DIRECTORY | O_CLOEXEC), found;

	if (directory < 0)
		return -1;
	found = syscall(SYS_openat2, directory, path, &how, sizeof(how));
	close(directory);
	return open_found(found);
}
