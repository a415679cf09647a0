// SPDX-License-Identifier: GPL-2.0-only
/*
 * The descent: from an address space and an address to the entries on the way.
 *
 * What keeps the tables in place while they are read, by what could take them away:
 *
 *  - exit_mmap(): not while mm_users is held. walk_mm_get() takes it, walk_mm_put() gives it back without tearing the
 *    address space down itself: the caller may be the owner of locks of netlink's that everybody waits for.
 *
 *  - munmap(), mremap(), exec: unlink the VMA under the mmap lock for writing, but may free its tables with the lock
 *    downgraded to reading, beside us (mm/mmap.c: mmap_write_downgrade() before unmap_region()). free_pgtables() frees
 *    a table only if its whole span lies between the two VMAs that are left of and right of the hole. So a table
 *    is in place as long as any live VMA reaches into its span, and the VMAs can't change while we hold the lock for
 *    reading. table_depth() computes how deep that allows to go. For an address that a VMA covers the
 *    answer is: all the way. (A stack that grows by a fault, with the lock held for reading only, moves the start of
 *    a VMA: munmap() does not downgrade beside a VM_GROWSDOWN VMA for that reason.)
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
 *    for writing and no mmap lock. lock_shared_pmds() takes it for reading. Only a VMA that covers the whole PUD entry
 *    shares its table (vma_shareable()), so an address in a hole has none above it.
 *
 * Each entry is read once into a local and everything is decided from the local: the entry in the table may change at
 * any time. The order at each level is none, not present, leaf, bad, descend: a leaf taken for a table would let the
 * page's owner choose what we read next.
 */
#include <linux/hugetlb.h>
#include <linux/mm.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/timekeeping.h>
#include <asm/unaligned.h>

#include "compat.h"
#include "walk.h"

unsigned int walk_levels(void)
{
	return pgtable_l5_enabled() ? 5 : 4;
}

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
static void end_path(struct walk_path *path, enum walk_kind kind, u64 value)
{
	path->kind = kind;
	path->value = value;
}

static void end_at_page(struct walk_path *path, u64 entry, unsigned long pfn)
{
	end_path(path, entry_is_protnone(entry) ? WALK_PROTNONE : WALK_PAGE, PFN_PHYS(pfn));
}

/*
 * An entry that is neither empty nor present: the swap code's, to be read with its decoders alone, since x86 stores
 * offsets inverted (L1TF). At the PMD and PUD level THP and hugetlb store the same format as in a PTE.
 */
static void end_not_present(struct walk_path *path, pte_t pte)
{
	swp_entry_t swap = pte_to_swp_entry(pte);

	if (!non_swap_entry(swap)) {
		path->swap_type = swp_type(swap);
		end_path(path, WALK_SWAP, swp_offset(swap));
	} else if (is_migration_entry(swap)) {
		end_path(path, WALK_MIGRATION, PFN_PHYS(swp_offset_pfn(swap)));
	} else if (is_hwpoison_entry(swap)) {
		end_path(path, WALK_HWPOISON, PFN_PHYS(swp_offset_pfn(swap)));
	} else if (is_device_private_entry(swap)) {
		end_path(path, WALK_DEVICE_PRIVATE, PFN_PHYS(swp_offset_pfn(swap)));
	} else if (is_pte_marker_entry(swap)) {
		end_path(path, WALK_MARKER, pte_marker_get(swap));
	} else {
		end_path(path, WALK_OTHER, swp_offset(swap));
	}
}

/* Takes the entry of a level into the path. The return value says whether this is as deep as it may go. */
static bool push(struct walk_path *path, u64 entry, unsigned int depth)
{
	path->entry[path->levels++] = entry;
	return path->levels == depth;
}

/* A table that may be on its way out: not to be followed. There is no mapping, and soon there is no table. */
static void end_at_depth(struct walk_path *path)
{
	path->status = WALK_CHANGING;
	end_path(path, WALK_TABLE, 0);
}

static void walk_pte(struct walk_path *path, pmd_t pmd, unsigned long addr)
{
	/* From our copy of the PMD entry, never from the table again: it may be another by now, or gone. */
	pte_t pte = READ_ONCE(*pte_offset_kernel(&pmd, addr));

	push(path, pte_val(pte), 0);
	if (pte_none(pte))
		end_path(path, WALK_NONE, 0);
	else if (!pte_present(pte))
		end_not_present(path, pte);
	else
		end_at_page(path, pte_val(pte), pte_pfn(pte));
}

static void walk_pmd(struct walk_path *path, pud_t pud, unsigned long addr, unsigned int depth)
{
	pmd_t pmd = READ_ONCE(*pmd_offset(&pud, addr));
	bool deepest = push(path, pmd_val(pmd), depth);

	if (pmd_none(pmd))
		end_path(path, WALK_NONE, 0);
	else if (!pmd_present(pmd))
		end_not_present(path, __pte(pmd_val(pmd)));
	else if (pmd_leaf(pmd))
		end_at_page(path, pmd_val(pmd), pmd_pfn(pmd));
	else if (pmd_bad(pmd))
		end_path(path, WALK_BAD, 0);
	else if (deepest)
		end_at_depth(path);
	else
		walk_pte(path, pmd, addr);
}

static void walk_pud(struct walk_path *path, p4d_t p4d, unsigned long addr, unsigned int depth)
{
	pud_t pud = READ_ONCE(*pud_offset(&p4d, addr));
	bool deepest = push(path, pud_val(pud), depth);

	if (pud_none(pud))
		end_path(path, WALK_NONE, 0);
	else if (entry_is_protnone(pud_val(pud)))	/* hugetlb; pud_present() tests PRESENT alone */
		end_at_page(path, pud_val(pud), pud_pfn(pud));
	else if (!pud_present(pud))
		end_not_present(path, __pte(pud_val(pud)));
	else if (pud_leaf(pud))
		end_at_page(path, pud_val(pud), pud_pfn(pud));
	else if (pud_bad(pud))
		end_path(path, WALK_BAD, 0);
	else if (deepest)
		end_at_depth(path);
	else
		walk_pmd(path, pud, addr, depth);
}

/* x86 has no leaf above the PUD: pgd_bad() and p4d_bad() refuse what would look like one. */
static void walk_p4d(struct walk_path *path, p4d_t *p4dp, unsigned long addr, unsigned int depth)
{
	p4d_t p4d = READ_ONCE(*p4dp);
	bool deepest = push(path, p4d_val(p4d), depth);

	if (p4d_none(p4d))
		end_path(path, WALK_NONE, 0);
	else if (!p4d_present(p4d) || p4d_bad(p4d))
		end_path(path, WALK_BAD, 0);
	else if (deepest)
		end_at_depth(path);
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
	if (pgd_none(pgd))
		end_path(path, WALK_NONE, 0);
	else if (!pgd_present(pgd) || pgd_bad(pgd))
		end_path(path, WALK_BAD, 0);
	else if (deepest)
		end_at_depth(path);
	else
		walk_p4d(path, p4d_offset(&pgd, addr), addr, depth);
}

/*
 * How many levels may be read for an address that no VMA covers: those whose table has a live VMA in its span (see the
 * head of this file). The PGD itself lives as long as the mm. The caller holds the mmap lock.
 */
static unsigned int table_depth(struct mm_struct *mm, unsigned long addr)
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
static bool classify(struct walk_path *path, u64 addr)
{
	memset(path, 0, sizeof(*path));
	if (addr < TASK_SIZE_MAX)
		return true;
	if ((s64)(addr << (63 - __VIRTUAL_MASK_SHIFT)) >> (63 - __VIRTUAL_MASK_SHIFT) != (s64)addr)
		path->status = WALK_NONCANONICAL;
	else if ((s64)addr < 0)
		path->status = WALK_KERNEL_HALF;
	else
		return true;	/* the guard page at the end of the user half: never mapped, but a user address */
	return false;
}

/* Order: mmap lock, then i_mmap_rwsem (mm/rmap.c). *mapping: what is to be unlocked, or NULL. */
static bool lock_shared_pmds(struct vm_area_struct *vma, bool wait, struct address_space **mapping)
{
	*mapping = NULL;
	if (!vma || !is_vm_hugetlb_page(vma) || !vma->vm_file)
		return true;
	*mapping = vma->vm_file->f_mapping;
	if (!wait)
		return down_read_trylock(&(*mapping)->i_mmap_rwsem);
	i_mmap_lock_read(*mapping);
	return true;
}

static void unlock_shared_pmds(struct address_space *mapping)
{
	if (mapping)
		i_mmap_unlock_read(mapping);
}

/* The caller holds the mmap lock. vma: what covers the address, or NULL. -EAGAIN: only where it may not wait. */
static int walk_address(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long addr, bool wait,
			struct walk_path *path)
{
	unsigned int depth = vma ? walk_levels() : table_depth(mm, addr);
	struct address_space *mapping;
	unsigned long flags;

	if (!lock_shared_pmds(vma, wait, &mapping))
		return -EAGAIN;
	local_irq_save(flags);
	walk_pgd(path, mm, addr, depth);
	local_irq_restore(flags);
	unlock_shared_pmds(mapping);
	return 0;
}

static bool covers(const struct vm_area_struct *vma, unsigned long addr)
{
	return vma && vma->vm_start <= addr && addr < vma->vm_end;
}

static int lock_mm(struct mm_struct *mm, bool wait)
{
	if (!wait)
		return mmap_read_trylock(mm) ? 0 : -EAGAIN;
	return mmap_read_lock_killable(mm);
}

/**
 * walk_addresses() - the paths of a batch of addresses, at one hold of the mmap lock
 * @mm: from walk_mm_get()
 * @addrs: @n addresses of 8 bytes, not necessarily aligned
 * @n: at most WALK_BATCH, so that a writer of the address space doesn't wait for long
 * @wait: whether the caller may wait for the locks, which others may hold for as long as a file system takes
 * @paths: @n results
 * @time: when the walk began, CLOCK_MONOTONIC in ns
 *
 * Return: 0; -EAGAIN if a lock is taken and the caller may not wait; -EINTR if it was killed while it waited.
 */
int walk_addresses(struct mm_struct *mm, const void *addrs, unsigned int n, bool wait, struct walk_path *paths,
		   u64 *time)
{
	struct vm_area_struct *vma = NULL;	/* neighbours mostly share one; valid while the lock is held */
	unsigned int i;
	int err;

	err = lock_mm(mm, wait);
	if (err)
		return err;
	*time = ktime_get_ns();
	for (i = 0; i < n && !err; i++) {
		u64 addr = get_unaligned((const u64 *)addrs + i);

		if (!classify(&paths[i], addr))
			continue;
		if (!covers(vma, addr))
			vma = find_vma(mm, addr);	/* the first that ends behind addr: it may start there too */
		err = walk_address(mm, covers(vma, addr) ? vma : NULL, addr, wait, &paths[i]);
	}
	mmap_read_unlock(mm);
	return err;
}

/*
 * A thread group's address space. Its leader may have ended before the others, and then has none any more.
 * p->signal stays with the task_struct, so the thread list can be walked under RCU.
 */
static struct mm_struct *group_mm(struct task_struct *task)
{
	struct mm_struct *mm = get_task_mm(task);
	struct task_struct *thread;

	if (mm || task->flags & PF_KTHREAD)
		return mm;
	rcu_read_lock();
	for_each_thread(task, thread) {
		mm = get_task_mm(thread);
		if (mm)
			break;
	}
	rcu_read_unlock();
	return mm;
}

/**
 * walk_mm_get() - a reference on the address space of a process
 * @pid: any thread of it
 * @space: the identity of the one that is meant (PFWALK_A_SPACE), or 0 for whatever it has now; set to what it was
 *
 * Return: the address space, to be given back with walk_mm_put(); -ESRCH if there is no such process any more, -ENXIO
 * if it has no address space (a kernel thread, or it has exited), -ESTALE if it isn't the one meant.
 */
struct mm_struct *walk_mm_get(struct pid *pid, u64 *space)
{
	struct task_struct *task = get_pid_task(pid, PIDTYPE_PID);
	struct mm_struct *mm;

	if (!task)
		return ERR_PTR(-ESRCH);
	mm = group_mm(task);
	if (!mm) {
		mm = ERR_PTR(-ENXIO);
	} else if (*space && *space != mm_identity(mm)) {
		walk_mm_put(mm);
		mm = ERR_PTR(-ESTALE);
	} else {
		*space = mm_identity(mm);
	}
	put_task_struct(task);
	return mm;
}

/* Never tears the address space down itself: exit_mmap() of another process may take long, and wait. */
void walk_mm_put(struct mm_struct *mm)
{
	mmput_async(mm);
}
