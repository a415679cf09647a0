// SPDX-License-Identifier: GPL-2.0-only
/* The kernel's half of `pfwatch tasks`: the iterator shows each thread there is, and each process becomes a record. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#include "core_compat.bpf.h"
#include "mm_counters.bpf.h"
#include "pid_ns.bpf.h"
#include "task_record.h"

#define PF_KTHREAD 0x00200000	/* include/linux/sched.h */

/* What the kernel does with a thread after the program. */
enum { NEXT = 0, AGAIN = 1 };

char LICENSE[] SEC("license") = "GPL";

/* One more than the highest CPU number. */
const volatile __u32 cpus;

/* The names it has: in our PID namespace, and the process' own. */
static __always_inline void fill_names(struct task_record *record, struct task_struct *task)
{
	struct task_struct *leader = task->group_leader;

	record->pid = pid_ns ? number_in_namespace(leader) : task->tgid;
	record->tid = pid_ns ? number_in_namespace(task) : task->pid;
	bpf_probe_read_kernel_str(record->comm, sizeof(record->comm), leader->comm);
}

static __always_inline void fill_space(struct task_record *record, struct mm_struct *mm, bool can_loop)
{
	record->task_size = mm->task_size;
	record->pgd = (__u64)mm->pgd;
	record->pgtables_bytes = mm->pgtables_bytes.counter;
	record->total_vm = mm->total_vm;
	if (can_loop && has_percpu_counters())
		read_percpu_counters(mm, record->pages, cpus);
	else
		read_atomic_counters(mm, record->pages);
}

/* A kernel thread may borrow an address space for a while. It isn't its own. */
static __always_inline struct mm_struct *own_space(struct task_struct *task)
{
	return task->flags & PF_KTHREAD ? NULL : task->mm;
}

/*
 * A process goes on when its first thread, the leader, has ended before the others; then the leader has no address
 * space, but the others do. A record of each of them is written: the reader takes the first.
 */
static __always_inline bool is_wanted(struct task_struct *task)
{
	if (task == task->group_leader)
		return true;
	return own_space(task) && !task->group_leader->mm;
}

/*
 * Nothing keeps an address space from going away while it is read. But a thread gives up its pointer to it first: if
 * it still has that in the end, all that was read was alive. Else it is asked again.
 */
static __always_inline int show(struct bpf_iter__task *ctx, bool can_loop)
{
	struct task_struct *task = ctx->task;
	struct task_record record = {};
	struct mm_struct *mm;

	if (!task || !is_wanted(task))
		return NEXT;
	mm = own_space(task);
	fill_names(&record, task);
	if (!record.pid)
		return NEXT;
	if (mm)
		fill_space(&record, mm, can_loop);
	else
		record.kind = task->flags & PF_KTHREAD ? RECORD_KERNEL_THREAD : RECORD_NO_SPACE;
	if (own_space(task) != mm)
		return AGAIN;
	bpf_seq_write(ctx->meta->seq, &record, sizeof(record));
	return NEXT;
}

SEC("iter/task")
int show_task(struct bpf_iter__task *ctx)
{
	return show(ctx, true);
}

/*
 * For kernels without bpf_loop() (before Linux 5.17, commit e6f2dd0f80674e9d5960337b3e9c2a242441b326). A call of it is
 * refused there even where it is never reached, since it has a pointer to a function. They have no per-CPU counters.
 */
SEC("iter/task")
int show_task_old(struct bpf_iter__task *ctx)
{
	return show(ctx, false);
}
