// SPDX-License-Identifier: GPL-2.0-only
/*
 * A range of addresses, mapping by mapping, as regions of equal entries. The rules that keep the tables in place are those
 * of walk.c: every address that is looked at has a VMA, so all its tables stay while the mmap lock is held, but for the
 * PTE table, which stays for an RCU reader. It is read in one go with interrupts off, from the descent to the last PTE.
 * If the PMD entry has changed by then, what was read of this table is dropped and read again.
 *
 * One hold of the lock reads BUDGET entries or fills the batch, whichever comes first.
 */
#include <linux/mm.h>
#include <linux/timekeeping.h>

#include "compat.h"
#include "map.h"

#define BUDGET		32768
#define ATTEMPTS	3

/* One batch under way. */
struct map {
	struct mm_struct *mm;
	struct map_cursor *cursor;
	struct map_batch *batch;
	unsigned int budget;
};

/* What a region is a run of. */
struct run {
	u8 kind, level, page;
};

static const struct run hole = { .kind = WALK_NONE };

static struct walk_vma *this_vma(struct map *map)
{
	return &map->batch->vma[map->batch->vmas - 1];
}

static bool continues(const struct map_region *last, u64 start, u16 vma, struct run run)
{
	return last->end == start && last->vma == vma && last->kind == run.kind && last->level == run.level &&
	       last->page == run.page;
}

/* Returns false if the batch is full. */
static bool emit(struct map *map, u64 start, u64 end, struct run run)
{
	struct map_batch *batch = map->batch;

	if (batch->regions && continues(&batch->region[batch->regions - 1], start, batch->vmas, run)) {
		batch->region[batch->regions - 1].end = end;
		return true;
	}
	if (batch->regions == batch->regions_max)
		return false;
	batch->region[batch->regions++] = (struct map_region) {
		.start = start, .end = end, .vma = batch->vmas,
		.kind = run.kind, .level = run.level, .page = run.page,
	};
	return true;
}

/* Where a batch can be taken back to: its last region may have grown since. */
struct mark {
	unsigned int regions;
	u64 end;
};

static struct mark mark(const struct map_batch *batch)
{
	return (struct mark) { batch->regions, batch->regions ? batch->region[batch->regions - 1].end : 0 };
}

static void take_back(struct map_batch *batch, struct mark to)
{
	batch->regions = to.regions;
	if (to.regions)
		batch->region[to.regions - 1].end = to.end;
}

static unsigned int span_shift(unsigned int level)
{
	return PAGE_SHIFT + level * ilog2(PTRS_PER_PTE);
}

/* The tables that the entries of a path stand in, from the PGD downwards. One may serve several mappings and batches. */
static void count_tables(struct map *map, unsigned long addr, unsigned int entries)
{
	unsigned int level = walk_levels() - 1;

	map->cursor->tables.tables[WALK_MAX_LEVELS - 1] = 1;	/* the PGD, whatever its level */
	while (--entries) {
		u64 number = (addr >> span_shift(level)) + 1;

		level--;
		if (map->cursor->seen[level] == number)
			continue;
		map->cursor->seen[level] = number;
		map->cursor->tables.tables[level]++;
	}
}

static struct run run_of(struct map *map, const struct leaf *leaf, u64 entry, unsigned int level)
{
	if (leaf->kind == WALK_NONE)
		return hole;
	return (struct run) { leaf->kind, level, page_kind(this_vma(map), leaf, entry, level) };
}

static struct run pte_run(struct map *map, pte_t pte)
{
	struct leaf leaf = leaf_pte(pte_val(pte));

	return run_of(map, &leaf, pte_val(pte), 0);
}

/*
 * Whether a PTE belongs to the run of the one before by a look at both: empty like it, or a present page of a mapping
 * whose pages are all alike, neither of them special. Most are; the others are decoded.
 */
static bool is_alike(u64 pte, u64 before, bool ask_page)
{
	if (!pte || !before)
		return pte == before;
	return !ask_page && entry_is_plain(pte) && entry_is_plain(before);
}

/* The PTEs of one table for [addr, end). Returns where it stopped: before end if the batch is full. */
static unsigned long map_ptes(struct map *map, const pte_t *ptep, unsigned long addr, unsigned long end)
{
	bool ask_page = this_vma(map)->ask_page;
	unsigned long start = addr;
	pte_t pte = READ_ONCE(*ptep);
	struct run run = pte_run(map, pte);
	u64 before;

	for (addr += PAGE_SIZE; addr < end; addr += PAGE_SIZE) {
		struct run next;

		before = pte_val(pte);
		pte = READ_ONCE(*++ptep);
		if (is_alike(pte_val(pte), before, ask_page))
			continue;
		next = pte_run(map, pte);
		if (!memcmp(&next, &run, sizeof(run)))
			continue;
		if (!emit(map, start, addr, run))
			return start;
		start = addr;
		run = next;
	}
	return emit(map, start, addr, run) ? addr : start;
}

/* A leaf or nothing, above the PTEs. */
static unsigned long map_upper(struct map *map, const struct walk_path *path, unsigned long addr, unsigned long end)
{
	unsigned int level = walk_levels() - path->levels;
	struct run run = run_of(map, &path->leaf, path->entry[path->levels - 1], level);

	if (!emit(map, addr, end, run))
		return addr;
	/* Anonymous memory keeps a table ready for each huge leaf (pgtable_trans_huge_deposit()), also while it moves. */
	if (level == 1 && run.kind != WALK_NONE && this_vma(map)->flags & WALK_VMA_ANON)
		map->cursor->tables.reserved++;
	return end;
}

/* What the entry at the PMD level or above says of addr, and the PTEs if it names a table. */
static unsigned long map_entry(struct map *map, unsigned long addr, unsigned long stop, bool *changed)
{
	struct walk_path path;
	unsigned long end, span;
	pmd_t pmd;

	*changed = false;
	walk_descend(&path, map->mm, addr, walk_levels() - 1);
	count_tables(map, addr, path.levels);
	span = 1UL << span_shift(walk_levels() - path.levels);
	end = min((addr | (span - 1)) + 1, stop);
	if (path.leaf.kind != WALK_TABLE) {
		map->budget -= min(map->budget, (unsigned int)path.levels);
		return map_upper(map, &path, addr, end);
	}
	pmd = __pmd(path.entry[path.levels - 1]);
	map->budget -= min(map->budget, (unsigned int)((end - addr) >> PAGE_SHIFT));
	end = map_ptes(map, pte_offset_kernel(&pmd, addr), addr, end);
	*changed = walk_has_changed(&path, addr);	/* then what has been said of the table is void */
	if (!*changed)
		count_tables(map, addr, walk_levels());
	return end;
}

/* Returns where to go on: at addr itself if the batch is full. */
static unsigned long map_step(struct map *map, unsigned long addr, unsigned long stop)
{
	const struct run unknown = { .kind = WALK_TABLE };
	struct mark before = mark(map->batch);
	unsigned int attempts = ATTEMPTS;
	unsigned long end, flags;
	bool changed;

	do {
		take_back(map->batch, before);
		local_irq_save(flags);
		end = map_entry(map, addr, stop, &changed);
		local_irq_restore(flags);
	} while (changed && --attempts);
	if (!changed)
		return end;
	take_back(map->batch, before);
	end = min((addr | ~PMD_MASK) + 1, stop);
	return emit(map, addr, end, unknown) ? end : addr;
}

/* One VMA, from the cursor on. */
static int map_vma(struct map *map, struct vm_area_struct *vma)
{
	struct map_cursor *cursor = map->cursor;
	u64 stop = min_t(u64, vma->vm_end, cursor->end);
	struct address_space *mapping;
	u64 addr = max_t(u64, vma->vm_start, cursor->next), next = addr;
	int err = walk_lock_shared_pmds(vma, &mapping);

	if (err)
		return err;
	vma_describe(&map->batch->vma[map->batch->vmas++], vma);
	while (addr < stop && map->budget) {
		next = map_step(map, addr, stop);
		if (next == addr)
			break;
		addr = next;
	}
	walk_unlock_shared_pmds(mapping);
	cursor->next = addr;
	if (addr < stop && next == addr)
		map->budget = 0;	/* full */
	return 0;
}

static int map_vmas(struct map *map)
{
	struct map_cursor *cursor = map->cursor;

	while (map->budget && map->batch->vmas < map->batch->vmas_max) {
		struct vm_area_struct *vma = find_vma(map->mm, cursor->next);
		int err;

		if (!vma || vma->vm_start >= cursor->end) {
			cursor->next = cursor->end;
			return 0;
		}
		err = map_vma(map, vma);
		if (err)
			return err;
		if (cursor->next >= cursor->end)
			return 0;
	}
	return 0;
}

/**
 * map_walk() - the regions of an address space from a cursor on, as many as a batch takes
 * @mm: from space_get()
 * @cursor: @next and @end are page-aligned user addresses; @next is moved to behind what the batch tells of
 * @batch: @vmas_max and @regions_max, both at least 1, are the caller's; the rest is the result
 *
 * Return: 0, or -EAGAIN if somebody holds a lock, with the batch as far as it came.
 */
int map_walk(struct mm_struct *mm, struct map_cursor *cursor, struct map_batch *batch)
{
	struct map map = { .mm = mm, .cursor = cursor, .batch = batch, .budget = BUDGET };
	int err;

	batch->vmas = batch->regions = 0;
	if (!mmap_read_trylock(mm))
		return -EAGAIN;
	batch->time = ktime_get_ns();
	err = map_vmas(&map);
	mmap_read_unlock(mm);
	return err;
}
