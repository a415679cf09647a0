// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "proc_vmas.h"

#include "proc.h"

static bool any_denied(const struct path *paths, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (paths[i].state == STATE_PROTNONE)
			return true;
	return false;
}

static uint32_t flags_of(const struct vma *vma)
{
	return vma->flags | (vma->perm[0] == 'r' ? VMA_READ : 0) | (vma->perm[1] == 'w' ? VMA_WRITE : 0) |
	       (vma->perm[2] == 'x' ? VMA_EXEC : 0) | (vma->perm[3] == 's' ? VMA_SHARED : 0);
}

/* The list owns its names, and goes. The kernel half has no mappings. */
static struct vma look_up(const struct vmas *list, uint64_t addr, bool kernel)
{
	const struct vma *listed = kernel ? NULL : vmas_find(list, addr);
	struct vma vma = { .name = "" };

	if (listed) {
		vma = *listed;
		vma.name = "";
		vma.flags = flags_of(listed);
	}
	vma_set_perm(&vma);
	return vma;
}

void proc_vmas_apply(uint32_t pid, const uint64_t *addrs, size_t n, struct path *paths, struct vma *vmas)
{
	struct vmas *list;

	if (!vmas && !any_denied(paths, n))
		return;
	list = vmas_read(pid);
	for (size_t i = 0; i < n; i++) {
		struct vma vma = look_up(list, addrs[i], paths[i].kernel);

		paths[i].numa_hint = path_is_numa_hint(&paths[i], vma.flags & VMA_ACCESS);
		if (vmas)
			vmas[i] = vma;
	}
	vmas_free(list);
}
