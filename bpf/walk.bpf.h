/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page-table read: the entries on the way from a PGD to an address, as they are, and no judgement on them but
 * whether the way goes on. What they mean is user space's to say.
 *
 * It takes no lock and can take none. An entry that names a table is followed through the kernel's map of all memory;
 * that table may be freed, and be anything, before its entry is read. So the answer is one of an instant only where
 * walk_has_changed() denies that, or where the reader knows that nobody else changes these tables.
 */
#ifndef PFWATCH_WALK_BPF_H
#define PFWATCH_WALK_BPF_H

/* Virtual address of physical address 0 in the kernel's map of all memory; 0: unknown, and nothing can be read. */
const volatile __u64 direct_map;

/* The bits of an entry that are an address: neither its flags nor, where memory is encrypted, the bit that says so. */
const volatile __u64 entry_mask;

/* Of this kernel: 4 or 5. */
const volatile __u32 paging_levels;

#define WALK_MAX_LEVELS		5
#define WALK_PAGE_SHIFT		12
#define WALK_INDEX_BITS		9
#define WALK_INDEX_MASK		((1U << WALK_INDEX_BITS) - 1)
#define WALK_PRESENT		0x001ULL
#define WALK_HUGE		0x080ULL	/* a page, not a table: of all levels but the lowest */

/* Bits that the processor may set in an entry while it goes on naming the same table. */
#define WALK_ACCESSED		0x020ULL

/* What has to be known of a kernel's tables to read them: the three above, or a guess at them. */
struct walk_space {
	__u64 direct_map;
	__u64 entry_mask;
	__u32 levels;
};

static __always_inline bool walk_load(__u64 *entry, __u64 at)
{
	return !bpf_probe_read_kernel(entry, sizeof(*entry), (const void *)at);
}

static __always_inline bool walk_read_entry(const struct walk_space *space, __u64 table, __u64 addr, __u32 depth,
					    __u64 *entry)
{
	__u32 shift = WALK_PAGE_SHIFT + WALK_INDEX_BITS * (space->levels - 1 - depth);
	__u64 at = table + (addr >> shift & WALK_INDEX_MASK) * sizeof(*entry);

	return walk_load(entry, at);
}

/*
 * The next table's virtual address, or 0 if the way ends at this entry: nothing there, a swap entry or PROT_NONE (not
 * present, at any level), a huge page. Where a leaf can't be (above the PUD), the bit of one makes the entry a bad one.
 */
static __always_inline __u64 walk_next_table(const struct walk_space *space, __u64 entry)
{
	if ((entry & (WALK_PRESENT | WALK_HUGE)) != WALK_PRESENT)
		return 0;
	return space->direct_map + (entry & space->entry_mask);
}

static __always_inline __u32 walk_tables_of(const struct walk_space *space, __u64 pgd, __u64 addr, __u64 *entry)
{
	__u64 table = pgd;
	__u32 depth;

#pragma unroll
	for (depth = 0; depth < WALK_MAX_LEVELS; depth++) {
		if (depth == space->levels || !walk_read_entry(space, table, addr, depth, &entry[depth]))
			return depth;
		table = walk_next_table(space, entry[depth]);
		if (!table)
			return depth + 1;
	}
	return WALK_MAX_LEVELS;
}

static __always_inline struct walk_space walk_this_kernel(void)
{
	return (struct walk_space){ direct_map, entry_mask, paging_levels };
}

/*
 * pgd: virtual address of the topmost table (mm->pgd). Fills entry[] from there downwards, and returns how many there
 * are: paging_levels at the most. What can't be read ends the path before its entry.
 */
static __always_inline __u32 walk_tables(__u64 pgd, __u64 addr, __u64 *entry)
{
	struct walk_space space = walk_this_kernel();

	return space.direct_map ? walk_tables_of(&space, pgd, addr, entry) : 0;
}

/*
 * Whether any of the tables on the way to entry[n - 1] was replaced since they were read: each entry above it is read
 * again, and must still name the same table.
 */
static __always_inline bool walk_has_changed(__u64 pgd, __u64 addr, const __u64 *entry, __u32 n)
{
	struct walk_space space = walk_this_kernel();
	__u64 table = pgd, again;
	bool changed = false;
	__u32 depth;

#pragma unroll
	for (depth = 0; depth < WALK_MAX_LEVELS - 1; depth++) {
		if (changed || depth + 1 >= n)
			continue;
		changed = !walk_read_entry(&space, table, addr, depth, &again) ||
			  (again ^ entry[depth]) & ~WALK_ACCESSED;
		table = walk_next_table(&space, again);
	}
	return changed;
}

#endif
