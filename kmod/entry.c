// SPDX-License-Identifier: GPL-2.0-only
/* What an entry means. Everything is decided from a copy of it: the entry in the table may change at any time. */
#include <linux/memory_hotplug.h>
#include <linux/mm.h>

#include "compat.h"
#include "entry.h"
#include "vma.h"

static struct leaf leaf_of(enum walk_kind kind, u64 value)
{
	return (struct leaf) { .kind = kind, .value = value };
}

struct leaf leaf_page(u64 entry, unsigned long pfn)
{
	return leaf_of(entry_is_protnone(entry) ? WALK_PROTNONE : WALK_PAGE, PFN_PHYS(pfn));
}

/* The types that a kernel doesn't know, it doesn't define: what else its configuration lacks can't occur. */
static enum walk_kind kind_of_swap(unsigned int type)
{
	switch (type) {
#ifdef SWP_MIGRATION_READ
	case SWP_MIGRATION_READ:
	case SWP_MIGRATION_WRITE:
#ifdef SWP_MIGRATION_READ_EXCLUSIVE
	case SWP_MIGRATION_READ_EXCLUSIVE:
#endif
		return WALK_MIGRATION;
#endif
#ifdef SWP_HWPOISON
	case SWP_HWPOISON:
		return WALK_HWPOISON;
#endif
#ifdef SWP_DEVICE_READ
	case SWP_DEVICE_READ:
	case SWP_DEVICE_WRITE:
		return WALK_DEVICE_PRIVATE;
#endif
#ifdef SWP_PTE_MARKER
	case SWP_PTE_MARKER:
		return WALK_MARKER;
#endif
	default:
		return type < MAX_SWAPFILES ? WALK_SWAP : WALK_OTHER;
	}
}

/* An entry that is neither empty nor present, at any level. */
struct leaf leaf_not_present(u64 entry)
{
	swp_entry_t swap = entry_to_swap(entry);
	enum walk_kind kind = kind_of_swap(swp_type(swap));
	struct leaf leaf = leaf_of(kind, swp_offset(swap));

	if (kind == WALK_SWAP)
		leaf.swap_type = swp_type(swap);
	else if (kind == WALK_MIGRATION || kind == WALK_HWPOISON || kind == WALK_DEVICE_PRIVATE)
		leaf.value = PFN_PHYS(swap_to_pfn(swap));
	return leaf;
}

/* An entry of a PTE table of the user half. */
struct leaf leaf_pte(u64 entry)
{
	pte_t pte = __pte(entry);

	if (pte_none(pte))
		return leaf_of(WALK_NONE, 0);
	return pte_present(pte) ? leaf_page(entry, pte_pfn(pte)) : leaf_not_present(entry);
}

static bool is_special(u64 entry)
{
	return entry & _PAGE_SPECIAL;
}

/* Without a struct page of its own, or one that the entry doesn't count in (vm_normal_page() is NULL). */
static u8 special_page_kind(unsigned long pfn)
{
	if (is_zero_pfn(pfn))
		return PAGE_KIND_ZERO;
	return pfn_to_online_page(pfn) ? PAGE_KIND_PFNMAP : PAGE_KIND_DEVICE;
}

/*
 * What the page behind a leaf is to the process. Most mappings answer that for all their pages (vma->page); the page
 * itself is asked only where it must be. It may be freed and used anew meanwhile, for another process' fault on another
 * CPU takes no lock that we hold: what it says is a hint. And it may be gone: hot-removal takes struct page away with
 * the memory, and waits for no reader of entries; so does a device that goes. Hence pfn_to_online_page(), just before.
 *
 * Of a private mapping, which all are whose page is asked, a page that may be written is its own: the page cache's,
 * merged ones and the huge zero page are copied first.
 *
 * huge: a leaf above the PTE level. The huge zero page has no exported name, but no other page in a leaf of anonymous
 * memory lacks the mark of one; newer kernels also set the special bit.
 */
u8 page_kind(const struct walk_vma *vma, const struct leaf *leaf, u64 entry, bool huge)
{
	unsigned long pfn = PHYS_PFN(leaf->value);
	struct page *page;

	if (leaf->kind != WALK_PAGE && leaf->kind != WALK_PROTNONE)
		return PAGE_KIND_UNKNOWN;
	if (!vma || vma->page == PAGE_KIND_HUGETLB)
		return vma ? PAGE_KIND_HUGETLB : PAGE_KIND_UNKNOWN;
	if (huge && vma->page == PAGE_KIND_ANON && is_special(entry))
		return PAGE_KIND_ZERO;
	if (is_special(entry) || (huge && vma->is_pfnmap))
		return special_page_kind(pfn);
	if (!vma->ask_page && !(huge && vma->page == PAGE_KIND_ANON))
		return vma->page;
	if (entry & _PAGE_RW)
		return PAGE_KIND_ANON;
	page = pfn_to_online_page(pfn);
	if (!page)
		return vma->page;
	if (page_is_ksm(page))
		return PAGE_KIND_KSM;
	if (PageAnon(page))
		return PAGE_KIND_ANON;
	return huge && vma->page == PAGE_KIND_ANON ? PAGE_KIND_ZERO : vma->page;
}

/* Of a kernel address: no mapping tells, and most of its pages have no owner that could be named. */
u8 kernel_page_kind(const struct leaf *leaf)
{
	if (leaf->kind != WALK_PAGE || pfn_to_online_page(PHYS_PFN(leaf->value)))
		return PAGE_KIND_UNKNOWN;
	return PAGE_KIND_DEVICE;
}
