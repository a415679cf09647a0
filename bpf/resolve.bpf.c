// SPDX-License-Identifier: GPL-2.0-only
/* The half in the kernel of the walker without a module: an iterator over tasks that reads paths of one of them. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#include "pid_ns.bpf.h"
#include "resolve.h"
#include "walk.bpf.h"

#define PF_KTHREAD 0x00200000	/* include/linux/sched.h */

/* What the kernel does with a thread after the program. */
enum { NEXT = 0, AGAIN = 1 };

char LICENSE[] SEC("license") = "GPL";

struct resolve resolve;

/* A kernel thread may borrow an address space for a while. It isn't its own. */
static __always_inline struct mm_struct *own_space(struct task_struct *task)
{
	return task->flags & PF_KTHREAD ? NULL : task->mm;
}

static __always_inline __u32 pid_of(struct task_struct *task)
{
	return pid_ns ? number_in_namespace(task->group_leader) : task->tgid;
}

/*
 * Not inlined and not static: the verifier looks at such a function by itself, and once, not anew with each address.
 * The path goes by way of the stack: where n is in shared memory, nothing is known of it.
 */
__noinline int walk_one(__u64 pgd, __u32 i)
{
	struct resolved_path path = {};

	if (i >= RESOLVE_MAX)
		return 1;
	path.n = walk_tables(pgd, resolve.addr[i], path.entry);
	path.changed = walk_has_changed(pgd, resolve.addr[i], path.entry, path.n);
	resolve.path[i] = path;
	return 0;
}

static __always_inline void walk_chunk(__u64 pgd)
{
	__u32 first = resolve.done, i;

	for (i = 0; i < RESOLVE_CHUNK; i++) {
		if (first + i >= resolve.n || walk_one(pgd, first + i))
			break;
	}
}

/*
 * Nothing keeps an address space from going away while it is read. But a thread gives up its pointer to it first: if
 * it still has that in the end, all that was read was alive. Else it is asked again.
 */
static __always_inline int resolve_in(struct task_struct *task, struct mm_struct *mm)
{
	__u64 time = bpf_ktime_get_ns();

	walk_chunk((__u64)BPF_CORE_READ(mm, pgd));	/* read like this it is a number, not a pointer of some type */
	if (task->mm != mm)
		return AGAIN;
	resolve.time = time;
	resolve.done += RESOLVE_CHUNK;
	resolve.status = resolve.done < resolve.n ? RESOLVE_WALKING : RESOLVE_DONE;
	return resolve.status == RESOLVE_DONE ? NEXT : AGAIN;
}

/* A process whose leader has ended goes on in its other threads: they come later, and have what it lacks. */
SEC("iter/task")
int resolve_task(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct mm_struct *mm;
	__u64 space;

	if (!task || resolve.status == RESOLVE_DONE || pid_of(task) != resolve.pid)
		return NEXT;
	mm = own_space(task);
	if (!mm) {
		if (resolve.status == RESOLVE_NO_PROCESS)
			resolve.status = RESOLVE_NO_SPACE;
		return NEXT;
	}
	space = mm->context.ctx_id;
	if (!resolve.space)
		resolve.space = space;
	if (resolve.space != space) {
		resolve.status = RESOLVE_OTHER_SPACE;
		return NEXT;
	}
	return resolve_in(task, mm);
}
