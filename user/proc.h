/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What /proc tells of a process. */
#ifndef PFWATCH_PROC_H
#define PFWATCH_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vma.h"

enum proc_state { PROC_ALIVE, PROC_MISSING, PROC_KERNEL_THREAD, PROC_EXITED };

/* What pid is; *tgid is the process it belongs to (itself, or that of a thread). */
enum proc_state proc_look(uint32_t pid, uint32_t *tgid);

/* Why a process can't be looked at, as a line: "no process with PID 42", ... */
void proc_explain(enum proc_state state, uint32_t pid, char *why, size_t size);

/* The mappings of a process as they are now. NULL: it has none, or is no more. */
struct vmas;
struct vmas *vmas_read(uint32_t pid);
void vmas_free(struct vmas *vmas);
size_t vmas_bytes(const struct vmas *vmas);	/* the memory that it takes */
const struct vma *vmas_find(const struct vmas *vmas, uint64_t addr);
void vmas_each(const struct vmas *vmas, void (*take)(void *data, const struct vma *vma), void *data);

#endif
