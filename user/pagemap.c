// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "pagemap.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define PAGE_SHIFT	12
#define PRESENT		(1ULL << 63)
#define SWAPPED		(1ULL << 62)
#define FRAME		((1ULL << 55) - 1)
#define TYPE_BITS	5
#define CHUNK		512

int pagemap_open(uint32_t pid)
{
	char name[64];
	int file;

	snprintf(name, sizeof(name), "/proc/%u/pagemap", pid);
	file = open(name, O_RDONLY | O_CLOEXEC);
	return file < 0 ? -errno : file;
}

static struct pagemap_entry take(uint64_t raw)
{
	uint64_t frame = raw & FRAME;

	if (raw & PRESENT)
		return (struct pagemap_entry){ .present = true, .value = frame << PAGE_SHIFT };
	if (!(raw & SWAPPED))
		return (struct pagemap_entry){ .present = false };
	return (struct pagemap_entry){
		.swapped = true, .swap_type = frame & ((1U << TYPE_BITS) - 1), .value = frame >> TYPE_BITS,
	};
}

int pagemap_read(int file, uint64_t addr, struct pagemap_entry *entries, size_t n)
{
	uint64_t raw[CHUNK];

	for (size_t done = 0; done < n; ) {
		size_t want = n - done < CHUNK ? n - done : CHUNK;
		ssize_t got = pread(file, raw, want * sizeof(*raw), ((addr >> PAGE_SHIFT) + done) * sizeof(*raw));

		if (got < 0)
			return -errno;
		if (got < (ssize_t)sizeof(*raw))
			return -EFAULT;
		for (size_t i = 0; i < got / sizeof(*raw); i++)
			entries[done++] = take(raw[i]);
	}
	return 0;
}
