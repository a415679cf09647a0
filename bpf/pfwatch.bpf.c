// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tracer's half in the kernel: each page fault of the traced processes becomes a record in the ring buffer, when it
 * is over.
 *
 * A fault begins at the tracepoint, and is pending from then on. It is over when handle_mm_fault() has returned and
 * doesn't want to be called again; where that ended badly, or was never called because the address is none, when a
 * signal about the address is sent to its thread. Or without any word (the kernel's own accesses are fixed up; a fault
 * may turn out to be none): then it is found to be over when its thread faults again, or exits.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include "core_compat.bpf.h"
#include "event.h"
#include "filter.bpf.h"
#include "paths.bpf.h"
#include "pending.bpf.h"
#include "stack.bpf.h"
#include "targets.bpf.h"
#include "vma.bpf.h"
#include "walk.bpf.h"

#define SIGBUS		7
#define SIGSEGV		11

char LICENSE[] SEC("license") = "GPL";

/* Bytes in the ring buffer from which on the reader is woken. Below, it comes by its own clock. */
const volatile __u64 wake_mark;

/* Whether anything tells of the end of a fault. If not, its record is made at its beginning. */
const volatile bool sees_end;

/* Whether a fault is seen to begin when the kernel handles it, and not when the processor raises it. */
const volatile bool begins_at_call;

/* Set by the first record above the mark, cleared by the reader before it drains: one wake-up a drain, not one a fault
 * (a wake-up costs more than all else here). That it is raced for does no harm: the clock is behind it. */
__u32 wake_sent;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 16 * 1024 * 1024);
} events SEC(".maps");

/* Indexed by CPU. An array, whose lookup every kernel's verifier inlines; that of a per-CPU array it doesn't. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);		/* raised to the number of possible CPUs at load */
	__type(key, __u32);
	__type(value, struct counters);
} stats SEC(".maps");

static __always_inline __u64 wakeup_flag(void)
{
	if (bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA) < wake_mark || wake_sent)
		return BPF_RB_NO_WAKEUP;
	wake_sent = 1;
	return BPF_RB_FORCE_WAKEUP;
}

/*
 * Of a CPU; the array has all that are possible. Raised atomically: newer kernels run tracepoint programs with preemption
 * on, and then another task's fault may come between the load and the store of a plain increment.
 */
#define COUNT_OF(cpu_number, counter) do {							\
	__u32 __cpu = (cpu_number);								\
	struct counters *__counters = bpf_map_lookup_elem(&stats, &__cpu);			\
	if (__counters)										\
		__sync_fetch_and_add(&__counters->counter, 1);					\
} while (0)

#define COUNT(counter) COUNT_OF(bpf_get_smp_processor_id(), counter)

/* ---- the beginning ---- */

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

/* Copied by loads and stores: bpf_ringbuf_output() copies byte by byte. */
static __noinline int submit(const struct event *event)
{
	struct event *record = bpf_ringbuf_reserve(&events, sizeof(*record), 0);

	if (!record) {
		COUNT_OF(event->cpu, lost);
		return 0;
	}
	*record = *event;
	bpf_ringbuf_submit(record, wakeup_flag());
	return 0;
}

/* The innermost pending fault of a thread is over. */
static __always_inline void end_fault(struct thread *thread, struct pending *pending)
{
	pending->event.has |= HAS_END;
	if (only_tgid || event_end_is_wanted(&filter, &pending->event))
		submit(&pending->event);
	else
		COUNT_OF(pending->event.cpu, filtered);
	thread->depth--;
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

/* ---- the beginning, where the tracepoints can't be hooked: the first call of handle_mm_fault() for it ---- */

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

/* ---- the end ---- */

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

/* Of the current thread, the fault whose registers are there. One within it that nobody has spoken of is over. */
static __always_inline struct pending *pending_of(struct thread *thread, struct pt_regs *regs)
{
	struct pending *pending = innermost(thread);

	if (pending && pending->regs != (__u64)regs && thread->depth == 2 && thread->pending[0].regs == (__u64)regs) {
		end_fault(thread, pending);
		pending = &thread->pending[0];
	}
	return pending && pending->regs == (__u64)regs ? pending : NULL;
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
	pending = pending_of(thread, regs);
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

/* ---- the end, where handle_mm_fault() can't be hooked: its counting of the fault, just before it returns ---- */

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

/* As pending_of(), by the address. */
static __always_inline struct pending *pending_at(struct thread *thread, __u64 addr)
{
	struct pending *pending = innermost(thread);

	if (pending && pending->event.addr != addr && thread->depth == 2 && thread->pending[0].event.addr == addr) {
		end_fault(thread, pending);
		pending = &thread->pending[0];
	}
	return pending && pending->event.addr == addr ? pending : NULL;
}

static __always_inline int end_counted(__u64 addr, enum event_result result, bool finds_vma)
{
	struct thread *thread = find_thread();
	struct pending *pending;
	struct mm_struct *mm;
	struct event *event;

	if (!thread)
		return 0;
	pending = pending_at(thread, addr);
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

/* ---- the end, by a signal ---- */

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

/* ---- the kernel's hooks ---- */

SEC("tp_btf/page_fault_user")
int BPF_PROG(on_page_fault_user, unsigned long addr, struct pt_regs *regs, unsigned long error_code)
{
	const struct beginning fault = {
		.addr = addr, .regs = (__u64)regs, .ip = regs->ip, .error_code = error_code,
		.cpu = bpf_get_smp_processor_id(),
	};

	return begin_fault(ctx, &fault);
}

SEC("tp_btf/page_fault_kernel")
int BPF_PROG(on_page_fault_kernel, unsigned long addr, struct pt_regs *regs, unsigned long error_code)
{
	const struct beginning fault = {
		.addr = addr, .regs = (__u64)regs, .ip = regs->ip, .error_code = error_code,
		.cpu = bpf_get_smp_processor_id(), .kernel_mode = true,
	};

	return begin_fault(ctx, &fault);
}

SEC("kprobe/handle_mm_fault")
int BPF_KPROBE(on_handle, struct vm_area_struct *vma, unsigned long addr, unsigned int flags, struct pt_regs *regs)
{
	return begin_at_call(ctx, addr, flags, regs);
}

/* regs: NULL where the page was not asked for by a fault (get_user_pages()). */
SEC("fexit/handle_mm_fault")
int BPF_PROG(on_handled, struct vm_area_struct *vma, unsigned long addr, unsigned int flags, struct pt_regs *regs,
	     unsigned int said)
{
	return end_call(vma, flags, regs, said, false);
}

SEC("perf_event")
int on_minor(struct bpf_perf_event_data *ctx)
{
	return end_counted(ctx->addr, ENDED_MINOR, true);
}

SEC("perf_event")
int on_major(struct bpf_perf_event_data *ctx)
{
	return end_counted(ctx->addr, ENDED_MAJOR, true);
}

/* Before bpf_find_vma() (Linux 5.17, commit 7c7e3d31e7856a8260a254f8c71db416f7f9f5a1) the mapping remains unknown. */
SEC("perf_event")
int on_minor_alone(struct bpf_perf_event_data *ctx)
{
	return end_counted(ctx->addr, ENDED_MINOR, false);
}

SEC("perf_event")
int on_major_alone(struct bpf_perf_event_data *ctx)
{
	return end_counted(ctx->addr, ENDED_MAJOR, false);
}

SEC("tp_btf/signal_generate")
int BPF_PROG(on_signal, int signal, struct kernel_siginfo *info, struct task_struct *task)
{
	return end_by_signal(signal, info, task);
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit)
{
	return end_task();
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	return follow_child(parent, child);
}

/* ---- once more ---- */

/*
 * A program of these kinds isn't run on a CPU where it has been begun and is not over (kernel/bpf/trampoline.c:
 * __bpf_prog_enter_recur(), kernel/trace/bpf_trace.c: __bpf_trace_run()). Where the kernel preempts a task in the middle
 * of one, what the next tasks do there would go by unseen until that task goes on. Then the next program sees it; if
 * there was no need, it finds that all is done. Of ends of faults, which take longest and are most, one program misses
 * 2 in 100 where eight tasks share two processors of the emulated machine; two, 2 in 10,000.
 */
SEC("fexit/handle_mm_fault")
int BPF_PROG(on_handled_again, struct vm_area_struct *vma, unsigned long addr, unsigned int flags,
	     struct pt_regs *regs, unsigned int said)
{
	return end_call(vma, flags, regs, said, true);
}

SEC("fexit/handle_mm_fault")
int BPF_PROG(on_handled_at_last, struct vm_area_struct *vma, unsigned long addr, unsigned int flags,
	     struct pt_regs *regs, unsigned int said)
{
	return end_call(vma, flags, regs, said, true);
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit_again)
{
	return end_task();
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork_again, struct task_struct *parent, struct task_struct *child)
{
	return follow_child(parent, child);
}
