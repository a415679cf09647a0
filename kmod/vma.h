/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PFWALK_VMA_H
#define PFWALK_VMA_H

#include <linux/mm_types.h>
#include <linux/types.h>

/* As in uapi/pfwalk.h. */
enum walk_vma_flag {
	WALK_VMA_READ = 1 << 0, WALK_VMA_WRITE = 1 << 1, WALK_VMA_EXEC = 1 << 2, WALK_VMA_SHARED = 1 << 3,
	WALK_VMA_ANON = 1 << 4, WALK_VMA_SHMEM = 1 << 5, WALK_VMA_HUGETLB = 1 << 6, WALK_VMA_PFNMAP = 1 << 7,
	WALK_VMA_GROWSDOWN = 1 << 8, WALK_VMA_LOCKED = 1 << 9, WALK_VMA_HUGEPAGE = 1 << 10,
	WALK_VMA_NOHUGEPAGE = 1 << 11, WALK_VMA_MERGEABLE = 1 << 12, WALK_VMA_UFFD_MISSING = 1 << 13,
	WALK_VMA_UFFD_WP = 1 << 14, WALK_VMA_UFFD_MINOR = 1 << 15, WALK_VMA_FILE = 1 << 16,
};

/* What is kept of a mapping when the mmap lock is gone. */
struct walk_vma {
	u64 start, end, offset, inode;
	u32 dev, flags;
	u8 page;		/* enum walk_page: what a page of it is ... */
	bool ask_page;		/* ... unless the page says otherwise */
	bool is_pfnmap;
};

static inline bool vma_covers(const struct walk_vma *vma, u64 addr)
{
	return addr - vma->start < vma->end - vma->start;
}

void vma_describe(struct walk_vma *to, struct vm_area_struct *vma);

#endif
