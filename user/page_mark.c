// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "page_mark.h"

#include <fcntl.h>
#include <linux/kernel-page-flags.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SPECIAL (1ULL << 9)	/* in a leaf: the page is none that the mapping counts */

struct page_marks {
	int flags;		/* /proc/kpageflags */
	char iomem[256];	/* the name of /proc/iomem */
};

struct page_marks *page_marks_open(const char *proc)
{
	struct page_marks *marks = calloc(1, sizeof(*marks));
	char name[256];

	if (!marks)
		return NULL;
	snprintf(name, sizeof(name), "%s/kpageflags", proc);
	snprintf(marks->iomem, sizeof(marks->iomem), "%s/iomem", proc);
	marks->flags = open(name, O_RDONLY | O_CLOEXEC);
	if (marks->flags >= 0)
		return marks;
	free(marks);
	return NULL;
}

void page_marks_close(struct page_marks *marks)
{
	if (!marks)
		return;
	close(marks->flags);
	free(marks);
}

static bool is_special(const struct path *path)
{
	return !path->kernel && path_leaf(path) & SPECIAL;
}

/* Most leaves are small ones of normal pages: nothing to ask. Without the entry, each may be anything. */
static bool is_open(const struct geometry *geometry, const struct path *path)
{
	if (!path_has_page(path) || path->kind == KIND_DEVICE)
		return false;
	return path->kernel || path->levels < geometry->levels || is_special(path);
}

/* Whether a physical address is memory by /proc/iomem, which is read anew: memory comes and goes. */
static bool is_memory(const char *iomem, uint64_t phys)
{
	FILE *file = fopen(iomem, "re");
	unsigned long long start, end;
	bool found = false;
	char line[256];

	while (file && !found && fgets(line, sizeof(line), file))
		found = strstr(line, ": System RAM") && sscanf(line, " %llx-%llx", &start, &end) == 2 &&
			phys >= start && phys <= end;
	if (file)
		fclose(file);
	return found;
}

/*
 * The kernel says so of what has no page, or, in newer versions (v7.3), nothing at all. But that it also says of a page
 * that is there and is nothing special: of memory, then.
 */
static bool has_no_page(const struct page_marks *marks, uint64_t flags, uint64_t phys)
{
	return flags & 1ULL << KPF_NOPAGE || (!flags && !is_memory(marks->iomem, phys));
}

static enum page_kind kind_of(const struct page_marks *marks, const struct path *path, uint64_t flags, uint64_t phys)
{
	if (has_no_page(marks, flags, phys))
		return PAGE_DEVICE;
	if (path->kernel)
		return PAGE_UNKNOWN;
	if (flags & 1ULL << KPF_ZERO_PAGE)
		return PAGE_ZERO;
	return is_special(path) ? PAGE_PFNMAP : PAGE_UNKNOWN;
}

void page_marks_apply(const struct page_marks *marks, const struct geometry *geometry, uint64_t addr,
		      struct path *path)
{
	uint64_t flags, phys;

	if (!marks || !is_open(geometry, path))
		return;
	phys = path_phys(geometry, path, addr);
	if (pread(marks->flags, &flags, sizeof(flags), (phys >> geometry->page_shift) * sizeof(flags)) !=
	    sizeof(flags))
		return;
	path->page = kind_of(marks, path, flags, phys);
	if (path->page == PAGE_DEVICE && path->state == STATE_MAPPED)
		path->state = STATE_DEVICE;
}
