// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * pagemap PID FILE BATCH COUNT: reads the entries of COUNT of the addresses in FILE from /proc/PID/pagemap, again and
 * again from its beginning: BATCH with one system call. The addresses of a batch are those of neighbouring pages.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "addresses.h"

#define MAX_BATCH 4096

static char lines[ADDRESSES][ADDRESS_LEN];
static uint64_t pages[ADDRESSES];

static int read_entries(int fd, size_t batch, size_t count)
{
	static uint64_t entries[MAX_BATCH];
	const ssize_t size = batch * sizeof(*entries);

	for (size_t i = 0; i < count; i += batch) {
		if (pread(fd, entries, size, pages[i % ADDRESSES] * sizeof(*entries)) != size)
			return -1;
		if (!(entries[0] >> 63))
			return -1;
	}
	return 0;
}

static int open_pagemap(const char *pid)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%s/pagemap", pid);
	return open(path, O_RDONLY);
}

int main(int argc, char **argv)
{
	size_t batch = argc == 5 ? strtoul(argv[3], NULL, 10) : 0;
	size_t count = batch ? strtoul(argv[4], NULL, 10) : 0;
	int fd;

	if (!batch || batch > MAX_BATCH || !count) {
		fprintf(stderr, "pagemap PID FILE BATCH COUNT\n");
		return 1;
	}
	fd = open_pagemap(argv[1]);
	if (fd < 0 || addresses_read(argv[2], lines)) {
		perror("pagemap");
		return 1;
	}
	for (size_t i = 0; i < ADDRESSES; i++)
		pages[i] = strtoull(lines[i], NULL, 16) / 4096;
	if (read_entries(fd, batch, count)) {
		fprintf(stderr, "pagemap: can't read %s's, or a page is not present\n", argv[1]);
		return 1;
	}
	return 0;
}
