/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What the BPF program and the tracer agree on. Fixed widths, no pointers, no holes; the same object serves whatever
 * kernel it is loaded into.
 */
#ifndef PFWATCH_EVENT_H
#define PFWATCH_EVENT_H

#define EVENT_COMM_LEN 16
#define EVENT_LEVELS 5

/* Frames of a stack, and stacks that are kept. */
#define MAX_STACK 64
#define MAX_STACKS 16384
#define NO_STACK (-1)		/* nobody asked: no errno of bpf_get_stackid() */

/* How the end of a fault was seen to be. */
enum event_result { ENDED, ENDED_MINOR, ENDED_MAJOR, ENDED_SEGV, ENDED_SIGBUS, ENDED_OOM };

/* Bits of event.has: which members are filled in. */
enum event_has {
	HAS_END = 1 << 0,	/* all that will be known of it: it is over */
	HAS_LATENCY = 1 << 1,
	HAS_SAID = 1 << 2,
	HAS_VMA = 1 << 3,
	HAS_GROWTH = 1 << 4,
};

/* Bits of event_vma.is. */
enum event_vma_is { VMA_IS_ANON = 1 << 0, VMA_IS_SHMEM = 1 << 1, VMA_IS_FILE = 1 << 2, VMA_IS_UFFD = 1 << 3 };

struct event_vma {
	__u64 start, end;
	__u64 pgoff;		/* in pages; this and the next two of a file's only */
	__u64 inode;
	__u32 dev;		/* the kernel's dev_t */
	__u32 flags;		/* the lower half of vm_flags, whose bits are the same in all kernels */
	__u32 is;		/* enum event_vma_is */
	__u32 reserved;
};

/* One fault, when it is over: the record in the ring buffer. What a thread's faults mostly have in common begins with ip. */
struct event {
	__u64 ts;		/* CLOCK_MONOTONIC, ns */
	__u64 addr;		/* the address that was accessed (CR2) */
	__u64 latency;		/* ns from ts to the last return of handle_mm_fault() */
	__u64 before[EVENT_LEVELS];	/* the path at the beginning, from the PGD downwards */
	__u64 left[EVENT_LEVELS];	/* the path at the end */
	__u64 ip;		/* the instruction that accessed it */
	__u64 space;		/* identity of the address space: PFWALK_A_SPACE of kmod/uapi/pfwalk.h */
	struct event_vma vma;
	__u32 pid;		/* the process (tgid) and the thread, in pfwatch's PID namespace */
	__u32 tid;
	__u32 error_code;	/* of the exception, Intel SDM vol. 3, 4.7 */
	__u32 said;		/* VM_FAULT_*, of all calls of handle_mm_fault() */
	__s32 signal_code;
	__u16 cpu;		/* where it began */
	__u8 kernel_mode;	/* 1: in kernel mode, as copy_to_user() does */
	__u8 has;		/* enum event_has */
	__u8 before_levels;	/* entries in before[] and left[]; 0: not read */
	__u8 left_levels;
	__u8 result;		/* enum event_result */
	__u8 grew;		/* 1: the process' stacks have more pages at the end than at the beginning */
	__s32 stack;		/* its number in the map `stacks`, NO_STACK, or the negative errno of reading it */
	char comm[EVENT_COMM_LEN];
};

_Static_assert(sizeof(struct event) == 216, "struct event is an ABI between two compilers");

/* The faults of a thread that have begun, the innermost last: one in kernel mode may come in the middle of another. */
#define MAX_PENDING 2

struct pending {
	struct event event;
	__u64 regs;		/* where the registers were saved: what a fault is known by until it is over */
	__u64 stack_pages;	/* of the process, at the beginning */
};

/* A table of the lowest level, and the way to it. */
struct known_table {
	__u64 space;		/* identity of the address space, 0: there is no table here */
	__u64 tlb_gen;		/* of that, before the walk */
	__u64 region;		/* the table's part of the address space, by its place among those of its size */
	__u64 at;		/* its virtual address */
	__u64 named_by;		/* the entry that names it, */
	__u64 named_at;		/* and the virtual address of that */
	__u64 upper[EVENT_LEVELS - 1];	/* the entries above */
};

/* A mapping that was looked up. */
struct known_vma {
	__u64 space;		/* identity of the address space, 0: there is no mapping here */
	__u32 lock_seq;		/* of that, before the mapping was looked up */
	__u32 reserved;
	struct event_vma vma;
};

/* What is known of a thread from its first fault to its end. */
struct thread {
	__u64 task;		/* address of its task_struct, 0: this place is nobody's */
	__u32 number;		/* its number in the initial PID namespace */
	__u32 pid, tid;		/* those of its events */
	__u32 depth;		/* faults of pending[] that have begun and are not over */
	__u32 place;		/* where this is */
	__u32 exits;		/* 1: it was already exiting when it got the place */
	__u64 tried_regs;	/* a fault that the kernel tries to handle without the lock that it may need, or 0 */
	__u64 tried_addr;
	struct known_table known;
	struct known_vma known_vma;
	struct pending pending[MAX_PENDING];
};

/* Of the faults that began on a CPU; a cache line each. At any time seen - filtered - lost is what was put into the ring buffer, or is pending. */
struct counters {
	__u64 seen;		/* faults of the traced processes */
	__u64 lost;		/* of these, found no room in the ring buffer */
	__u64 unpaired;		/* calls of handle_mm_fault() by their threads that were for no page fault */
	__u64 unfollowed;	/* of those seen: found no room among the pending, so nothing is known of their end */
	__u64 filtered;		/* of those seen, were not asked for */
	__u64 reserved[3];
};

_Static_assert(sizeof(struct counters) == 64, "struct counters is an ABI between two compilers");

/* Values of the map `targets`, by tgid. */
enum target {
	TARGET_GIVEN,		/* by the user */
	TARGET_CHILD,		/* started by one of the targets */
};

/* Bits of record_filter.access and .modes. */
enum filter_access { FILTER_READ = 1 << 0, FILTER_WRITE = 1 << 1, FILTER_EXEC = 1 << 2 };
enum filter_mode { FILTER_USER = 1 << 0, FILTER_KERNEL = 1 << 1 };

/* Which faults are wanted. 0 everywhere: all. */
struct record_filter {
	__u64 start, length;	/* of addresses */
	__u64 min_latency;	/* ns */
	__u64 comm[EVENT_COMM_LEN / sizeof(__u64)];	/* the thread's, filled up with 0 */
	__u32 one_in;		/* one of so many, by chance */
	__u8 access;		/* enum filter_access */
	__u8 modes;		/* enum filter_mode */
	__u8 by_comm, major;	/* 1: yes */
};

_Static_assert(sizeof(struct record_filter) == 48, "struct record_filter is an ABI between two compilers");

/* Whether a fault that has come to its end is wanted; where its end was not seen nobody knows, and it isn't. */
static inline _Bool event_end_is_wanted(const volatile struct record_filter *filter, const struct event *event)
{
	if (filter->major && event->result != ENDED_MAJOR)
		return 0;
	return !filter->min_latency || (event->has & HAS_LATENCY && event->latency >= filter->min_latency);
}

#endif
