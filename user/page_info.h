/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the kernel tells of a page of memory: /proc/kpageflags, /proc/kpagecount, /sys/devices/system/node. */
#ifndef PFWATCH_PAGE_INFO_H
#define PFWATCH_PAGE_INFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "path.h"

struct page_info {
	uint64_t pfn;
	uint64_t flags;		/* KPF_*; of a page within a folio, the folio's as well */
	uint64_t mapcount;	/* as /proc/kpagecount has it */
	uint64_t folio_size;	/* bytes; 0: not known */
	int node;		/* -1: not known */
	uint8_t kind;		/* enum page_kind */
	bool has_flags, has_mapcount;
};

struct page_infos;

/* proc, sys: "/proc", "/sys". What is missing there is missing in the answers. NULL: out of memory. */
struct page_infos *page_infos_open(const char *proc, const char *sys);
void page_infos_close(struct page_infos *infos);

/* kind: what the walker takes the page for. */
void page_infos_get(struct page_infos *infos, uint64_t pfn, enum page_kind kind, struct page_info *info);

/* The names of its flags, as tools/mm/page-types.c of the kernel has them. */
#define MAX_PAGE_FLAGS 27
size_t page_info_flags(const struct page_info *info, const char *names[MAX_PAGE_FLAGS]);

#endif
