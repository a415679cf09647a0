/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PFWALK_WALK_H
#define PFWALK_WALK_H

#include <linux/mm_types.h>
#include <linux/pid.h>
#include <linux/types.h>

#define WALK_MAX_LEVELS	5

/* Addresses resolved under one hold of the mmap lock: bounds what the process may have to wait for us. */
#define WALK_BATCH	256

enum walk_status { WALK_DONE, WALK_NONCANONICAL, WALK_KERNEL_HALF, WALK_CHANGING };

enum walk_kind {
	WALK_NONE, WALK_TABLE, WALK_PAGE, WALK_PROTNONE, WALK_SWAP, WALK_MIGRATION, WALK_HWPOISON,
	WALK_DEVICE_PRIVATE, WALK_MARKER, WALK_OTHER, WALK_BAD,
};

/* The path of one address: the entries read, from the PGD downwards, and what the last of them is. */
struct walk_path {
	u64 entry[WALK_MAX_LEVELS];
	u64 value;		/* by kind, as in uapi/pfwalk.h */
	u8 levels;		/* entries read */
	u8 status;		/* enum walk_status */
	u8 kind;		/* enum walk_kind */
	u8 swap_type;
};

struct walk_layout {
	u32 levels;
	u32 page_shift, pmd_shift, pud_shift, p4d_shift, pgdir_shift;
	u32 ptrs_per_pte, ptrs_per_pmd, ptrs_per_pud, ptrs_per_p4d, ptrs_per_pgd;
	u64 page_offset, vmalloc_start, vmemmap_start, task_size_max, pfn_mask;
};

unsigned int walk_levels(void);
void walk_get_layout(struct walk_layout *layout);

struct mm_struct *walk_mm_get(struct pid *pid, u64 *space);
void walk_mm_put(struct mm_struct *mm);
int walk_addresses(struct mm_struct *mm, const void *addrs, unsigned int n, bool wait, struct walk_path *paths,
		   u64 *time);

#endif
