/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* Where a BPF program finds page tables, on the kernel that runs. */
#ifndef PFWATCH_DIRECT_MAP_H
#define PFWATCH_DIRECT_MAP_H

#include <stddef.h>

#include "decode.h"

/*
 * All of *found, tried out on pages of our own: their paths, read by BPF, lead to where /proc/self/pagemap has them.
 * 0, or a negative errno and why as a line. The search is made once in a process.
 */
int direct_map_find(struct page_tables *found, char *why, size_t size);

#endif
