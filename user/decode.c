// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "decode.h"

#include "slow.h"

#define BIT(n)		(1ULL << (n))
#define PRESENT		BIT(0)
#define WRITE		BIT(1)
#define USER		BIT(2)
#define ACCESSED	BIT(5)
#define DIRTY		BIT(6)
#define HUGE		BIT(7)
#define PROTNONE	BIT(8)	/* where PRESENT is clear; else GLOBAL */
#define NX		BIT(63)

#define PAGE_SHIFT	12
#define INDEX_BITS	9

/* All bits that can be an address, or encrypt it; the rest are flags. */
#define ADDRESS_BITS	((BIT(52) - 1) & ~(BIT(PAGE_SHIFT) - 1))

struct geometry decode_geometry(const struct page_tables *tables)
{
	static const uint8_t five[MAX_LEVELS] = { 48, 39, 30, 21, 12 };
	struct geometry geometry = {
		.levels = tables->levels, .page_shift = PAGE_SHIFT, .page_offset = tables->direct_map,
		.task_size_max = BIT(PAGE_SHIFT + tables->levels * INDEX_BITS - 1) - BIT(PAGE_SHIFT),
		.pfn_mask = tables->entry_mask,
	};

	for (unsigned int level = 0; level < MAX_LEVELS; level++) {
		geometry.shift[level] = five[level];
		geometry.entries[level] = BIT(INDEX_BITS);
	}
	if (tables->levels == 4) {
		geometry.shift[LEVEL_PGD] = five[LEVEL_P4D];
		geometry.entries[LEVEL_P4D] = 1;
	}
	return geometry;
}

enum half decode_half(const struct page_tables *tables, uint64_t addr)
{
	uint64_t high = (int64_t)addr >> (PAGE_SHIFT + tables->levels * INDEX_BITS - 1);

	if (high == 0)
		return HALF_USER;
	return high == UINT64_MAX ? HALF_KERNEL : HALF_NONE;
}

/* ---- leaves ---- */

static void end_path(struct path *path, enum kind kind, uint64_t value)
{
	static const uint8_t state[] = {
		[KIND_NONE] = STATE_NONE, [KIND_TABLE] = STATE_UNKNOWN, [KIND_PAGE] = STATE_MAPPED,
		[KIND_PROTNONE] = STATE_PROTNONE, [KIND_SWAP] = STATE_SWAP, [KIND_MIGRATION] = STATE_MIGRATION,
		[KIND_HWPOISON] = STATE_HWPOISON, [KIND_DEVICE] = STATE_DEVICE, [KIND_MARKER] = STATE_MARKER,
		[KIND_OTHER] = STATE_UNKNOWN, [KIND_BAD] = STATE_UNKNOWN,
	};

	path->kind = kind;
	path->state = state[kind];
	path->value = value;
}

/*
 * While its PRESENT bit is clear, the kernel keeps the address of a page inverted, lest a processor that disregards the
 * bit (L1TF) look there (arch/x86/include/asm/pgtable-invert.h).
 */
static void take_page(struct path *path, const struct page_tables *tables, uint64_t entry, unsigned int shift)
{
	uint64_t address = entry & PRESENT ? entry : ~entry;
	bool denied = (entry & (PRESENT | PROTNONE)) == PROTNONE;

	end_path(path, denied ? KIND_PROTNONE : KIND_PAGE, address & tables->entry_mask & ~(BIT(shift) - 1));
}

/*
 * Those that stand for a page frame may have flags above its number, whose size the number of levels decides
 * (include/linux/swapops.h).
 */
void decode_swap(const struct page_tables *tables, unsigned int type, uint64_t offset, struct path *path)
{
	uint64_t frame_bits = (tables->levels == 5 ? 52 : 46) - PAGE_SHIFT;
	enum kind kind = swap_types_kind(&tables->swap, type);

	if (kind == KIND_SWAP)
		path->swap_type = type;
	if (kind == KIND_MIGRATION || kind == KIND_HWPOISON || kind == KIND_DEVICE)
		offset = (offset & (BIT(frame_bits) - 1)) << PAGE_SHIFT;
	end_path(path, kind, offset);
}

/* The type in bits 59 to 63, the inverted offset in 9 to 58 (arch/x86/include/asm/pgtable_64.h). */
static void take_swap(struct path *path, const struct page_tables *tables, uint64_t entry)
{
	decode_swap(tables, entry >> 59, ~entry << 5 >> 14, path);
}

/* ---- the user half ---- */

/* Flags that an entry which names a table can't have, by level: pgd_bad() and its like of the kernel. */
static bool is_bad_table(uint64_t entry, enum level level)
{
	uint64_t flags = entry & ~ADDRESS_BITS, table = PRESENT | WRITE | DIRTY;

	if (level == LEVEL_PMD)
		return (flags & ~(USER | ACCESSED)) != table;
	if (level != LEVEL_PUD)
		flags &= ~NX;	/* page-table isolation's */
	return !(flags & PRESENT) || flags & ~(table | USER | ACCESSED);
}

static bool may_be_leaf(enum level level)
{
	return level == LEVEL_PUD || level == LEVEL_PMD;
}

/* A huge page that is being split has neither of the first two bits for a moment, only that of its size. */
static bool is_present(uint64_t entry, enum level level)
{
	return entry & (PRESENT | PROTNONE | (level == LEVEL_PMD ? HUGE : 0));
}

/* Returns whether the path goes on behind the entry. */
static bool take_user_entry(struct path *path, const struct page_tables *tables, uint64_t entry, enum level level,
			    unsigned int shift)
{
	bool table = level != LEVEL_PTE;

	if (!entry)
		end_path(path, KIND_NONE, 0);
	else if (!is_present(entry, level) && (!table || may_be_leaf(level)))
		take_swap(path, tables, entry);
	else if (!table || (may_be_leaf(level) && entry & HUGE) ||
		 (level == LEVEL_PUD && !(entry & PRESENT)))
		take_page(path, tables, entry, shift);
	else if (is_bad_table(entry, level))
		end_path(path, KIND_BAD, 0);
	else
		return true;
	return false;
}

/* ---- the kernel half ---- */

/* No swap code has ever seen these: what isn't present is none of its entries. */
static bool take_kernel_entry(struct path *path, const struct page_tables *tables, uint64_t entry, enum level level,
			      unsigned int shift)
{
	if (!entry)
		end_path(path, KIND_NONE, 0);
	else if (!(entry & PRESENT))
		end_path(path, KIND_OTHER, 0);
	else if (level == LEVEL_PTE || (may_be_leaf(level) && entry & HUGE))
		take_page(path, tables, entry, shift);
	else if (entry & HUGE)
		end_path(path, KIND_BAD, 0);
	else
		return true;
	return false;
}

/* A table at the end: what is behind it could not be read. In the user half that is so when it goes away meanwhile. */
static void end_early(struct path *path)
{
	end_path(path, KIND_TABLE, 0);
	path->changed = !path->kernel;
}

/* Level by level. */
static SLOW void decode_levels(const struct page_tables *tables, enum half half, const uint64_t *entry, unsigned int n,
			       struct path *path)
{
	bool goes_on = true;

	*path = (struct path){ .kernel = half == HALF_KERNEL };
	for (unsigned int i = 0; goes_on && i < n; i++) {
		enum level level = level_of(tables->levels, i);
		unsigned int shift = PAGE_SHIFT + INDEX_BITS * (tables->levels - 1 - i);

		path->entry[path->levels++] = entry[i];
		goes_on = path->kernel ? take_kernel_entry(path, tables, entry[i], level, shift)
				       : take_user_entry(path, tables, entry[i], level, shift);
	}
	if (goes_on)
		end_early(path);
}

/* ---- nearly all paths ---- */

/*
 * Whether all levels but the last of n, which is 4 or 5, are what each level of the user half takes for a table. NX
 * means page-table isolation in the PGD, and is let pass in a P4D; of four levels the fourth from below is the PGD.
 */
static bool are_plain_tables(const uint64_t *entry, unsigned int n)
{
	const uint64_t table = PRESENT | WRITE | DIRTY;
	uint64_t all = entry[0] & entry[n - 4] & entry[n - 3] & entry[n - 2];
	uint64_t any = ((entry[0] | entry[n - 4]) & ~NX) | entry[n - 3] | entry[n - 2];

	return (all & table) == table && !(any & ~(ADDRESS_BITS | table | USER | ACCESSED));
}

/* A path of n levels through such tables, to a PTE that is empty or present. */
static void take_plain(const struct page_tables *tables, const uint64_t *entry, unsigned int n, struct path *path)
{
	uint64_t pte = entry[n - 1];

	*path = (struct path){
		.entry = { entry[0], entry[1], entry[2], entry[3], n == MAX_LEVELS ? pte : 0 },
		.value = pte & tables->entry_mask & ~(BIT(PAGE_SHIFT) - 1), .levels = n,
		.kind = pte ? KIND_PAGE : KIND_NONE, .state = pte ? STATE_MAPPED : STATE_NONE,
	};
}

void decode_path(const struct page_tables *tables, uint64_t addr, const uint64_t *entry, unsigned int n,
		 struct path *path)
{
	enum half half = decode_half(tables, addr);

	if (n > tables->levels)
		n = tables->levels;
	if (n == tables->levels && half != HALF_KERNEL && (!entry[n - 1] || entry[n - 1] & PRESENT) &&
	    are_plain_tables(entry, n))
		take_plain(tables, entry, n, path);
	else
		decode_levels(tables, half, entry, n, path);
}
