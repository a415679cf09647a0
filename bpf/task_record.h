/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the iterator of `pfwatch tasks` writes, one record after another: what the BPF program and user/tasks.c agree
 * on. Fixed widths, no pointers, no holes.
 */
#ifndef PFWATCH_TASK_RECORD_H
#define PFWATCH_TASK_RECORD_H

#define TASK_COMM_SIZE 16

/* Order of the counters in an address space: enum of include/linux/mm_types_task.h, the same in all kernels. */
enum task_counter { COUNTER_FILE, COUNTER_ANON, COUNTER_SWAP, COUNTER_SHMEM, TASK_COUNTERS };

enum task_record_kind {
	RECORD_PROCESS,		/* it has an address space: all members count */
	RECORD_KERNEL_THREAD,	/* it never has one of its own: pid, tid and comm only */
	RECORD_NO_SPACE,	/* it has none any more: likewise. Another thread of the process may. */
};

struct task_record {
	__u64 task_size;		/* end of its user addresses */
	__u64 pgd;			/* where the kernel has its topmost table */
	__u64 pgtables_bytes;		/* tables below that: PTE, PMD and PUD, each a page */
	__s64 pages[TASK_COUNTERS];	/* each may be below 0 for an instant, where CPUs count for themselves */
	__u64 total_vm;			/* pages of all its mappings */
	__u32 pid;			/* the process, and the thread that was looked at, in pfwatch's PID namespace */
	__u32 tid;
	__u32 kind;			/* enum task_record_kind */
	__u32 reserved;
	char comm[TASK_COMM_SIZE];	/* the process' name: that of its first thread */
};

_Static_assert(sizeof(struct task_record) == 96, "struct task_record is an ABI between two compilers");

#endif
