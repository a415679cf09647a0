/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The paths of a fault, at its beginning and its end.
 *
 * A thread's faults are mostly neighbours: the table of the lowest level that one of them was found in serves the next,
 * and the end of the same, as long as it is still there. That it is can be told by one number: whoever takes a table out
 * of the tree, to free it (munmap) or to use it elsewhere (mremap, a huge page that takes its place), has to flush what
 * the processors remember of it, and begins by counting mm->context.tlb_gen up (arch/x86/mm/tlb.c: inc_mm_tlb_gen());
 * not until that is done can the table become anything else, and until then nobody faults there: munmap() and mremap()
 * hold the mmap lock for writing, khugepaged that or the lock of the entry that names the table. So the number is read
 * before a walk, and as long as it is the same, the walk would lead to the same table; what is then read in it is of now.
 *
 * But since Linux 6.14 MADV_DONTNEED takes out empty tables of the lowest level (CONFIG_PT_RECLAIM) without keeping
 * others from faulting, and flushes some time later: another table may have its place by then. There the entry that
 * names it is read, too. That is in a table which only goes as said above.
 *
 * The kernel half is not known by this number: its tables are everybody's.
 */
#ifndef PFWATCH_PATHS_BPF_H
#define PFWATCH_PATHS_BPF_H

#include "core_compat.bpf.h"
#include "walk.bpf.h"

#define REGION_SHIFT	(WALK_PAGE_SHIFT + WALK_INDEX_BITS)

/* Whether a table of the lowest level may be replaced before the number says so. */
const volatile bool tables_slip_away;

/* What tells of it, wherever it was ported back to (include/linux/mm.h). */
struct zap_details___reclaim {
	bool reclaim_pt;
} __attribute__((preserve_access_index));

#define tables_are_checked() (tables_slip_away || bpf_core_field_exists(struct zap_details___reclaim, reclaim_pt))

static __always_inline __u64 tlb_generation(struct mm_struct *mm)
{
	return CURRENT_READ(mm, context.tlb_gen.counter);
}

/* The walk has led to the lowest level: its table is worth knowing. */
static __always_inline void know_table(struct known_table *known, __u64 space, __u64 tlb_gen, __u64 addr,
				       const __u64 *entries)
{
	__u64 above = paging_levels == WALK_MAX_LEVELS ? entries[2] : entries[1];

	known->space = 0;
	known->named_by = paging_levels == WALK_MAX_LEVELS ? entries[3] : entries[2];
	known->named_at = direct_map + (above & entry_mask) + (addr >> REGION_SHIFT & WALK_INDEX_MASK) * sizeof(*entries);
	known->at = direct_map + (known->named_by & entry_mask);
	known->upper[0] = entries[0];
	known->upper[1] = entries[1];
	known->upper[2] = entries[2];
	known->upper[3] = entries[3];
	known->region = addr >> REGION_SHIFT;
	known->tlb_gen = tlb_gen;
	known->space = space;
}

static __always_inline bool is_known(const struct known_table *known, __u64 space, __u64 tlb_gen, __u64 addr)
{
	return space && known->region == addr >> REGION_SHIFT && known->tlb_gen == tlb_gen && known->space == space;
}

static __always_inline bool is_in_place(const struct known_table *known)
{
	__u64 now;

	return !tables_are_checked() ||
	       (walk_load(&now, known->named_at) && !((now ^ known->named_by) & ~WALK_ACCESSED));
}

/* Fills entries[] as walk_tables() does. */
static __always_inline __u32 read_known(const struct known_table *known, __u64 addr, __u64 *entries)
{
	__u64 at = known->at + (addr >> WALK_PAGE_SHIFT & WALK_INDEX_MASK) * sizeof(*entries);

	entries[0] = known->upper[0];
	entries[1] = known->upper[1];
	entries[2] = known->upper[2];
	if (paging_levels != WALK_MAX_LEVELS)
		return walk_load(&entries[3], at) ? 4 : 3;
	entries[3] = known->upper[3];
	return walk_load(&entries[4], at) ? 5 : 4;
}

/* All of it, with no thread to remember anything for. */
static __always_inline __u32 read_path(struct mm_struct *mm, __u64 addr, __u64 *entries)
{
	return walk_tables((__u64)CURRENT_READ(mm, pgd), addr, entries);
}

/* Likewise, for the current thread; space is the address space's identity. */
static __always_inline __u32 read_path_of(struct known_table *known, struct mm_struct *mm, __u64 space, __u64 addr,
					  __u64 *entries)
{
	__u64 tlb_gen = tlb_generation(mm);
	__u32 n;

	if (is_known(known, space, tlb_gen, addr) && is_in_place(known))
		return read_known(known, addr, entries);
	n = read_path(mm, addr, entries);
	if (n && n == paging_levels && (__s64)addr >= 0)
		know_table(known, space, tlb_gen, addr, entries);
	return n;
}

#endif
