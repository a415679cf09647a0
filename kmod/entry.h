/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PFWALK_ENTRY_H
#define PFWALK_ENTRY_H

#include <linux/types.h>

struct walk_vma;

/* As in uapi/pfwalk.h. */
enum walk_kind {
	WALK_NONE, WALK_TABLE, WALK_PAGE, WALK_PROTNONE, WALK_SWAP, WALK_MIGRATION, WALK_HWPOISON,
	WALK_DEVICE_PRIVATE, WALK_MARKER, WALK_OTHER, WALK_BAD,
};

enum walk_page {
	PAGE_KIND_UNKNOWN, PAGE_KIND_ANON, PAGE_KIND_FILE, PAGE_KIND_SHMEM, PAGE_KIND_KSM, PAGE_KIND_ZERO,
	PAGE_KIND_HUGETLB, PAGE_KIND_PFNMAP, PAGE_KIND_DEVICE, PAGE_KIND_KERNEL,
};

/* What an entry that ends a path is. */
struct leaf {
	u64 value;		/* by kind, as in uapi/pfwalk.h */
	u8 kind;		/* enum walk_kind */
	u8 swap_type;
};

struct leaf leaf_not_present(u64 entry);
struct leaf leaf_page(u64 entry, unsigned long pfn);
struct leaf leaf_pte(u64 entry);

u8 page_kind(const struct walk_vma *vma, const struct leaf *leaf, u64 entry, bool huge);
u8 kernel_page_kind(const struct leaf *leaf);

#endif
