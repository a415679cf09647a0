/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Mappings for a walker that has none of its own: those of /proc/PID/maps, as they are a moment after the walk. */
#ifndef PFWATCH_PROC_VMAS_H
#define PFWATCH_PROC_VMAS_H

#include "path.h"
#include "vma.h"

/*
 * vmas[i]: what addrs[i] lies in, as walker_resolve_vmas() has it; vmas may be NULL. paths[i] is told what only the
 * mapping tells: whether PROT_NONE is a hint. Costs nothing where nobody asks.
 */
void proc_vmas_apply(uint32_t pid, const uint64_t *addrs, size_t n, struct path *paths, struct vma *vmas);

#endif
