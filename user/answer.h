/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The model of one answer of `pfwatch resolve`. */
#ifndef PFWATCH_ANSWER_H
#define PFWATCH_ANSWER_H

#include "page_info.h"
#include "path.h"
#include "vma.h"

struct answer {
	uint32_t pid;
	uint64_t addr;
	const struct path *path;
	const struct vma *vma;		/* NULL: it lies in none, or none is known */
	const struct page_info *page;	/* NULL: there is none */
	const char *swap_name;		/* the swap area's file or device; NULL: not certain, or not swapped */
};

#endif
