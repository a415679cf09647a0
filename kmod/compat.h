/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between kernels, and between architectures. Asked for by capability where there is one; the only place
 * in the project that may look at LINUX_VERSION_CODE.
 */
#ifndef PFWALK_COMPAT_H
#define PFWALK_COMPAT_H

#include <linux/mm_types.h>
#include <linux/pgtable.h>
#include <linux/swapops.h>

#ifndef CONFIG_X86_64
#error "pfwalk knows the page tables of x86-64 only"
#endif

/* PTE markers came with commit 679d10331910 ("mm: introduce PTE_MARKER swap entry"), v5.19. */
#ifndef PTE_MARKER_MASK
static inline bool is_pte_marker_entry(swp_entry_t entry)
{
	return false;
}

static inline unsigned long pte_marker_get(swp_entry_t entry)
{
	return 0;
}
#endif

/*
 * A leaf that denies every access: PRESENT is clear and bit 8, else GLOBAL, is PROTNONE (arch/x86/include/asm/
 * pgtable_types.h). pte_protnone() answers this only where CONFIG_NUMA_BALANCING is set. Valid for the entries of the
 * user half at every level: hugetlb makes its PMD and PUD leaves from the same bits.
 */
static inline bool entry_is_protnone(u64 entry)
{
	return (entry & (_PAGE_PROTNONE | _PAGE_PRESENT)) == _PAGE_PROTNONE;
}

/* Never 0, never used twice (arch/x86/include/asm/mmu.h, commit f39681ed0f48 of v4.14). */
static inline u64 mm_identity(const struct mm_struct *mm)
{
	return mm->context.ctx_id;
}

#endif
