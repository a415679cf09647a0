// SPDX-License-Identifier: GPL-2.0-only
/*
 * The descent: from an address space and an address to the entries on the way.
 *
 * What keeps the tables in place while they are read, by what could take them away:
 *
 *  - exit_mmap(): not while mm_users is held. space_get() takes it, space_put() gives it back without tearing the
 *    address space down itself: the caller may be the owner of locks of netlink's that everybody waits for.
 *
 *  - munmap(), mremap(), exec: unlink the VMA under the mmap lock for writing, but may free its tables with the lock
 *    downgraded to reading, beside us (mm/mmap.c: mmap_write_downgrade() before unmap_region()). free_pgtables() frees
 *    a table only if its whole span lies between the two VMAs that are left of and right of the hole. So a table
 *    is in place as long as any live VMA reaches into its span, and the VMAs can't change while we hold the lock for
 *    reading. walk_depth() computes how deep that allows to go. For an address that a VMA covers the
 *    answer is: all the way. (Up to v6.4 a stack grows by a fault with the lock held for reading only, which moves the
 *    start of a VMA: munmap() does not downgrade beside a VM_GROWSDOWN VMA for that reason. Later, and in stable
 *    kernels that took the change, it grows with the lock held for writing.)
 *
 *  - khugepaged and MADV_COLLAPSE take the PTE table away under a live VMA. Up to v6.5 they hold the mmap lock for
 *    writing while they do. Since commit 1d65b771bc08 ("mm/khugepaged: retract_page_tables() without mmap or vma
 *    lock", v6.6) they don't, and from 7.x on neither does MADV_DONTNEED (PT_RECLAIM): these free the table after an
 *    RCU grace period.
 *    Interrupts are off from the read of the PMD entry to the read of the PTE, which makes us an RCU reader on every
 *    configuration. (It holds off no TLB-flush IPI on behalf of this mm: they go to the CPUs that run it, and we
 *    don't.)
 *
 *  - truncation of a hugetlbfs file: drops a shared PMD table (huge_pmd_unshare()) with the file's i_mmap_rwsem held
 *    for writing and no mmap lock. walk_lock_shared_pmds() takes it for reading. Only a VMA that covers the whole PUD
 *    entry shares its table (vma_shareable()), so an address in a hole has none above it.
 *
 *  - migration, hwpoison, reclaim, NUMA hinting, KSM, a THP split, another thread's fault: change entries, under page table
 *    locks that a module can't take on every kernel, and take no table away but for what is said above. The entry is
 *    read whole, before or after.
 *
 * A path is of one instant. Under a live VMA an entry above the PMD that names a table goes on doing so while the mmap
 * lock is held (hugetlb: and the lock of walk_lock_shared_pmds()), but for its accessed bit. What may change is the
 * PMD entry: a table can be put there, collapsed into a huge page, made anew. So it is read again behind the PTE. If it
 * still names the same table, it did so when the PTE was read: a table can't be freed and come back as another in
 * between, for we are an RCU reader. Otherwise that entry and what it names are read again, a few times, and then the
 * path says that it changed. The callers, batch.c and map.c, read several PTEs of a table at once: the PMD entry is
 * read again behind all of them, and what it says then goes for each.
 *
 * No lock is waited for: see dump_round() of netlink.c for why, and for who tries again.
 *
 * Each entry is read once into a local and everything is decided from the local: the entry in the table may change at
 * any time. The order at each level is table, none, not present, leaf, bad; and a table is only what has PRESENT set
 * and no flag that a table hasn't (PSE is one): a leaf taken for a table would let the page's owner choose what we
 * read next.
 */
#include <linux/hugetlb.h>
#include <linux/mm.h>
#include <linux/uaccess.h>

#include "compat.h"
#include "walk.h"

void walk_get_layout(struct walk_layout *layout)
{
	*layout = (struct walk_layout) {
		.levels = walk_levels(),
		.page_shift = PAGE_SHIFT,
		.pmd_shift = PMD_SHIFT,
		.pud_shift = PUD_SHIFT,
		.p4d_shift = P4D_SHIFT,
		.pgdir_shift = PGDIR_SHIFT,
		.ptrs_per_pte = PTRS_PER_PTE,
		.ptrs_per_pmd = PTRS_PER_PMD,
		.ptrs_per_pud = PTRS_PER_PUD,
		.ptrs_per_p4d = PTRS_PER_P4D,
		.ptrs_per_pgd = PTRS_PER_PGD,
		.page_offset = PAGE_OFFSET,
		.vmalloc_start = VMALLOC_START,
		.vmemmap_start = VMEMMAP_START,
		.task_size_max = TASK_SIZE_MAX,
		.pfn_mask = PTE_PFN_MASK,
	};
}

/* The end of a path: what its last entry is. */
static void end_path(struct walk_path *path, enum walk_kind kind)
{
	path->leaf = (struct leaf) { .kind = kind };
}

/* Takes the entry of a level into the path. The return value says whether this is as deep as it may go. */
static bool push(struct walk_path *path, u64 entry, unsigned int depth)
{
	path->entry[path->levels++] = entry;
	return path->levels == depth;
}

/* Takes a PMD entry into a path that is as far as the PUD entry. */
void walk_take_pmd(struct walk_path *path, pmd_t pmd)
{
	push(path, pmd_val(pmd), 0);
	if (walk_is_table(pmd_val(pmd), pmd_bad(pmd)))
		end_path(path, WALK_TABLE);
	else if (pmd_none(pmd))
		end_path(path, WALK_NONE);
	else if (!pmd_present(pmd))
		path->leaf = leaf_not_present(pmd_val(pmd));
	else if (pmd_leaf(pmd))
		path->leaf = leaf_page(pmd_val(pmd), pmd_pfn(pmd));
	else
		end_path(path, WALK_BAD);
}

static void walk_pud(struct walk_path *path, p4d_t p4d, unsigned long addr, unsigned int depth)
{
	pud_t pud = READ_ONCE(*pud_offset(&p4d, addr));
	bool deepest = push(path, pud_val(pud), depth);

	if (walk_is_table(pud_val(pud), pud_bad(pud))) {
		if (deepest)
			end_path(path, WALK_TABLE);
		else
			walk_take_pmd(path, READ_ONCE(*pmd_offset(&pud, addr)));
	} else if (pud_none(pud)) {
		end_path(path, WALK_NONE);
	} else if (entry_is_protnone(pud_val(pud))) {	/* hugetlb; pud_present() tests PRESENT alone */
		path->leaf = leaf_page(pud_val(pud), pud_pfn(pud));
	} else if (!pud_present(pud)) {
		path->leaf = leaf_not_present(pud_val(pud));
	} else if (pud_leaf(pud)) {
		path->leaf = leaf_page(pud_val(pud), pud_pfn(pud));
	} else {
		end_path(path, WALK_BAD);
	}
}

/* x86 has no leaf above the PUD: pgd_bad() and p4d_bad() refuse what would look like one. */
static void walk_p4d(struct walk_path *path, p4d_t *p4dp, unsigned long addr, unsigned int depth)
{
	p4d_t p4d = READ_ONCE(*p4dp);
	bool deepest = push(path, p4d_val(p4d), depth);

	if (!walk_is_table(p4d_val(p4d), p4d_bad(p4d)))
		end_path(path, p4d_none(p4d) ? WALK_NONE : WALK_BAD);
	else if (deepest)
		end_path(path, WALK_TABLE);
	else
		walk_pud(path, p4d, addr, depth);
}

static void walk_pgd(struct walk_path *path, struct mm_struct *mm, unsigned long addr, unsigned int depth)
{
	pgd_t *pgdp = pgd_offset(mm, addr);
	pgd_t pgd;
	bool deepest;

	if (!pgtable_l5_enabled()) {
		/* Folded: the entry in the PGD is the P4D entry. p4d_offset() wants the real slot, not a copy of it. */
		walk_p4d(path, p4d_offset(pgdp, addr), addr, depth);
		return;
	}
	pgd = READ_ONCE(*pgdp);
	deepest = push(path, pgd_val(pgd), depth);
	if (!walk_is_table(pgd_val(pgd), pgd_bad(pgd)))
		end_path(path, pgd_none(pgd) ? WALK_NONE : WALK_BAD);
	else if (deepest)
		end_path(path, WALK_TABLE);
	else
		walk_p4d(path, p4d_offset(&pgd, addr), addr, depth);
}

/*
 * The entries of the first `depth` levels for a user address, fewer if the path ends before; the PTE is none of them.
 * The caller holds the mmap lock (and that of walk_lock_shared_pmds()), and has made sure that the tables of these
 * levels stay. If it goes on into the table that a path of kind WALK_TABLE ends with, interrupts must be off from
 * before this call.
 */
void walk_descend(struct walk_path *path, struct mm_struct *mm, unsigned long addr, unsigned int depth)
{
	path->levels = 0;
	path->status = WALK_DONE;
	walk_pgd(path, mm, addr, depth);
}

/*
 * Whether the PMD entry, which a path of walk_descend() ends with, is another by now: to be called behind the reads of
 * PTEs in the table that it names, interrupts still off. The PMD table itself stays, as the head of this file says.
 */
bool walk_has_changed(const struct walk_path *path, unsigned long addr)
{
	pud_t pud = __pud(path->entry[path->levels - 2]);

	smp_rmb();
	return walk_differ(READ_ONCE(*pmd_offset(&pud, addr)), __pmd(path->entry[path->levels - 1]));
}

/* ---- kernel addresses ---- */

/*
 * The entry for a kernel address in a table, and what it means. Not by the user half's rules: bit 8 is GLOBAL in an
 * entry that isn't present (page-table isolation leaves such), and no swap code has ever seen it.
 * shift: of the address bits that an entry of this table spans. Returns whether the path goes on.
 */
static bool take_kernel_entry(struct walk_path *path, u64 entry, unsigned int shift)
{
	unsigned long pfn = pte_pfn(__pte(entry));

	push(path, entry, 0);
	if (pte_none(__pte(entry)))
		end_path(path, WALK_NONE);
	else if (!(entry & _PAGE_PRESENT))
		end_path(path, WALK_OTHER);
	else if (shift == PAGE_SHIFT)
		path->leaf = leaf_page(entry, pfn);
	else if (entry & _PAGE_PSE && shift == PMD_SHIFT)
		path->leaf = leaf_page(entry, pmd_pfn(__pmd(entry)));
	else if (entry & _PAGE_PSE && shift == PUD_SHIFT)
		path->leaf = leaf_page(entry, pud_pfn(__pud(entry)));
	else if (entry & _PAGE_PSE || !pfn_valid(pfn))
		end_path(path, WALK_BAD);
	else
		return true;
	return false;
}

/*
 * Every process' PGD has the kernel's half (init_mm itself is not exported). Nothing that a module can take holds the
 * kernel's tables in place: vmalloc, set_memory() and memory hot-remove free them after a flush of the TLB, which is no
 * grace period for a reader of tables. So a table may be anything by the time it is read: its frame is checked, and the
 * read catches a fault. It can give a wrong entry then, no more. The PGD itself is held by the mm.
 */
void walk_kernel(struct walk_path *path, struct mm_struct *mm, unsigned long addr)
{
	const u64 *table = (const u64 *)mm->pgd;
	unsigned int shift = PGDIR_SHIFT;
	u64 entry;

	path->status = WALK_KERNEL;
	for (;; shift -= ilog2(PTRS_PER_PTE)) {
		if (copy_from_kernel_nofault(&entry, table + (addr >> shift) % PTRS_PER_PTE, sizeof(entry))) {
			end_path(path, WALK_TABLE);
			return;
		}
		if (!take_kernel_entry(path, entry, shift))
			return;
		table = __va(PFN_PHYS(pte_pfn(__pte(entry))));
	}
}

/* ---- how deep, and under which locks ---- */

/*
 * How many levels may be read for an address that no VMA covers: those whose table has a live VMA in its span (see the
 * head of this file). The PGD itself lives as long as the mm. The caller holds the mmap lock.
 */
unsigned int walk_depth(struct mm_struct *mm, unsigned long addr)
{
	const unsigned int span_shift[] = { PMD_SHIFT, PUD_SHIFT, P4D_SHIFT, PGDIR_SHIFT };	/* PTE table upwards */
	unsigned int tables = walk_levels() - 1;	/* those below the PGD */
	unsigned int i;

	for (i = 0; i < tables; i++) {
		unsigned long start = addr & ~((1UL << span_shift[i]) - 1);
		unsigned long last = addr | ((1UL << span_shift[i]) - 1);
		struct vm_area_struct *vma = find_vma(mm, start);

		if (vma && vma->vm_start <= last)
			break;
	}
	return 1 + tables - i;
}

/* Non-canonical addresses alias others, since every index is masked: they must not come near a table. */
enum walk_half walk_half_of(u64 addr)
{
	if (addr < TASK_SIZE_MAX)
		return WALK_HALF_USER;
	if ((s64)(addr << (63 - __VIRTUAL_MASK_SHIFT)) >> (63 - __VIRTUAL_MASK_SHIFT) != (s64)addr)
		return WALK_HALF_NONE;
	/* The guard page at the end of the user half is never mapped, but a user address. */
	return (s64)addr < 0 ? WALK_HALF_KERNEL : WALK_HALF_USER;
}

/*
 * Of a hugetlbfs mapping, whose PMD tables may be shared. Order: mmap lock, then i_mmap_rwsem (mm/rmap.c). *mapping: what
 * is to be unlocked, or NULL. -EAGAIN: somebody holds it.
 */
int walk_lock_shared_pmds(struct vm_area_struct *vma, struct address_space **mapping)
{
	struct address_space *file;

	*mapping = NULL;
	if (!is_vm_hugetlb_page(vma) || !vma->vm_file)
		return 0;
	file = vma->vm_file->f_mapping;
	if (!down_read_trylock(&file->i_mmap_rwsem))
		return -EAGAIN;
	*mapping = file;
	return 0;
}

void walk_unlock_shared_pmds(struct address_space *mapping)
{
	if (mapping)
		i_mmap_unlock_read(mapping);
}
