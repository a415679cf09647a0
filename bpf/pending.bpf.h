/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The faults that have begun and are not over. Each thread that ever faulted has a place for its own, until it exits.
 *
 * Twice at each fault it is looked for, so that has to be cheap: the places are an array, whose lookup the verifier turns
 * into a multiplication, and a thread's is the one that its number leads to, or one of the next few, if another thread
 * has that. (A hash map's lookup takes a hundred instructions, and task storage is not for every kernel's tracing
 * programs.) Whose a place is, is decided by a hash map that takes each key once: the programs of older kernels have no
 * compare-and-exchange.
 */
#ifndef PFWATCH_PENDING_BPF_H
#define PFWATCH_PENDING_BPF_H

#include "number.bpf.h"

#define STACK_BYTES	32768		/* no kernel stack is larger */

#define PF_EXITING	0x00000004	/* include/linux/sched.h */

#define MAX_TRIES	8		/* places that a thread may have */

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 8192);	/* a power of two; raised at load where many may come to be watched */
	__type(key, __u32);
	__type(value, struct thread);
} threads SEC(".maps");

/* Those of the places that are somebody's. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8192);	/* as many */
	__type(key, __u32);
	__type(value, __u32);		/* the thread's number in the initial PID namespace */
} taken SEC(".maps");

/* The number of places less one. */
const volatile __u32 threads_mask;

/* Whether any thread has ever got another place than its first: else nobody has to be looked for there. */
bool displaced;

static __always_inline __u32 thread_place(__u32 number, __u32 try)
{
	return (number + try) & threads_mask;
}

static __always_inline struct thread *thread_at(__u32 place, __u64 task, __u32 number)
{
	struct thread *thread = bpf_map_lookup_elem(&threads, &place);

	return thread && thread->task == task && thread->number == number ? thread : NULL;
}

static __noinline struct thread *find_displaced(__u64 task, __u32 number)
{
	struct thread *thread;
	__u32 try;

	for (try = 1; try < MAX_TRIES; try++) {
		thread = thread_at(thread_place(number, try), task, number);
		if (thread)
			return thread;
	}
	return NULL;
}

/* The current thread's: nobody else looks for it, and so nobody comes between. NULL: it has none. */
static __always_inline struct thread *find_thread(void)
{
	__u64 task = bpf_get_current_task();
	__u32 number = bpf_get_current_pid_tgid();
	struct thread *thread = thread_at(thread_place(number, 0), task, number);

	return thread || !displaced ? thread : find_displaced(task, number);
}

static __always_inline bool take_place(__u32 place, __u32 number)
{
	return !bpf_map_update_elem(&taken, &place, &number, BPF_NOEXIST);
}

/*
 * Whose owner wasn't seen to leave: the current thread has its number now, and nobody else does. So is a thread's former
 * place when it executes a program and gets the number of its leader. (Who has just taken a place writes the task last.)
 */
static __always_inline bool is_left(const struct thread *thread, __u32 number)
{
	return thread->task && thread->number == number;
}

/* What is pending of the owner before stays so, and is found to be over. */
static __always_inline void begin_thread(struct thread *thread, __u32 place, __u32 number, __u64 numbers)
{
	thread->place = place;
	thread->number = number;
	thread->pid = numbers >> 32;
	thread->tid = numbers;
	thread->exits = !!(CURRENT_READ(current_task(), flags) & PF_EXITING);
	thread->tried_regs = 0;
	thread->known.space = 0;
	thread->known_vma.space = 0;
	thread->task = bpf_get_current_task();
}

/* Where the current one has no place: makes one. NULL: there is no room. Its numbers as current_numbers() has them. */
static __noinline struct thread *make_thread(__u64 numbers)
{
	__u32 number = bpf_get_current_pid_tgid(), try, place;
	struct thread *thread;

	for (try = 0; try < MAX_TRIES; try++) {
		place = thread_place(number, try);
		thread = bpf_map_lookup_elem(&threads, &place);
		if (!thread || (!take_place(place, number) && !is_left(thread, number)))
			continue;
		if (try)
			displaced = true;
		begin_thread(thread, place, number, numbers);
		return thread;
	}
	return NULL;
}

/* As current_numbers() has them. */
static __always_inline __u64 numbers_of(const struct thread *thread)
{
	return (__u64)thread->pid << 32 | thread->tid;
}

/* Nothing is pending. The place is nobody's before anybody else can have it; a map may refuse, and then it stays. */
static __always_inline void forget_thread(struct thread *thread)
{
	__u32 place = thread->place;
	__u64 task = thread->task;

	thread->task = 0;
	if (bpf_map_delete_elem(&taken, &place))
		thread->task = task;
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
