/* SPDX-License-Identifier: GPL-2.0-only */
/* The end of a fault, by whatever tells of it: it becomes a record. */
#ifndef PFWATCH_END_BPF_H
#define PFWATCH_END_BPF_H

#include "begin.bpf.h"
#include "vma.bpf.h"

#define SIGBUS		7
#define SIGSEGV		11

/* ---- handle_mm_fault() returns ---- */

/* A thread that faults while it exits, behind the exit's tracepoint, has no other occasion to give its place back. */
static __always_inline void end_and_leave(struct thread *thread, struct pending *pending)
{
	end_fault(thread, pending);
	if (!thread->depth && thread->exits)
		forget_thread(thread);
}

/* What the kernel counts as major: it had to read something, or to begin again (mm/memory.c: mm_account_fault()). */
static __always_inline enum event_result result_of(__u32 said, __u32 flags)
{
	if (said & VM_FAULT_OOM)
		return ENDED_OOM;
	if (said & (VM_FAULT_SIGBUS | VM_FAULT_HWPOISON | VM_FAULT_HWPOISON_LARGE))
		return ENDED_SIGBUS;
	if (said & VM_FAULT_SIGSEGV)
		return ENDED_SEGV;
	return said & VM_FAULT_MAJOR || flags & FAULT_FLAG_TRIED ? ENDED_MAJOR : ENDED_MINOR;
}

static __always_inline void note_growth(struct pending *pending, struct mm_struct *mm)
{
	pending->event.grew = stack_pages(mm) > pending->stack_pages;
	pending->event.has |= HAS_GROWTH;
}

/* The same address space: a thread has none else until it executes a program, and takes no fault in the middle of it. */
static __always_inline void read_left(struct thread *thread, struct mm_struct *mm, struct event *event)
{
	event->left_levels = read_path_of(&thread->known, mm, event->space, event->addr, event->left);
}

static __always_inline void note_latency(struct event *event)
{
	event->latency = bpf_ktime_get_ns() - event->ts;
	event->has |= HAS_LATENCY;
}

static __always_inline bool has_regs(const struct pending *pending, __u64 regs)
{
	return pending->regs == regs;
}

static __always_inline bool has_addr(const struct pending *pending, __u64 addr)
{
	return pending->event.addr == addr;
}

/* Of the current thread, the fault that a hook knows by something. One within it that nobody has spoken of is over. */
static __always_inline struct pending *pending_by(struct thread *thread, bool (*has)(const struct pending *, __u64),
						  __u64 something)
{
	struct pending *pending = innermost(thread);

	if (pending && !has(pending, something) && thread->depth == 2 && has(&thread->pending[0], something)) {
		end_fault(thread, pending);
		pending = &thread->pending[0];
	}
	return pending && has(pending, something) ? pending : NULL;
}

/* A signal follows in user mode, and knows more. */
static __always_inline bool gets_signal(const struct event *event)
{
	return !event->kernel_mode && (event->result == ENDED_SEGV || event->result == ENDED_SIGBUS);
}

/* again: whoever was here first has counted what was for no fault. */
static __always_inline int end_call(struct vm_area_struct *vma, unsigned int flags, struct pt_regs *regs, __u32 said,
				    bool again)
{
	struct thread *thread = find_thread();
	struct pending *pending;
	struct mm_struct *mm;
	struct event *event;

	if (!thread)
		return 0;
	if (!regs) {
		if (!again)
			COUNT(unpaired);
		return 0;
	}
	if (begins_at_call && !(said & VM_FAULT_RETRY))
		thread->tried_regs = 0;
	pending = pending_by(thread, has_regs, (__u64)regs);
	if (!pending)
		return 0;
	event = &pending->event;
	event->said |= said;
	event->has |= HAS_SAID;
	note_latency(event);
	if (said & VM_FAULT_RETRY)
		return 0;
	mm = CURRENT_READ(current_task(), mm);
	event->result = result_of(said, flags);
	note_growth(pending, mm);
	read_left(thread, mm, event);
	if (describe_vma(&event->vma, vma, mm, event->addr))
		event->has |= HAS_VMA;
	if (!gets_signal(event))
		end_and_leave(thread, pending);
	return 0;
}

/* ---- where that can't be hooked: its counting of the fault, just before it returns ---- */

struct found_vma {
	struct event_vma vma;
	__u64 addr;
	bool found;
};

static long take_vma(struct task_struct *task, struct vm_area_struct *vma, void *context)
{
	struct found_vma *to = context;

	to->found = describe_vma(&to->vma, vma, vma->vm_mm, to->addr);
	return 0;
}

/* The fault holds the mapping; but it is only looked up where the lock of all of them is not wanted by a writer. */
static __noinline bool look_up_vma(struct known_vma *known, __u64 space, __u64 addr, __u32 seq)
{
	struct found_vma found = { .addr = addr };

	bpf_find_vma(bpf_get_current_task_btf(), addr, take_vma, &found, 0);
	if (!known || !found.found)
		return false;
	known->vma = found.vma;
	known->lock_seq = seq;
	known->space = space;
	return true;
}

/*
 * Nobody changes a mapping but with the lock of all of them, for writing; so what was looked up is still true if nobody
 * has had that since. Only a stack once grew without it (up to Linux 6.4). The number is read before the look-up: of a
 * writer in between it would be an old one, which doesn't come again.
 */
static __always_inline bool is_known_vma(const struct known_vma *known, __u64 space, __u64 addr, __u32 seq)
{
	return counts_writers() && known->lock_seq == seq && known->space == space && addr >= known->vma.start &&
	       addr < known->vma.end && !(known->vma.flags & VM_GROWSDOWN);
}

/*
 * To look up is to be avoided: newer kernels count with interrupts off, and there bpf_find_vma() gives its lock back by
 * an interrupt to its own CPU, which on a virtual machine takes ten times as long as everything else here.
 */
static __always_inline void find_vma(struct known_vma *known, struct mm_struct *mm, struct event *event)
{
	__u32 seq = lock_seq(mm);

	if (!is_known_vma(known, event->space, event->addr, seq) &&
	    !look_up_vma(known, event->space, event->addr, seq))
		return;
	event->vma = known->vma;
	event->has |= HAS_VMA;
}

static __always_inline int end_counted(__u64 addr, enum event_result result, bool finds_vma)
{
	struct thread *thread = find_thread();
	struct pending *pending;
	struct mm_struct *mm;
	struct event *event;

	if (!thread)
		return 0;
	pending = pending_by(thread, has_addr, addr);
	if (!pending)
		return 0;
	event = &pending->event;
	mm = CURRENT_READ(current_task(), mm);
	event->result = result;
	note_latency(event);
	note_growth(pending, mm);
	read_left(thread, mm, event);
	if (finds_vma)
		find_vma(&thread->known_vma, mm, event);
	end_and_leave(thread, pending);
	return 0;
}

/* ---- a signal ---- */

/*
 * Sent by the kernel because of this address. Not all that is called info points to one: SEND_SIG_NOINFO and
 * SEND_SIG_PRIV are 0 and 1, which read as 0.
 */
static __always_inline bool is_about(struct kernel_siginfo *info, const struct event *event)
{
	__u64 addr = (__u64)BPF_CORE_READ(info, _sifields._sigfault._addr);

	return BPF_CORE_READ(info, si_code) > 0 && addr >> WALK_PAGE_SHIFT == event->addr >> WALK_PAGE_SHIFT;
}

static __always_inline int end_by_signal(int signal, struct kernel_siginfo *info, struct task_struct *task)
{
	struct pending *pending;
	struct thread *thread;
	struct event *event;

	if ((signal != SIGSEGV && signal != SIGBUS) || (__u64)task != bpf_get_current_task())
		return 0;
	thread = find_thread();
	if (!thread)
		return 0;
	pending = innermost(thread);
	if (!pending || !is_about(info, &pending->event))
		return 0;
	event = &pending->event;
	event->result = signal == SIGSEGV ? ENDED_SEGV : ENDED_SIGBUS;
	event->signal_code = BPF_CORE_READ(info, si_code);
	if (!event->left_levels)
		read_left(thread, CURRENT_READ(current_task(), mm), event);
	end_fault(thread, pending);
	return 0;
}

/* ---- the end of the thread ---- */

static __always_inline int end_thread(void)
{
	struct thread *thread = find_thread();
	struct pending *pending;

	if (!thread)
		return 0;
#pragma unroll
	for (int i = 0; i < MAX_PENDING; i++) {
		pending = innermost(thread);
		if (pending)
			end_fault(thread, pending);
	}
	forget_thread(thread);
	return 0;
}

/* With the last one its process. What it did is in the buffer before it is told to be gone. */
static __always_inline int end_task(void)
{
	end_thread();
	if (follows)
		leave_targets(current_task());
	return 0;
}

#endif
