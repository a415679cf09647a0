/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the page behind an entry is, where the entry alone leaves that open and the module would ask the page. */
#ifndef PFWATCH_PAGE_MARK_H
#define PFWATCH_PAGE_MARK_H

#include "path.h"

struct page_marks;

/* proc: "/proc". NULL: there are none, and nothing can be told. */
struct page_marks *page_marks_open(const char *proc);
void page_marks_close(struct page_marks *marks);

/* Sets path->page if it is the zero page, no memory of the kernel's (then path->state, too), or a bare page frame. */
void page_marks_apply(const struct page_marks *marks, const struct geometry *geometry, uint64_t addr,
		      struct path *path);

#endif
