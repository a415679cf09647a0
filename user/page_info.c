// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "page_info.h"

#include <fcntl.h>
#include <linux/kernel-page-flags.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nodes.h"

#define PAGE_SHIFT	12
#define MAX_ORDER_SIZE	18	/* a gigabyte, the largest folio there is */
#define FLAG(name)	(1ULL << KPF_##name)

struct page_infos {
	int flags, counts;	/* /proc/kpageflags, /proc/kpagecount; -1: there is none */
	struct nodes *nodes;
};

/* ---- flags ---- */

static bool read_number(int file, uint64_t pfn, uint64_t *number)
{
	return file >= 0 && pread(file, number, sizeof(*number), pfn * sizeof(*number)) == sizeof(*number);
}

static bool has_flag(const struct page_infos *infos, uint64_t pfn, uint64_t flag)
{
	uint64_t flags;

	return read_number(infos->flags, pfn, &flags) && flags & flag;
}

/*
 * A folio is aligned to its size, a power of two. So its head is the first head among the pages that the number of one
 * of its pages leads to when it is rounded down to growing powers of two; and its size is the first power of two at
 * which there is no tail behind the head. Two times 19 reads at the most, however large it is.
 */
static bool find_head(const struct page_infos *infos, uint64_t pfn, uint64_t *head)
{
	for (unsigned int order = 1; order <= MAX_ORDER_SIZE; order++) {
		*head = pfn & ~((1ULL << order) - 1);
		if (has_flag(infos, *head, FLAG(COMPOUND_HEAD)))
			return true;
	}
	return false;
}

/* 0: not known. Between two reads the folio may have been split or freed: what doesn't contain the page is not it. */
static uint64_t folio_pages(const struct page_infos *infos, uint64_t head, uint64_t pfn)
{
	unsigned int order = 1;

	while (order <= MAX_ORDER_SIZE && has_flag(infos, head + (1ULL << order), FLAG(COMPOUND_TAIL)))
		order++;
	if (order > MAX_ORDER_SIZE || head & ((1ULL << order) - 1) || pfn - head >= 1ULL << order)
		return 0;
	return 1ULL << order;
}

/* Of a page within a folio, older kernels don't show the flags that are kept in the head alone. */
static void look_at_folio(const struct page_infos *infos, struct page_info *info)
{
	uint64_t head = info->pfn, flags;

	if (!(info->flags & (FLAG(COMPOUND_HEAD) | FLAG(COMPOUND_TAIL)))) {
		info->folio_size = info->flags & FLAG(NOPAGE) ? 0 : 1ULL << PAGE_SHIFT;
		return;
	}
	if (info->flags & FLAG(COMPOUND_TAIL) && !find_head(infos, info->pfn, &head))
		return;
	info->folio_size = folio_pages(infos, head, info->pfn) << PAGE_SHIFT;
	if (info->folio_size && head != info->pfn && read_number(infos->flags, head, &flags))
		info->flags |= flags & ~(FLAG(COMPOUND_HEAD) | FLAG(MMAP) | FLAG(HWPOISON));
}

/*
 * The walker had the entry and the mapping before it: what it says goes first. The flags decide where it doesn't know.
 * That a page is merged by KSM they don't: Linux 6.12 sets that flag for each anonymous page.
 */
static enum page_kind kind_of(enum page_kind walked, uint64_t flags)
{
	if (walked != PAGE_UNKNOWN)
		return walked;
	if (flags & FLAG(ZERO_PAGE))
		return PAGE_ZERO;
	if (flags & FLAG(HUGE))
		return PAGE_HUGETLB;
	if (flags & FLAG(ANON))
		return PAGE_ANON;
	if (flags & (FLAG(SLAB) | FLAG(BUDDY) | FLAG(PGTABLE) | FLAG(OFFLINE)))
		return PAGE_UNKNOWN;
	if (flags & FLAG(SWAPBACKED))
		return PAGE_SHMEM;
	return flags & FLAG(LRU) ? PAGE_FILE : PAGE_UNKNOWN;
}

void page_infos_get(struct page_infos *infos, uint64_t pfn, enum page_kind kind, struct page_info *info)
{
	*info = (struct page_info){ .pfn = pfn, .node = -1, .kind = kind };
	if (kind == PAGE_DEVICE)
		return;
	info->node = nodes_of_page(infos->nodes, pfn);
	info->has_flags = read_number(infos->flags, pfn, &info->flags);
	info->has_mapcount = info->has_flags && read_number(infos->counts, pfn, &info->mapcount);
	if (!info->has_flags)
		return;
	look_at_folio(infos, info);
	info->kind = kind_of(kind, info->flags);
	if (info->kind != PAGE_KSM)
		info->flags &= ~FLAG(KSM);
	if (info->flags & FLAG(NOPAGE))
		info->node = -1;
}

size_t page_info_flags(const struct page_info *info, const char *names[MAX_PAGE_FLAGS])
{
	static const char *const all[MAX_PAGE_FLAGS] = {
		"locked", "error", "referenced", "uptodate", "dirty", "lru", "active", "slab", "writeback", "reclaim",
		"buddy", "mmap", "anonymous", "swapcache", "swapbacked", "compound_head", "compound_tail", "huge",
		"unevictable", "hwpoison", "nopage", "ksm", "thp", "offline", "zero_page", "idle_page", "pgtable",
	};
	size_t n = 0;

	for (unsigned int bit = 0; bit < MAX_PAGE_FLAGS; bit++)
		if (info->flags & 1ULL << bit)
			names[n++] = all[bit];
	return n;
}

/* ---- opening ---- */

static int open_file(const char *directory, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return open(path, O_RDONLY | O_CLOEXEC);
}

struct page_infos *page_infos_open(const char *proc, const char *sys)
{
	struct page_infos *infos = calloc(1, sizeof(*infos));

	if (!infos)
		return NULL;
	infos->nodes = nodes_open(sys);
	if (!infos->nodes) {
		free(infos);
		return NULL;
	}
	infos->flags = open_file(proc, "kpageflags");
	infos->counts = open_file(proc, "kpagecount");
	return infos;
}

void page_infos_close(struct page_infos *infos)
{
	if (!infos)
		return;
	if (infos->flags >= 0)
		close(infos->flags);
	if (infos->counts >= 0)
		close(infos->counts);
	nodes_close(infos->nodes);
	free(infos);
}
