// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "vma.h"

void vma_set_perm(struct vma *vma)
{
	vma->perm[0] = vma->flags & VMA_READ ? 'r' : '-';
	vma->perm[1] = vma->flags & VMA_WRITE ? 'w' : '-';
	vma->perm[2] = vma->flags & VMA_EXEC ? 'x' : '-';
	vma->perm[3] = vma->flags & VMA_SHARED ? 's' : 'p';
	vma->perm[4] = '\0';
}

size_t vma_advice(const struct vma *vma, const char *names[MAX_ADVICE])
{
	static const struct { uint32_t flag; const char *name; } advice[MAX_ADVICE] = {
		{ VMA_HUGEPAGE, "hugepage" }, { VMA_NOHUGEPAGE, "nohugepage" }, { VMA_MERGEABLE, "mergeable" },
		{ VMA_LOCKED, "locked" }, { VMA_UFFD_MISSING, "uffd-missing" }, { VMA_UFFD_WP, "uffd-wp" },
		{ VMA_UFFD_MINOR, "uffd-minor" },
	};
	size_t n = 0;

	for (size_t i = 0; i < MAX_ADVICE; i++)
		if (vma->flags & advice[i].flag)
			names[n++] = advice[i].name;
	return n;
}
