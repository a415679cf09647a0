/* SPDX-License-Identifier: GPL-2.0-only */
/* What a record tells of the mapping that a fault was in. */
#ifndef PFWATCH_VMA_BPF_H
#define PFWATCH_VMA_BPF_H

#define TMPFS_MAGIC		0x01021994	/* include/uapi/linux/magic.h */
#define VM_GROWSDOWN		0x00000100	/* include/linux/mm.h, as the others of the lower half the same in all kernels */
#define VM_HUGETLB		0x00400000

/* Shared anonymous memory and memfd are files of the kernel's own tmpfs mount. */
static __always_inline void describe_file(struct event_vma *to, struct vm_area_struct *vma)
{
	struct inode *inode = vma->vm_file->f_inode;

	to->is |= VMA_IS_FILE;
	to->pgoff = vma->vm_pgoff;
	to->inode = inode->i_ino;
	to->dev = inode->i_sb->s_dev;
	if (inode->i_sb->s_magic == TMPFS_MAGIC && !(to->flags & VM_HUGETLB))
		to->is |= VMA_IS_SHMEM;
}

/*
 * A mapping that nobody holds any more may have become another one's meanwhile: it is believed only if it still is
 * where the fault was. (Its memory is a mapping's at any rate: the kernel frees it after a grace period.)
 */
static __always_inline bool describe_vma(struct event_vma *to, struct vm_area_struct *vma, struct mm_struct *mm,
					 __u64 addr)
{
	*to = (struct event_vma){ .start = vma->vm_start, .end = vma->vm_end, .flags = vma->vm_flags };
	if (addr < to->start || addr >= to->end || vma->vm_mm != mm)
		return false;
	if (!vma->vm_ops)
		to->is |= VMA_IS_ANON;
	if (has_userfaultfd() && vma->vm_userfaultfd_ctx.ctx)
		to->is |= VMA_IS_UFFD;
	if (vma->vm_file)
		describe_file(to, vma);
	return true;
}

#endif
