/* SPDX-License-Identifier: GPL-2.0-only */
/* Whose faults are watched: processes by number, with what they start, those of a cgroup, or all. */
#ifndef PFWATCH_TARGETS_BPF_H
#define PFWATCH_TARGETS_BPF_H

#include "pid_ns.bpf.h"

#define PF_FORKNOEXEC	0x00000040	/* include/linux/sched.h: forked, has not executed anything yet */

const volatile bool watch_all, watch_cgroup;

/* Whether what a target starts is one, too. */
const volatile bool follows;

/* pfwatch itself, which is never among all. */
const volatile __u32 own_tgid;

/* While it is not 0, this process' faults alone: until it is told to start, pfwatch's own, or nobody's. */
__u32 only_tgid;

/* Our own child, which is watched from its first execve() on: what it does to get there is ours. 0: there is none. */
__u32 starting_tgid;

/* Processes that were found to be started by a watched one, and have not ended. */
__u64 followed;

/* Of these, found no room among the targets. */
__u64 not_followed;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);	/* raised at load where children are followed */
	__type(key, __u32);
	__type(value, __u32);		/* enum target */
} targets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_CGROUP_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} cgroups SEC(".maps");

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
static __always_inline bool has_executed(struct task_struct *task)
{
	return !(CURRENT_READ(CURRENT_READ(task, group_leader), flags) & PF_FORKNOEXEC);
}

/* Of the current task, tgid: its process; 0: not visible from here. */
static __always_inline bool is_traced(struct task_struct *task, __u32 tgid)
{
	if (only_tgid)
		return tgid == only_tgid;
	if (tgid == starting_tgid && !(tgid && has_executed(task)))
		return false;
	if (watch_cgroup)
		return tgid != own_tgid && bpf_current_task_under_cgroup(&cgroups, 0) == 1;
	if (watch_all)
		return tgid != own_tgid;
	return bpf_map_lookup_elem(&targets, &tgid);
}

static __always_inline __u32 number_of_process(struct task_struct *task)
{
	return pid_ns ? number_in_namespace(task) : (__u32)task->tgid;
}

/*
 * A watched process has made another one, which has not run yet. A thread is none. It is one of them already
 * if this is asked twice, or if the child that had its number before was not seen to end.
 */
static __always_inline int follow_child(struct task_struct *parent, struct task_struct *child)
{
	struct task_struct *task = current_task();
	const __u32 target = TARGET_CHILD;
	const __u32 *known;
	__u32 tgid;

	if (child->tgid == parent->tgid || !is_traced(task, current_numbers(task) >> 32))
		return 0;
	tgid = number_of_process(child);
	if (!tgid)
		return 0;
	known = bpf_map_lookup_elem(&targets, &tgid);
	if (known && *known == TARGET_CHILD)
		return 0;
	if (bpf_map_update_elem(&targets, &tgid, &target, BPF_ANY))
		__sync_fetch_and_add(&not_followed, 1);
	else
		__sync_fetch_and_add(&followed, 1);
	return 0;
}

/*
 * The current thread ends, and with the last one its process: its number may be another's from now on. Of two threads
 * that end at once both may be the last one here, but only one of them finds the entry.
 */
static __always_inline void leave_targets(struct task_struct *task)
{
	__u32 tgid = current_numbers(task) >> 32;
	const __u32 *target = bpf_map_lookup_elem(&targets, &tgid);

	if (!target || *target != TARGET_CHILD || BPF_CORE_READ(task, signal, live.counter))
		return;
	if (!bpf_map_delete_elem(&targets, &tgid))
		__sync_fetch_and_sub(&followed, 1);
}

#endif
