/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The model of a mapping. */
#ifndef PFWATCH_VMA_H
#define PFWATCH_VMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum vma_flag {
	VMA_READ = 1 << 0, VMA_WRITE = 1 << 1, VMA_EXEC = 1 << 2, VMA_SHARED = 1 << 3, VMA_ANON = 1 << 4,
	VMA_SHMEM = 1 << 5, VMA_HUGETLB = 1 << 6, VMA_PFNMAP = 1 << 7, VMA_GROWSDOWN = 1 << 8, VMA_LOCKED = 1 << 9,
	VMA_HUGEPAGE = 1 << 10, VMA_NOHUGEPAGE = 1 << 11, VMA_MERGEABLE = 1 << 12, VMA_UFFD_MISSING = 1 << 13,
	VMA_UFFD_WP = 1 << 14, VMA_UFFD_MINOR = 1 << 15, VMA_FILE = 1 << 16,
};

#define VMA_ACCESS (VMA_READ | VMA_WRITE | VMA_EXEC)

struct vma {
	uint64_t start, end;
	uint64_t offset;	/* of start in the file; with inode, major and minor only where there is VMA_FILE */
	uint64_t inode;
	uint32_t major, minor;	/* of the file system */
	uint32_t flags;		/* enum vma_flag */
	char perm[5];		/* as in /proc/PID/maps */
	const char *name;	/* the path or [name] of /proc/PID/maps, "" if it has none; of a fault NULL if it isn't known */
};

void vma_set_perm(struct vma *vma);	/* from its flags */

/* What was asked for with madvise(), mlock() and userfaultfd. */
#define MAX_ADVICE 7
size_t vma_advice(const struct vma *vma, const char *names[MAX_ADVICE]);

#endif
