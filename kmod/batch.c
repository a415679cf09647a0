// SPDX-License-Identifier: GPL-2.0-only
/*
 * A batch of addresses, in any order, as records that are written where they are sent from. The rules that keep the
 * tables in place are those of walk.c.
 *
 * Neighbours are walked together. A run is those of the next addresses that lie in one mapping and below one PMD
 * entry, at most RUN_MAX. If that entry names a PTE table, the PTEs of all its addresses are read in one go, with
 * interrupts off from before the read of the PMD entry until it is read again behind the last of them. If it still
 * names the same table, it did so when each of them was read: we were an RCU reader all the while, so the table can't
 * have been freed, and no other one can have taken its place. Otherwise all of the run is read again. No pointer into
 * a PTE table outlives that section: what is decided from an entry is decided from its copy, with interrupts on.
 *
 * A run may begin at the PMD table of one before, if it lies below the same PUD entry and in a mapping: a live VMA
 * reaches into that table's span, so it stays while the mmap lock is held, and so does what leads to it, but for
 * accessed bits. Not so those that hugetlbfs shares, which stay as long as the lock of walk_lock_shared_pmds() is
 * held: that is for one run, and the next one begins at the PGD.
 *
 * An address that no mapping covers is a run of its own: how deep it may be walked is asked for it alone.
 *
 * One hold of the lock brings BATCH_MAX addresses or BATCH_VMAS mappings, or fills the caller's room.
 */
#include <linux/mm.h>
#include <linux/timekeeping.h>

#include "batch.h"
#include "compat.h"

#define ATTEMPTS	3
#define RUN_MAX		64
#define SPANS		4
#define NO_SPAN		1UL	/* where none begins */

/* What the records of a run take at most, and each of them but the first. One of all of them takes less. */
#define NEIGHBOUR_SIZE	(sizeof(struct record_head) + 2 * sizeof(u64))
#define RUN_SIZE	(RECORD_SIZE + (RUN_MAX - 1) * NEIGHBOUR_SIZE)

/* What a PUD entry spans: the PMD table that it names, and what leads there. */
struct span {
	unsigned long start;		/* or NO_SPAN */
	pmd_t *pmds;
	u64 entry[WALK_MAX_LEVELS - 2];
};

/* One batch under way. Kernels that clear what is on the stack do so once for all its runs. */
struct walk {
	struct mm_struct *mm;
	struct batch *batch;
	const u64 *addrs;		/* those that are left, not aligned */
	unsigned int left;
	u8 *plenty;			/* where there is still room for a whole run */
	unsigned int levels;		/* that there are */
	const struct walk_vma *vma;	/* that covers the next address, or NULL */
	u64 start, size;		/* of it; size 0: nowhere */
	unsigned int number;		/* of it in the batch, from 1; 0: none */
	bool is_alike;			/* its plain pages may be told of by one record ... */
	u64 plain;			/* ... whose head this is, but for what it adds */
	struct walk_path path;		/* of the run; then of the record before, which begins without levels */
	unsigned int same;		/* entries that both have */
	pmdval_t table_flags;		/* of a PMD entry that names a table; 0: none was found yet */
	struct span *span;		/* that the path goes through, or NULL */
	struct span spans[SPANS];	/* those found last, any of which may be entered again */
	unsigned int next_span;
	unsigned int n;			/* PTEs of the run, one for each address; 0: it ends above them */
	u8 *ptes;			/* where they are: in the caller's room, as one record of all would have them */
	bool one_record;		/* that record is what there will be */
};

static u64 address(const struct walk *walk, unsigned int i)
{
	return get_unaligned(walk->addrs + i);
}

static void advance(struct walk *walk, unsigned int n)
{
	walk->addrs += n;
	walk->left -= n;
}

/* ---- records ---- */

/* The record of a path, without the entries that the one before has. Neighbours have all but their last in common. */
static void put_path(struct walk *walk, u8 page)
{
	const struct walk_path *path = &walk->path;
	/* Where there are runs, the value of what a PTE maps is left to be had from the PTE. */
	bool has_value = !walk->batch->runs || path->leaf.kind != WALK_PAGE || path->levels != walk->levels;
	struct record_head head = {
		.status = path->status,
		.kind = path->leaf.kind,
		.levels = path->levels,
		.same = walk->same,
		.swap_type = path->leaf.swap_type,
		.page = page,
		.vma = walk->number,
	};
	u8 *at = put_head(walk->batch->at, head);
	unsigned int i;

	if (has_value)
		at = put_u64(at, path->leaf.value);
	for (i = walk->same; i < path->levels; i++)
		at = put_u64(at, path->entry[i]);
	walk->batch->at = at;
	walk->same = path->levels - 1;
}

/* The same of all plain pages of a run, whose PTEs are where they belong. */
static __always_inline void put_plain(struct walk *walk)
{
	unsigned int last = walk->levels - 2, i;
	u64 own = walk->path.status | (u64)walk->same << RECORD_SAME | (u64)(walk->n - 1) << RECORD_MORE;
	u8 *at = put_u64(walk->batch->at, walk->plain | own);

	for (i = walk->same; i < last; i++)
		at = put_u64(at, walk->path.entry[i]);
	put_u64(at, walk->path.entry[last]);
	walk->batch->at = walk->ptes + walk->n * sizeof(u64);
	walk->path.levels = walk->levels;
	walk->same = walk->levels - 1;
}

/* ---- reading a run ---- */

/*
 * From the PGD as far as the PUD entry. The caller holds the locks that keep the tables as deep as `depth` says. Not
 * inlined: what it has on the stack would have its guard for each run.
 */
static noinline void enter_tables(struct walk *walk, u64 addr, unsigned int depth)
{
	unsigned int above_pmd = walk->levels - 2;
	struct walk_path before = walk->path;
	struct span *span;
	pud_t pud;

	walk_descend(&walk->path, walk->mm, addr, min(depth, above_pmd));
	walk->same = same_tables(&walk->path, &before);
	walk->span = NULL;
	if (walk->path.leaf.kind != WALK_TABLE || depth <= above_pmd)
		return;
	pud = __pud(walk->path.entry[above_pmd - 1]);
	span = &walk->spans[walk->next_span++ % SPANS];
	span->start = addr & PUD_MASK;
	span->pmds = pmd_offset(&pud, 0);
	memcpy(span->entry, walk->path.entry, sizeof(span->entry));
	walk->span = span;
}

/* Of an address that a mapping covers: the same to the path, by the tables of an address before, if there is one. */
static noinline bool enter_again(struct walk *walk, u64 addr)
{
	unsigned int above_pmd = walk->levels - 2, same = 0;
	unsigned long start = addr & PUD_MASK;
	struct span *span;

	for (span = walk->spans; span->start != start; )
		if (++span == walk->spans + SPANS)
			return false;
	while (same + 1 < walk->path.levels && same < above_pmd && walk->path.entry[same] == span->entry[same])
		same++;
	walk->same = same;
	for (; same < above_pmd; same++)
		walk->path.entry[same] = span->entry[same];
	walk->span = span;
	return true;
}

static void forget_spans(struct walk *walk)
{
	unsigned int i;

	walk->span = NULL;
	for (i = 0; i < SPANS; i++)
		walk->spans[i].start = NO_SPAN;
}

/* One of them, to where it belongs; what keeps it from being plain (entry_is_plain()) into *odd. */
static __always_inline u8 *take_pte(const pte_t *table, u64 addr, u8 *to, u64 *odd)
{
	u64 pte = pte_val(READ_ONCE(table[pte_index(addr)]));

	*odd |= entry_oddity(pte);
	return put_u64(to, pte);
}

/* Interrupts are off, and have been since the PMD entry was read. */
static __always_inline void read_ptes(struct walk *walk, pmd_t pmd, u64 addr, unsigned int max)
{
	const pte_t *table = pte_offset_kernel(&pmd, 0);	/* by our copy, never by the PMD table again */
	const u64 *addrs = walk->addrs;
	u64 start, size, odd = 0;
	u8 *to = take_pte(table, addr, walk->ptes, &odd);
	unsigned int n = 1;

	if (max > 1 && !((get_unaligned(addrs + 1) ^ addr) & PMD_MASK)) {
		start = max_t(u64, addr & PMD_MASK, walk->start);
		size = min_t(u64, addr | ~PMD_MASK, walk->start + walk->size - 1) - start;
		for (; n < max; n++) {
			addr = get_unaligned(addrs + n);
			if (addr - start > size)
				break;
			to = take_pte(table, addr, to, &odd);
		}
	}
	walk->n = n;
	walk->one_record = !odd && walk->is_alike;
}

/* Most have the flags of the one before, which were found to be a table's. */
static __always_inline bool names_table(struct walk *walk, pmd_t pmd)
{
	if (native_pmd_val(pmd) & _PAGE_PRESENT && !((native_pmd_val(pmd) ^ walk->table_flags) & ~PTE_PFN_MASK))
		return true;
	if (!walk_is_table(pmd_val(pmd), pmd_bad(pmd)))
		return false;
	walk->table_flags = native_pmd_val(pmd);
	return true;
}

/* The PMD entry, and if it names a table that may be read, the PTEs. Returns whether they are of one instant. */
static __always_inline bool read_pmd(struct walk *walk, u64 addr, bool enters_ptes, unsigned int max)
{
	const pmd_t *pmdp = walk->span->pmds + pmd_index(addr);
	struct walk_path *path = &walk->path;
	bool changed = false;
	unsigned long flags;
	pmd_t pmd;

	walk->n = 0;
	walk->ptes = walk->batch->at + sizeof(struct record_head) + (walk->levels - 1 - walk->same) * sizeof(u64);
	local_irq_save(flags);
	pmd = READ_ONCE(*pmdp);
	if (enters_ptes && names_table(walk, pmd)) {
		read_ptes(walk, pmd, addr, max);
		smp_rmb();
		changed = walk_differ(READ_ONCE(*pmdp), pmd);
	}
	local_irq_restore(flags);
	if (walk->n) {
		path->entry[walk->levels - 2] = pmd_val(pmd);
	} else {
		path->levels = walk->levels - 2;
		walk_take_pmd(path, pmd);
	}
	return !changed;
}

/* It changed under us. Returns whether it does again and again. */
static noinline bool read_pmd_again(struct walk *walk, u64 addr, bool enters_ptes, unsigned int max)
{
	unsigned int attempts;

	for (attempts = 1; attempts < ATTEMPTS; attempts++)
		if (read_pmd(walk, addr, enters_ptes, max))
			return false;
	return true;
}

/*
 * The path of the run, and its PTEs if there are any. Tables that walk_depth() leaves out are not entered: what is at
 * the end of such a path is on its way out, and there is no telling what is there now.
 */
static __always_inline void read_run(struct walk *walk, u64 addr, unsigned int depth, bool enters_ptes,
				     unsigned int max)
{
	if (walk->vma && walk->span && walk->span->start == (addr & PUD_MASK))
		walk->same = walk->levels - 2;
	else if (!walk->vma || !enter_again(walk, addr))
		enter_tables(walk, addr, depth);
	walk->path.status = WALK_DONE;
	if (!walk->span)
		walk->n = 0;
	else if (!read_pmd(walk, addr, enters_ptes, max) && read_pmd_again(walk, addr, enters_ptes, max))
		walk->path.status = WALK_CHANGED;
	if (!walk->n && walk->path.leaf.kind == WALK_TABLE)
		walk->path.status = WALK_CHANGED;
}

/* ---- telling of it ---- */

/* Those behind addr that lie in the same mapping and below the same PMD entry. */
static unsigned int count_neighbours(const struct walk *walk, u64 addr, unsigned int max)
{
	unsigned int i = 1;

	while (i < max && !((address(walk, i) ^ addr) & PMD_MASK) && address(walk, i) - walk->start < walk->size)
		i++;
	return i;
}

/* All addresses have the same leaf, or nothing, above the PTEs. */
static noinline unsigned int put_upper(struct walk *walk, u64 addr, unsigned int max)
{
	const struct walk_path *path = &walk->path;
	u8 page = page_kind(walk->vma, &path->leaf, path->entry[path->levels - 1], true);
	unsigned int n = count_neighbours(walk, addr, max), i;

	for (i = 0; i < n; i++)
		put_path(walk, page);
	return n;
}

/*
 * The run has entries that need words, or the reader knows no runs. The entries are moved to the end of the room that
 * there is for all of its records: none of these takes less than its entry, so none reaches those that are still to be
 * read.
 */
static noinline void put_each_pte(struct walk *walk)
{
	u8 *end = walk->batch->at + RECORD_SIZE + (walk->n - 1) * NEIGHBOUR_SIZE;
	u8 *pte = end - walk->n * sizeof(u64);
	struct walk_path *path = &walk->path;

	memmove(pte, walk->ptes, walk->n * sizeof(u64));
	path->levels = walk->levels;
	for (; pte < end; pte += sizeof(u64)) {
		u64 entry = get_unaligned((const u64 *)pte);

		path->entry[path->levels - 1] = entry;
		path->leaf = leaf_pte(entry);
		put_path(walk, page_kind(walk->vma, &path->leaf, entry, false));
	}
}

static __always_inline unsigned int put_ptes(struct walk *walk)
{
	if (walk->one_record)
		put_plain(walk);
	else
		put_each_pte(walk);
	return walk->n;
}

/* How many addresses have room for sure. */
static unsigned int room_for(const struct walk *walk)
{
	unsigned long room;

	if (likely(walk->batch->at <= walk->plenty))
		return min(walk->left, (unsigned int)RUN_MAX);
	room = walk->batch->end - walk->batch->at;
	return room < RECORD_SIZE ? 0 : min_t(unsigned long, 1 + (room - RECORD_SIZE) / NEIGHBOUR_SIZE, walk->left);
}

/* With the lock that keeps a PMD table which others may share, and no such table from before or for afterwards. */
static noinline int read_hugetlb(struct walk *walk, u64 addr, unsigned int max)
{
	struct address_space *mapping;
	int err = walk_lock_shared_pmds(find_vma(walk->mm, addr), &mapping);

	if (err)
		return err;
	forget_spans(walk);
	read_run(walk, addr, walk->levels, true, max);
	forget_spans(walk);
	walk_unlock_shared_pmds(mapping);
	return 0;
}

/* What is at the next address and at its neighbours, in the mapping that covers it. -ENOSPC: there is no room. */
static __always_inline int walk_run(struct walk *walk, u64 addr)
{
	unsigned int max = room_for(walk);
	int err = 0;

	if (!max)
		return -ENOSPC;
	if (walk->vma->flags & WALK_VMA_HUGETLB)
		err = read_hugetlb(walk, addr, max);
	else
		read_run(walk, addr, walk->levels, true, max);
	if (!err)
		advance(walk, walk->n ? put_ptes(walk) : put_upper(walk, addr, max));
	return err;
}

/* ---- what no mapping covers ---- */

static noinline void walk_hole(struct walk *walk, u64 addr)
{
	unsigned int depth = walk_depth(walk->mm, addr);

	read_run(walk, addr, depth, depth == walk->levels, 1);
	advance(walk, walk->n ? put_ptes(walk) : put_upper(walk, addr, 1));
}

static void walk_other_half(struct walk *walk, enum walk_half half, u64 addr)
{
	struct walk_path *path = &walk->path, before = *path;
	u8 page = PAGE_KIND_UNKNOWN;

	walk->span = NULL;
	*path = (struct walk_path) { .status = WALK_NONCANONICAL };
	if (half == WALK_HALF_KERNEL) {
		walk_kernel(path, walk->mm, addr);
		page = kernel_page_kind(&path->leaf);
	}
	walk->same = same_tables(path, &before);
	put_path(walk, page);
	advance(walk, 1);
}

/* ---- a batch ---- */

static void set_vma(struct walk *walk, unsigned int number)
{
	walk->number = number;
	walk->vma = number ? &walk->batch->vma[number - 1] : NULL;
	walk->start = number ? walk->vma->start : 0;
	walk->size = number ? walk->vma->end - walk->vma->start : 0;
	walk->is_alike = number && walk->batch->runs && !walk->vma->ask_page;
	if (number) {
		struct record_head plain = {
			.kind = WALK_PAGE, .levels = walk->levels, .page = walk->vma->page, .vma = number,
		};

		memcpy(&walk->plain, &plain, sizeof(plain));
	}
}

/*
 * The mapping that an address lies in, by the copy that the batch has of it: while the lock is held it stays, but for
 * a stack that grows (walk.c), and then the rest of it is told as another. Returns false if there is no room to tell
 * of it.
 */
static bool find_mapping(struct walk *walk, u64 addr)
{
	struct batch *batch = walk->batch;
	struct vm_area_struct *vma;
	unsigned int i;

	for (i = batch->vmas; i && !vma_covers(&batch->vma[i - 1], addr); i--)
		;
	set_vma(walk, i);
	if (i)
		return true;
	vma = find_vma(walk->mm, addr);	/* the first that ends behind addr: it may start there too */
	if (!vma || vma->vm_start > addr)
		return true;
	if (batch->vmas == BATCH_VMAS)
		return false;
	vma_describe(&batch->vma[batch->vmas], vma);
	set_vma(walk, ++batch->vmas);
	return true;
}

/* -ENOSPC: the batch is full. */
static noinline int walk_elsewhere(struct walk *walk, u64 addr)
{
	enum walk_half half = walk_half_of(addr);

	if (!room_for(walk))
		return -ENOSPC;
	if (half != WALK_HALF_USER) {
		set_vma(walk, 0);
		walk_other_half(walk, half, addr);
		return 0;
	}
	if (!find_mapping(walk, addr))
		return -ENOSPC;
	if (walk->vma)
		return walk_run(walk, addr);
	walk_hole(walk, addr);
	return 0;
}

/* Most addresses lie where the one before does. */
static int walk_next(struct walk *walk)
{
	u64 addr = address(walk, 0);

	if (addr - walk->start < walk->size)
		return walk_run(walk, addr);
	return walk_elsewhere(walk, addr);
}

/**
 * batch_walk() - the paths of the first of some addresses, at one hold of the mmap lock
 * @mm: from space_get()
 * @addrs: @n addresses of 8 bytes, not necessarily aligned
 * @n: at least 1; no more than BATCH_MAX are walked, so that a writer of the address space doesn't wait for long
 * @batch: @at, @end and @runs are the caller's; the rest is the result, for at least one address
 *
 * Return: 0, or -EAGAIN if somebody holds a lock, which may be for as long as a file system takes.
 */
int batch_walk(struct mm_struct *mm, const void *addrs, unsigned int n, struct batch *batch)
{
	struct walk walk = {
		.mm = mm, .batch = batch, .addrs = addrs, .left = min_t(unsigned int, n, BATCH_MAX),
		.levels = walk_levels(), .plenty = batch->end - RUN_SIZE,
	};
	int err = 0;

	forget_spans(&walk);
	batch->vmas = batch->done = 0;
	if (!mmap_read_trylock(mm))
		return -EAGAIN;
	batch->time = ktime_get_ns();
	while (!err && walk.left)
		err = walk_next(&walk);
	mmap_read_unlock(mm);
	batch->done = walk.addrs - (const u64 *)addrs;
	return batch->done ? 0 : err;
}
