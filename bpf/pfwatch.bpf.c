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

#include "begin.bpf.h"
#include "end.bpf.h"
#include "targets.bpf.h"

char LICENSE[] SEC("license") = "GPL";

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
