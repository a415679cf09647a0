/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PFWALK_WALK_H
#define PFWALK_WALK_H

#include <linux/mm_types.h>
#include <linux/pgtable.h>
#include <linux/types.h>

#include "entry.h"

#define WALK_MAX_LEVELS	5

enum walk_status { WALK_DONE, WALK_NONCANONICAL, WALK_KERNEL, WALK_CHANGED };

/* The path of one address: the entries read, from the PGD downwards, and what the last of them is. */
struct walk_path {
	u64 entry[WALK_MAX_LEVELS];
	struct leaf leaf;
	u8 levels;		/* entries read */
	u8 status;		/* enum walk_status */
};

enum walk_half { WALK_HALF_USER, WALK_HALF_KERNEL, WALK_HALF_NONE };

struct walk_layout {
	u32 levels;
	u32 page_shift, pmd_shift, pud_shift, p4d_shift, pgdir_shift;
	u32 ptrs_per_pte, ptrs_per_pmd, ptrs_per_pud, ptrs_per_p4d, ptrs_per_pgd;
	u64 page_offset, vmalloc_start, vmemmap_start, task_size_max, pfn_mask;
};

static inline unsigned int walk_levels(void)
{
	return pgtable_l5_enabled() ? 5 : 4;
}

void walk_get_layout(struct walk_layout *layout);

/*
 * Most entries name a table: that is seen at one look, since their flags are then no others than a table's. bad: what
 * p4d_bad(), pud_bad(), pmd_bad() say of it, which don't all ask for PRESENT. What is left is gone through in the order
 * that walk.c says.
 */
static inline bool walk_is_table(u64 entry, bool bad)
{
	return entry & _PAGE_PRESENT && !bad;
}

/* Whether two reads of a PMD entry that names a table named different ones. */
static inline bool walk_differ(pmd_t a, pmd_t b)
{
	return (native_pmd_val(a) ^ native_pmd_val(b)) & ~_PAGE_ACCESSED;
}

/* For batch.c and map.c, which walk addresses and ranges. */
enum walk_half walk_half_of(u64 addr);
unsigned int walk_depth(struct mm_struct *mm, unsigned long addr);
int walk_lock_shared_pmds(struct vm_area_struct *vma, struct address_space **mapping);
void walk_unlock_shared_pmds(struct address_space *mapping);
void walk_descend(struct walk_path *path, struct mm_struct *mm, unsigned long addr, unsigned int depth);
void walk_take_pmd(struct walk_path *path, pmd_t pmd);
bool walk_has_changed(const struct walk_path *path, unsigned long addr);
void walk_kernel(struct walk_path *path, struct mm_struct *mm, unsigned long addr);

#endif
