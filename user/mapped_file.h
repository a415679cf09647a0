/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The file that is mapped in a process, and the vDSO as one. */
#ifndef PFWATCH_MAPPED_FILE_H
#define PFWATCH_MAPPED_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "vma.h"

/*
 * A file by its number; one that was changed since is another one. Of its times, nobody can set this one (ctime).
 * The vDSO has its checksum for a number.
 */
struct file_key {
	uint64_t inode, size, changed;
	uint32_t major, minor;
};

bool mapped_file_is_vdso(const struct vma *vma);

/* For reading; -1: there is none, or it is not there any more. */
int mapped_file_open(uint32_t pid, const struct vma *vma, struct file_key *key);

#endif
