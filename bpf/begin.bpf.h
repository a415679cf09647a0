/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The beginning of a fault: it is pending from then on; or it is made a record right away, where nothing will tell of its
 * end.
 */
#ifndef PFWATCH_BEGIN_BPF_H
#define PFWATCH_BEGIN_BPF_H

#include "paths.bpf.h"
#include "record.bpf.h"
#include "stack.bpf.h"

/* Whether anything tells of the end of a fault. If not, its record is made at its beginning. */
const volatile bool sees_end;

/* Whether a fault is seen to begin when the kernel handles it, and not when the processor raises it. */
const volatile bool begins_at_call;

/* A fault when it begins: what a hook tells of it. */
struct beginning {
	__u64 addr;
	__u64 regs;		/* where the registers are saved: a pointer, to the verifier */
	__u64 ip;
	__u32 error_code;
	__u32 cpu;
	bool kernel_mode;
};

/* The processor's bit for it, where only the kernel is asked: whether there was an entry for a page. */
static __always_inline __u32 present_bit(const struct event *event)
{
	__u32 last = event->before_levels - 1;

	return last < EVENT_LEVELS && event->before[last] & WALK_PRESENT ? ERROR_PRESENT : 0;
}

/* What is behind the end of the name may be anything. */
static __always_inline void take_comm(struct event *event, struct task_struct *task)
{
	const __u64 *comm = (const __u64 *)task->comm;
	__u64 *to = (__u64 *)event->comm;

	if (!has_current_task_btf()) {
		bpf_get_current_comm(event->comm, sizeof(event->comm));
		return;
	}
	to[0] = comm[0];
	to[1] = comm[1];
}

/* All but the path. */
static __always_inline void fill_event(void *ctx, struct event *event, struct task_struct *task,
				       struct mm_struct *mm, __u64 numbers, const struct beginning *fault)
{
	event->ts = bpf_ktime_get_ns();
	event->addr = fault->addr;
	event->ip = fault->ip;
	event->space = CURRENT_READ(mm, context.ctx_id);
	event->pid = numbers >> 32;
	event->tid = numbers;
	event->error_code = fault->error_code;
	event->said = 0;
	event->signal_code = 0;
	event->cpu = fault->cpu;
	event->kernel_mode = fault->kernel_mode;
	event->has = 0;
	event->left_levels = 0;
	event->result = ENDED;
	event->grew = 0;
	event->stack = takes_stacks ? take_stack(ctx, task) : NO_STACK;
	take_comm(event, task);
}

/* Neither handle_mm_fault() nor a signal will tell of it. */
static __always_inline bool ends_unseen(struct task_struct *task, const struct beginning *fault)
{
	return fault->kernel_mode && ((__s64)fault->addr < 0 || page_faults_disabled(task));
}

static __always_inline void end_those_left_behind(struct thread *thread, const struct beginning *fault)
{
	struct pending *pending;

#pragma unroll
	for (int i = 0; i < MAX_PENDING; i++) {
		pending = innermost(thread);
		if (!pending || !is_over(pending, fault->regs, fault->kernel_mode))
			return;
		end_fault(thread, pending);
	}
}

/* A place for one more fault of this thread. NULL: there is none. */
static __always_inline struct pending *begin_pending(struct thread *thread, const struct beginning *fault)
{
	end_those_left_behind(thread, fault);
	/* The kernel's own access that came to nothing, deeper in the stack than this one: faults don't nest further. */
	if (thread->depth >= MAX_PENDING)
		end_fault(thread, &thread->pending[MAX_PENDING - 1]);
	thread->depth++;
	return innermost(thread);
}

/* A mapping at the end doesn't tell whether it grew; this does. */
static __always_inline __u64 stack_pages(struct mm_struct *mm)
{
	return CURRENT_READ(mm, stack_vm);
}

/* What is known of it at its beginning, until it is over. */
static __always_inline void fill_pending(void *ctx, struct thread *thread, struct pending *pending,
					 struct task_struct *task, __u64 numbers, const struct beginning *fault)
{
	struct mm_struct *mm = CURRENT_READ(task, mm);
	struct event *event = &pending->event;

	pending->regs = fault->regs;
	pending->stack_pages = stack_pages(mm);
	fill_event(ctx, event, task, mm, numbers, fault);
	event->before_levels = read_path_of(&thread->known, mm, event->space, fault->addr, event->before);
	if (begins_at_call)
		event->error_code |= present_bit(event);
}

/* What ends now is not that fault, but one before it, of which no end was seen. */
static __always_inline int pass_over(struct task_struct *task, struct thread *thread, const struct beginning *fault)
{
	if (thread && !ends_unseen(task, fault))
		end_those_left_behind(thread, fault);
	COUNT_OF(fault->cpu, filtered);
	return 0;
}

/* Nothing more will be known of it than now, when it begins. */
static __always_inline int report_beginning(void *ctx, struct task_struct *task, __u64 numbers,
					    const struct beginning *fault, bool is_over)
{
	struct mm_struct *mm = CURRENT_READ(task, mm);
	struct event *event;

	if (!only_tgid && (filter.major || filter.min_latency)) {
		COUNT_OF(fault->cpu, filtered);
		return 0;
	}
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		COUNT_OF(fault->cpu, lost);
		return 0;
	}
	fill_event(ctx, event, task, mm, numbers, fault);
	event->before_levels = read_path(mm, fault->addr, event->before);
	if (begins_at_call)
		event->error_code |= present_bit(event);
	event->has = is_over ? HAS_END : 0;
	bpf_ringbuf_submit(event, wakeup_flag());
	return 0;
}

static __always_inline int begin_traced(void *ctx, struct task_struct *task, struct thread *thread, __u64 numbers,
					const struct beginning *fault)
{
	struct pending *pending;
	bool unseen;

	COUNT_OF(fault->cpu, seen);
	if (filters && !only_tgid && !is_wanted(fault->addr, fault->error_code, fault->kernel_mode))
		return pass_over(task, thread, fault);
	unseen = ends_unseen(task, fault);
	if (!sees_end || unseen)
		return report_beginning(ctx, task, numbers, fault, unseen);
	if (!thread)
		thread = make_thread(numbers);
	pending = thread ? begin_pending(thread, fault) : NULL;
	if (!pending) {
		COUNT_OF(fault->cpu, unfollowed);
		return report_beginning(ctx, task, numbers, fault, unseen);
	}
	fill_pending(ctx, thread, pending, task, numbers, fault);
	return 0;
}

/* NULL: it has no place yet, or that it has one doesn't say that it is watched: it may have left a cgroup. */
static __always_inline struct thread *find_watched(void)
{
	return sees_end && !watch_cgroup && !only_tgid ? find_thread() : NULL;
}

static __always_inline int begin_fault(void *ctx, const struct beginning *fault)
{
	struct task_struct *task = current_task();
	struct thread *thread = find_watched();
	__u64 numbers = thread ? numbers_of(thread) : current_numbers(task);

	if ((!thread && !is_traced(task, numbers >> 32)) || (takes_stacks && reads_stack(fault->kernel_mode)))
		return 0;
	return begin_traced(ctx, task, thread ? thread : find_thread(), numbers, fault);
}

/* ---- where the tracepoints can't be hooked: the first call of handle_mm_fault() for it ---- */

#define FAULT_FLAG_VMA_LOCK	0x1000	/* include/linux/mm_types.h, since Linux 6.4; no flag before */

/*
 * The kernel calls again for the same fault when it had to let go of a lock to wait, and says so. Without saying so it
 * does when it tried with the lock of the mapping alone, which the call could not do with.
 */
static __always_inline bool is_again(struct thread *thread, __u64 numbers, __u64 addr, unsigned int flags,
				     struct pt_regs *regs)
{
	if (flags & FAULT_FLAG_TRIED)
		return true;
	if (thread && !(flags & FAULT_FLAG_VMA_LOCK) && thread->tried_regs == (__u64)regs && thread->tried_addr == addr)
		return true;
	if (!thread && flags & FAULT_FLAG_VMA_LOCK)
		thread = make_thread(numbers);
	if (thread) {
		thread->tried_regs = flags & FAULT_FLAG_VMA_LOCK ? (__u64)regs : 0;
		thread->tried_addr = addr;
	}
	return false;
}

static __always_inline __u32 error_code_of(unsigned int flags)
{
	return (flags & FAULT_FLAG_WRITE ? ERROR_WRITE : 0) | (flags & FAULT_FLAG_USER ? ERROR_USER : 0) |
	       (flags & FAULT_FLAG_INSTRUCTION ? ERROR_FETCH : 0);
}

static __always_inline int begin_at_call(void *ctx, __u64 addr, unsigned int flags, struct pt_regs *regs)
{
	struct beginning fault = { .addr = addr, .regs = (__u64)regs, .error_code = error_code_of(flags),
				   .cpu = bpf_get_smp_processor_id(), .kernel_mode = !(flags & FAULT_FLAG_USER) };
	struct task_struct *task = current_task();
	__u64 numbers = current_numbers(task);

	if (!regs || !is_traced(task, numbers >> 32) || is_again(find_thread(), numbers, addr, flags, regs))
		return 0;
	fault.ip = BPF_CORE_READ(regs, ip);
	return begin_traced(ctx, task, find_thread(), numbers, &fault);
}

#endif
