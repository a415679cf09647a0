/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PFWALK_WALK_H
#define PFWALK_WALK_H

#include <linux/mm_types.h>
#include <linux/types.h>

#include "entry.h"
#include "vma.h"

#define WALK_MAX_LEVELS	5

/* Addresses resolved under one hold of the mmap lock: bounds what the process may have to wait for us. */
#define WALK_BATCH	256

enum walk_status { WALK_DONE, WALK_NONCANONICAL, WALK_KERNEL, WALK_CHANGED };

/* The path of one address: the entries read, from the PGD downwards, and what the last of them is. */
struct walk_path {
	u64 entry[WALK_MAX_LEVELS];
	struct leaf leaf;
	u8 levels;		/* entries read */
	u8 status;		/* enum walk_status */
	u8 page;		/* enum walk_page */
	u16 vma;		/* index in the batch's array + 1, or 0 */
};

/* What a batch brings. One for all rounds of a request: it is too big for a stack. */
struct walk_batch {
	u64 time;		/* when the walk began, CLOCK_MONOTONIC in ns */
	unsigned int vmas;
	struct walk_vma vma[WALK_BATCH];
	struct walk_path path[WALK_BATCH];
};

struct walk_layout {
	u32 levels;
	u32 page_shift, pmd_shift, pud_shift, p4d_shift, pgdir_shift;
	u32 ptrs_per_pte, ptrs_per_pmd, ptrs_per_pud, ptrs_per_p4d, ptrs_per_pgd;
	u64 page_offset, vmalloc_start, vmemmap_start, task_size_max, pfn_mask;
};

unsigned int walk_levels(void);
void walk_get_layout(struct walk_layout *layout);
int walk_addresses(struct mm_struct *mm, const void *addrs, unsigned int n, struct walk_batch *batch);

/* For map.c, which walks ranges. */
int walk_lock_shared_pmds(struct vm_area_struct *vma, struct address_space **mapping);
void walk_unlock_shared_pmds(struct address_space *mapping);
void walk_descend(struct walk_path *path, struct mm_struct *mm, unsigned long addr, unsigned int depth);

#endif
