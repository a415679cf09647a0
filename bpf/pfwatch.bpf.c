// SPDX-License-Identifier: GPL-2.0-only
/* The tracer's half in the kernel: each page fault of the traced processes becomes a record in the ring buffer. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include "core_compat.bpf.h"
#include "event.h"
#include "pid_ns.bpf.h"

#define PF_FORKNOEXEC 0x00000040	/* include/linux/sched.h: forked, has not executed anything yet */

char LICENSE[] SEC("license") = "GPL";

/* Bytes in the ring buffer from which on the reader is woken. Below, it comes by its own clock. */
const volatile __u64 wake_mark;

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
	__uint(max_entries, 1);		/* raised to the number of possible CPUs at load */
	__type(key, __u32);
	__type(value, struct counters);
} stats SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u32);
} targets SEC(".maps");

/* The process in the upper half, the thread in the lower one; 0: not to be seen from where we are. */
static __always_inline __u64 current_numbers(struct task_struct *task)
{
	__u64 tgid;

	if (!pid_ns)
		return bpf_get_current_pid_tgid();
	tgid = number_in_namespace(CURRENT_READ(task, group_leader));
	return tgid ? tgid << 32 | number_in_namespace(task) : 0;
}

/* The flag is asked of the leader: each new thread of a program starts with it set again (kernel/fork.c). */
static __always_inline bool is_traced(struct task_struct *task, __u32 tgid)
{
	const __u32 *target = bpf_map_lookup_elem(&targets, &tgid);

	if (!target)
		return false;
	return *target != TARGET_AFTER_EXEC ||
	       !(CURRENT_READ(CURRENT_READ(task, group_leader), flags) & PF_FORKNOEXEC);
}

static __always_inline __u64 wakeup_flag(void)
{
	if (bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA) < wake_mark || wake_sent)
		return BPF_RB_NO_WAKEUP;
	wake_sent = 1;
	return BPF_RB_FORCE_WAKEUP;
}

/*
 * The counters are raised atomically: newer kernels run tracepoint programs with preemption on, and then another task's
 * fault may come between the load and the store of a plain increment.
 */
static __always_inline int handle_fault(unsigned long addr, struct pt_regs *regs, unsigned long error_code,
					bool kernel_mode)
{
	struct task_struct *task = current_task();
	__u64 pid_tgid = current_numbers(task);
	__u32 cpu = bpf_get_smp_processor_id();
	struct counters *counters;
	struct event *event;

	if (!is_traced(task, pid_tgid >> 32))
		return 0;
	counters = bpf_map_lookup_elem(&stats, &cpu);
	if (!counters)
		return 0;	/* never: the array has all possible CPUs */
	__sync_fetch_and_add(&counters->seen, 1);

	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		__sync_fetch_and_add(&counters->lost, 1);
		return 0;
	}
	event->ts = bpf_ktime_get_ns();
	event->addr = addr;
	event->ip = regs->ip;
	event->space = CURRENT_READ(CURRENT_READ(task, mm), context.ctx_id);
	event->pid = pid_tgid >> 32;
	event->tid = pid_tgid;
	event->error_code = error_code;
	event->cpu = cpu;
	event->kernel_mode = kernel_mode;
	event->reserved = 0;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	bpf_ringbuf_submit(event, wakeup_flag());
	return 0;
}

SEC("tp_btf/page_fault_user")
int BPF_PROG(on_page_fault_user, unsigned long addr, struct pt_regs *regs, unsigned long error_code)
{
	return handle_fault(addr, regs, error_code, false);
}

SEC("tp_btf/page_fault_kernel")
int BPF_PROG(on_page_fault_kernel, unsigned long addr, struct pt_regs *regs, unsigned long error_code)
{
	return handle_fault(addr, regs, error_code, true);
}
