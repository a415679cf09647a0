// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The walker that needs nothing but /proc: where an address leads, not by which way. pagemap hides the tables, the size
 * of a page, and what a mapping of bare page frames maps.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "decode.h"
#include "page_mark.h"
#include "pagemap.h"
#include "proc.h"
#include "proc_vmas.h"
#include "walker_ops.h"

struct pagemap_walker {
	struct walker base;
	struct page_tables tables;	/* without a direct map: nothing is read through it */
	struct page_marks *marks;
};

/* ---- one address ---- */

static void take(const struct page_tables *tables, const struct pagemap_entry *entry, struct path *path)
{
	*path = (struct path){ .kind = KIND_NONE, .state = STATE_NONE };
	if (entry->present) {
		path->kind = KIND_PAGE;
		path->state = STATE_MAPPED;
		path->value = entry->value;
	} else if (entry->swapped) {
		decode_swap(tables, entry->swap_type, entry->value, path);
	}
}

/* Behind the end of the user half there is an end of file. */
static int resolve_one(const struct pagemap_walker *walker, int file, uint64_t addr, struct path *path)
{
	enum half half = decode_half(&walker->tables, addr);
	struct pagemap_entry entry;
	int err;

	if (half != HALF_USER) {
		*path = (struct path){
			.kind = KIND_OTHER, .state = half == HALF_NONE ? STATE_BAD_ADDRESS : STATE_UNKNOWN,
			.kernel = half == HALF_KERNEL,
		};
		return 0;
	}
	err = pagemap_read(file, addr, &entry, 1);
	if (err == -EFAULT) {
		*path = (struct path){ .kind = KIND_NONE, .state = STATE_NONE };
		return 0;
	}
	if (!err)
		take(&walker->tables, &entry, path);
	return err;
}

/* ---- a process ---- */

static int fail(struct pagemap_walker *walker, int err, const char *what)
{
	snprintf(walker->base.error, sizeof(walker->base.error), "%s: %s", what, strerror(-err));
	return err;
}

static int refuse(struct pagemap_walker *walker, int err, const char *why)
{
	snprintf(walker->base.error, sizeof(walker->base.error), "%s", why);
	return err;
}

static int open_process(struct pagemap_walker *walker, uint32_t pid)
{
	uint32_t tgid;
	int file;

	switch (proc_look(pid, &tgid)) {
	case PROC_MISSING:
		return refuse(walker, -ESRCH, "there is no such process");
	case PROC_KERNEL_THREAD:
	case PROC_EXITED:
		return refuse(walker, -ENXIO, "the process has no address space");
	case PROC_ALIVE:
		break;
	}
	file = pagemap_open(pid);
	if (file == -ENOENT)
		file = -ESRCH;
	return file < 0 ? fail(walker, file, "cannot open the process' pagemap") : file;
}

static int pagemap_resolve(struct walker *base, uint32_t pid, const uint64_t *space, const uint64_t *addrs, size_t n,
			   struct path *paths, struct vma *vmas, uint64_t *time)
{
	struct pagemap_walker *walker = (struct pagemap_walker *)base;
	int file = open_process(walker, pid), err = 0;

	(void)space;	/* there is no telling */
	if (file < 0)
		return file;
	*time = clock_now();
	for (size_t i = 0; !err && i < n; i++) {
		err = resolve_one(walker, file, addrs[i], &paths[i]);
		page_marks_apply(walker->marks, &base->geometry, addrs[i], &paths[i]);
	}
	close(file);
	if (err)
		return fail(walker, err, "cannot read the process' pagemap");
	proc_vmas_apply(pid, addrs, n, paths, vmas);
	return 0;
}

/* ---- opening ---- */

/* The processor's flag goes from the list where the kernel doesn't use it (arch/x86/kernel/cpu/common.c). */
static unsigned int count_levels(void)
{
	FILE *file = fopen("/proc/cpuinfo", "re");
	unsigned int levels = 4;
	char line[8192];

	while (file && levels == 4 && fgets(line, sizeof(line), file))
		if (!strncmp(line, "flags", 5) && strstr(line, " la57"))
			levels = 5;
	if (file)
		fclose(file);
	return levels;
}

/* Without the right to, one reads a page frame of 0: nothing that could be told. */
static int look_at_own(char *why, size_t size)
{
	struct pagemap_entry entry = { .present = false };
	int file = pagemap_open(getpid()), err = file;
	char page = 1;

	if (file >= 0) {
		err = pagemap_read(file, (uint64_t)&page, &entry, 1);
		close(file);
	}
	if (!err && entry.present && entry.value)
		return 0;
	if (err < 0)
		snprintf(why, size, "cannot read /proc/PID/pagemap: %s", strerror(-err));
	else
		snprintf(why, size, "/proc/PID/pagemap hides where pages are");
	return -EPERM;
}

static void pagemap_close(struct walker *base)
{
	page_marks_close(((struct pagemap_walker *)base)->marks);
	free(base);
}

static struct walker *pagemap_open_walker(char *why, size_t size)
{
	struct pagemap_walker *walker;
	struct swap_facts facts;

	if (look_at_own(why, size))
		return NULL;
	walker = calloc(1, sizeof(*walker));
	if (!walker) {
		snprintf(why, size, "out of memory");
		return NULL;
	}
	walker->tables.levels = count_levels();
	walker->tables.entry_mask = ((1ULL << 52) - 1) & ~0xfffULL;
	walker->tables.swap = swap_types_of(swap_facts_read(&facts) ? &facts : NULL);
	walker->base.geometry = decode_geometry(&walker->tables);
	walker->marks = page_marks_open("/proc");
	return &walker->base;
}

const struct walker_ops walker_pagemap = {
	.name = "pagemap",
	.lacks = "no entries, no page sizes, no PROT_NONE, no kernel addresses, and an executed program is not noticed",
	.open = pagemap_open_walker, .close = pagemap_close, .resolve = pagemap_resolve,
};
