// SPDX-License-Identifier: GPL-2.0-only
/* What the module tells of a mapping. To be called with the mmap lock held; the copy outlives it. */
#include <linux/fs.h>
#include <linux/hugetlb.h>
#include <linux/kdev_t.h>
#include <linux/magic.h>
#include <linux/mm.h>

#include "compat.h"
#include "entry.h"
#include "vma.h"

/* Not a table: the kernel's bits are no constant expressions everywhere, and some are 0 where a feature is missing. */
static u32 translate_flags(unsigned long flags)
{
	u32 to = 0;

#define FLAG(name, mask) (to |= flags & (mask) ? WALK_VMA_##name : 0)
	FLAG(READ, VM_READ);
	FLAG(WRITE, VM_WRITE);
	FLAG(EXEC, VM_EXEC);
	FLAG(SHARED, VM_MAYSHARE);
	FLAG(PFNMAP, VM_PFNMAP | VM_IO);
	FLAG(GROWSDOWN, VM_GROWSDOWN);
	FLAG(LOCKED, VM_LOCKED);
	FLAG(HUGEPAGE, VM_HUGEPAGE);
	FLAG(NOHUGEPAGE, VM_NOHUGEPAGE);
	FLAG(MERGEABLE, VM_MERGEABLE);
	FLAG(UFFD_MISSING, VM_UFFD_MISSING);
	FLAG(UFFD_WP, VM_UFFD_WP);
#ifdef VM_UFFD_MINOR
	FLAG(UFFD_MINOR, VM_UFFD_MINOR);
#endif
#undef FLAG
	return to;
}

/* vma_is_shmem() is not exported. Shared anonymous memory and memfd are files of the kernel's own tmpfs mount. */
static bool is_shmem(const struct file *file)
{
	return file_inode(file)->i_sb->s_magic == TMPFS_MAGIC;
}

static void describe_file(struct walk_vma *to, struct vm_area_struct *vma)
{
	const struct inode *inode = mapped_inode(vma->vm_file);
	dev_t dev = inode->i_sb->s_dev;

	to->flags |= WALK_VMA_FILE;
	if (!is_vm_hugetlb_page(vma) && is_shmem(vma->vm_file))
		to->flags |= WALK_VMA_SHMEM;
	to->offset = (u64)vma->vm_pgoff << PAGE_SHIFT;
	to->inode = inode->i_ino;
	to->dev = MAJOR(dev) << 20 | MINOR(dev);
}

/*
 * A private mapping of a file holds its pages and copies of them; one that KSM may work on, merged ones. What is
 * neither of a file nor anonymous shows a page of the kernel's: the vdso.
 */
static void describe_pages(struct walk_vma *to)
{
	if (to->flags & WALK_VMA_HUGETLB)
		to->page = PAGE_KIND_HUGETLB;
	else if (to->flags & WALK_VMA_ANON)
		to->page = PAGE_KIND_ANON;
	else if (!(to->flags & WALK_VMA_FILE))
		to->page = PAGE_KIND_KERNEL;
	else
		to->page = to->flags & WALK_VMA_SHMEM ? PAGE_KIND_SHMEM : PAGE_KIND_FILE;
	to->ask_page = to->flags & WALK_VMA_MERGEABLE || !(to->flags & (WALK_VMA_ANON | WALK_VMA_SHARED));
	to->is_pfnmap = to->flags & WALK_VMA_PFNMAP;
}

void vma_describe(struct walk_vma *to, struct vm_area_struct *vma)
{
	*to = (struct walk_vma) {
		.start = vma->vm_start,
		.end = vma->vm_end,
		.flags = translate_flags(vma->vm_flags),
	};
	if (is_vm_hugetlb_page(vma))
		to->flags |= WALK_VMA_HUGETLB;
	else if (vma_is_anonymous(vma))
		to->flags |= WALK_VMA_ANON;
	if (vma->vm_file)
		describe_file(to, vma);
	describe_pages(to);
}
