/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the BPF program and the tracer agree on. Fixed widths, no pointers, no holes; the same object serves whatever
 * kernel it is loaded into.
 */
#ifndef PFWATCH_EVENT_H
#define PFWATCH_EVENT_H

#define EVENT_COMM_LEN 16

/* One fault at its entry: the record in the ring buffer. */
struct event {
	__u64 ts;		/* CLOCK_MONOTONIC, ns */
	__u64 addr;		/* the address that was accessed (CR2) */
	__u64 ip;		/* the instruction that accessed it */
	__u64 space;		/* identity of the address space: PFWALK_A_SPACE of kmod/uapi/pfwalk.h */
	__u32 pid;		/* the process (tgid) and the thread, in pfwatch's PID namespace */
	__u32 tid;
	__u32 error_code;	/* of the exception, Intel SDM vol. 3, 4.7 */
	__u16 cpu;
	__u8 kernel_mode;	/* 1: in kernel mode, as copy_to_user() does */
	__u8 reserved;
	char comm[EVENT_COMM_LEN];
};

_Static_assert(sizeof(struct event) == 64, "struct event is an ABI between two compilers");

/* Per CPU, a cache line each. At any time seen - lost is what has been put into the ring buffer. */
struct counters {
	__u64 seen;		/* faults of the traced processes */
	__u64 lost;		/* of these, found no room in the ring buffer */
	__u64 reserved[6];
};

_Static_assert(sizeof(struct counters) == 64, "struct counters is an ABI between two compilers");

/* Values of the map `targets`, by tgid. */
enum target {
	TARGET_NOW,		/* every fault */
	TARGET_AFTER_EXEC,	/* those after its first execve(): not what our own child does to get there */
};

#endif
