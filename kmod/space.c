// SPDX-License-Identifier: GPL-2.0-only
/* From a PID to the address space that is meant, and a reference on it. */
#include <linux/err.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

#include "compat.h"
#include "space.h"

/*
 * A thread group's address space. Its leader may have ended before the others, and then has none any more.
 * p->signal stays with the task_struct, so the thread list can be walked under RCU.
 */
static struct mm_struct *group_mm(struct task_struct *task)
{
	struct mm_struct *mm = get_task_mm(task);
	struct task_struct *thread;

	if (mm || task->flags & PF_KTHREAD)
		return mm;
	rcu_read_lock();
	for_each_thread(task, thread) {
		mm = get_task_mm(thread);
		if (mm)
			break;
	}
	rcu_read_unlock();
	return mm;
}

/**
 * space_get() - a reference on the address space of a process
 * @pid: any thread of it
 * @space: the identity of the one that is meant (PFWALK_A_SPACE), or 0 for whatever it has now; set to what it was
 *
 * Return: the address space, to be given back with space_put(); -ESRCH if there is no such process any more, -ENXIO
 * if it has no address space (a kernel thread, or it has exited), -ESTALE if it isn't the one meant.
 */
struct mm_struct *space_get(struct pid *pid, u64 *space)
{
	struct task_struct *task = get_pid_task(pid, PIDTYPE_PID);
	struct mm_struct *mm;

	if (!task)
		return ERR_PTR(-ESRCH);
	mm = group_mm(task);
	if (!mm) {
		mm = ERR_PTR(-ENXIO);
	} else if (*space && *space != mm_identity(mm)) {
		space_put(mm);
		mm = ERR_PTR(-ESTALE);
	} else {
		*space = mm_identity(mm);
	}
	put_task_struct(task);
	return mm;
}

/* Never tears the address space down itself: exit_mmap() of another process may take long, and wait. */
void space_put(struct mm_struct *mm)
{
	mmput_async(mm);
}
