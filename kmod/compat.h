/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between kernels, and between architectures. Asked for by capability where there is one; the only place
 * in the project that may look at LINUX_VERSION_CODE.
 */
#ifndef PFWALK_COMPAT_H
#define PFWALK_COMPAT_H

#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/swap.h>
#include <linux/swapops.h>
#include <linux/version.h>

#ifndef CONFIG_X86_64
#error "pfwalk knows the page tables of x86-64 only"
#endif

/* Moved by commit 5f60d5f6bbc1 ("move asm/unaligned.h to linux/unaligned.h"), v6.12. */
#if __has_include(<linux/unaligned.h>)
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

#if __has_include(<linux/leafops.h>)
#include <linux/leafops.h>
#endif

/*
 * An entry that is neither empty nor present, as the swap code has it: a type and an offset. Only the kernel's decoder
 * may look at the raw value, since x86 stores the offset inverted (L1TF). At the PMD and PUD level THP and hugetlb use
 * the format of a PTE. pte_to_swp_entry() became softleaf_from_pte() when the types of <linux/swapops.h> went to
 * <linux/leafops.h>, v6.19.
 */
static inline swp_entry_t entry_to_swap(u64 entry)
{
#if __has_include(<linux/leafops.h>)
	return softleaf_from_pte(__pte(entry));
#else
	return pte_to_swp_entry(__pte(entry));
#endif
}

/*
 * The page frame in a swap entry that has one. Since commit 0d206b5d2e0d ("mm/swap: add swp_offset_pfn() to fetch PFN
 * from swap entry"), v6.1, flags may stand above it.
 */
static inline unsigned long swap_to_pfn(swp_entry_t swap)
{
#ifdef SWP_PFN_MASK
	return swp_offset(swap) & SWP_PFN_MASK;
#else
	return swp_offset(swap);
#endif
}

/*
 * A leaf that denies every access: PRESENT is clear and bit 8, else GLOBAL, is PROTNONE (arch/x86/include/asm/
 * pgtable_types.h). pte_protnone() answers this only where CONFIG_NUMA_BALANCING is set. Valid for the entries of the
 * user half at every level: hugetlb makes its PMD and PUD leaves from the same bits.
 */
static inline bool entry_is_protnone(u64 entry)
{
	return (entry & (_PAGE_PROTNONE | _PAGE_PRESENT)) == _PAGE_PROTNONE;
}

/* The bits that keep a PTE of the user half from being plain. */
static inline u64 entry_oddity(u64 entry)
{
	return (entry ^ _PAGE_PRESENT) & (_PAGE_PRESENT | _PAGE_SPECIAL);
}

/*
 * A PTE of the user half that is a page, and one with a struct page that it counts in: what the page is to the
 * process its mapping says, if its pages are all alike (ask_page of struct walk_vma).
 */
static inline bool entry_is_plain(u64 entry)
{
	return !entry_oddity(entry);
}

/*
 * Marks of a page that may be freed and used anew while they are read: they are in page->mapping, so that no page flag
 * is asked for, which CONFIG_DEBUG_VM_PGFLAGS would check for being asked of the right page of a compound one. Folios
 * came with v5.16; later PageKsm() went.
 */
static inline bool page_is_ksm(struct page *page)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 16, 0)
	return folio_test_ksm(page_folio(page));
#else
	return PageKsm(page);
#endif
}

/*
 * The inode that /proc/PID/maps shows for a mapping. Since commit def3ae83da02 ("fs: store real path instead of fake path
 * in backing file f_path"), v6.7, a file of overlayfs is mapped by the file below.
 */
static inline const struct inode *mapped_inode(struct file *file)
{
#ifdef HAVE_FILE_USER_INODE
	return file_user_inode(file);
#else
	return file_inode(file);
#endif
}

/*
 * The attributes of a dump's request, which went into a struct genl_info of its own in v6.6. A macro: only the netlink
 * files include <net/genetlink.h>.
 */
#ifdef HAVE_GENL_INFO_DUMP
#define dump_attrs(cb) (genl_info_dump(cb)->attrs)
#else
#define dump_attrs(cb) (genl_dumpit_info(cb)->attrs)
#endif

/* Never 0, never used twice (arch/x86/include/asm/mmu.h, commit f39681ed0f48 of v4.14). */
static inline u64 mm_identity(const struct mm_struct *mm)
{
	return mm->context.ctx_id;
}

#endif
