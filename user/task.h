/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The model of a process as `pfwatch tasks` shows it. */
#ifndef PFWATCH_TASK_H
#define PFWATCH_TASK_H

#include <stdint.h>

#include "fault.h"

enum task_kind { TASK_PROCESS, TASK_KERNEL_THREAD, TASK_EXITED };

struct task {
	uint32_t pid;
	enum task_kind kind;
	char comm[COMM_LEN];	/* always terminated */

	/* of its address space, which only a process has that has not exited */
	uint64_t task_size;	/* end of its user addresses */
	uint64_t pgd;		/* kernel address of its topmost table */
	uint64_t pgtables_pages;	/* PTE, PMD and PUD tables */
	uint64_t pgtables_bytes;
	uint64_t rss_bytes;
	uint64_t swap_bytes;
	uint64_t vm_bytes;	/* all its mappings */
};

#endif
