/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The faults that have begun and are not over. Each thread that ever faulted has a place for its own, until it exits:
 * to make one costs more than all else at a fault. (Task storage is not for every kernel's tracing programs.)
 */
#ifndef PFWATCH_PENDING_BPF_H
#define PFWATCH_PENDING_BPF_H

#include "number.bpf.h"

#define STACK_BYTES	32768		/* no kernel stack is larger */

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);
	__type(key, __u32);		/* the thread's number in the initial PID namespace */
	__type(value, struct thread);
} threads SEC(".maps");

const volatile struct thread no_faults;

static __always_inline __u32 current_thread(void)
{
	return bpf_get_current_pid_tgid();
}

static __always_inline struct thread *find_thread(void)
{
	__u32 tid = current_thread();

	return bpf_map_lookup_elem(&threads, &tid);
}

/* NULL: there is no room. */
static __always_inline struct thread *make_thread(void)
{
	__u32 tid = current_thread();

	bpf_map_update_elem(&threads, &tid, (const void *)&no_faults, BPF_NOEXIST);
	return bpf_map_lookup_elem(&threads, &tid);
}

static __always_inline void forget_thread(void)
{
	__u32 tid = current_thread();

	bpf_map_delete_elem(&threads, &tid);
}

/* NULL: there is none. */
static __always_inline struct pending *innermost(struct thread *thread)
{
	if (!thread->depth)
		return NULL;
	return thread->depth == 1 ? &thread->pending[0] : &thread->pending[1];
}

/*
 * A thread that faults in user mode has left a pending fault behind; and so it has in kernel mode, if it is no deeper in
 * its stack than where that came from. Interrupts have stacks of their own, far away: a fault there tells nothing. How
 * deep a system call is differs from call to call (the kernel moves its stack by chance); but while the kernel handles
 * a fault of its own it makes none that it would handle, too.
 */
static __always_inline bool is_over(const struct pending *pending, __u64 regs, bool kernel_mode)
{
	return !kernel_mode || pending->event.kernel_mode ||
	       as_number((const void *)regs) - pending->regs < STACK_BYTES;
}

#endif
