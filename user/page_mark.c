// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "page_mark.h"

#include <fcntl.h>
#include <linux/kernel-page-flags.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define SPECIAL (1ULL << 9)	/* in a leaf: the page is none that the mapping counts */

struct page_marks {
	int flags;	/* /proc/kpageflags */
};

struct page_marks *page_marks_open(const char *proc)
{
	struct page_marks *marks = calloc(1, sizeof(*marks));
	char name[256];

	if (!marks)
		return NULL;
	snprintf(name, sizeof(name), "%s/kpageflags", proc);
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
	return path->levels && !path->kernel && path->entry[path->levels - 1] & SPECIAL;
}

/* Most leaves are small ones of normal pages: nothing to ask. Without the entry, each may be anything. */
static bool is_open(const struct geometry *geometry, const struct path *path)
{
	if (!path_has_page(path) || path->kind == KIND_DEVICE)
		return false;
	return path->kernel || path->levels < geometry->levels || is_special(path);
}

static enum page_kind kind_of(const struct path *path, uint64_t flags)
{
	if (flags & 1ULL << KPF_NOPAGE)
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
	uint64_t flags, pfn;

	if (!marks || !is_open(geometry, path))
		return;
	pfn = path_phys(geometry, path, addr) >> geometry->page_shift;
	if (pread(marks->flags, &flags, sizeof(flags), pfn * sizeof(flags)) != sizeof(flags))
		return;
	path->page = kind_of(path, flags);
	if (path->page == PAGE_DEVICE && path->state == STATE_MAPPED)
		path->state = STATE_DEVICE;
}
