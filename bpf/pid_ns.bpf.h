/* SPDX-License-Identifier: GPL-2.0-only */
/* Processes under the numbers that they have where pfwatch runs, which may be a container. */
#ifndef PFWATCH_PID_NS_BPF_H
#define PFWATCH_PID_NS_BPF_H

/* Inode number of the PID namespace that processes are named in; 0: the initial one, whose numbers are at hand. */
const volatile __u32 pid_ns;

#define MAX_PID_NS_LEVEL 32	/* include/linux/pid_namespace.h */

/*
 * The number of a task in our PID namespace, or 0 if it isn't visible there. numbers[] is a flexible array, in older
 * kernels one of a single element: reached by offset.
 */
static __always_inline __u32 number_in_namespace(struct task_struct *task)
{
	struct pid *pid = BPF_CORE_READ(task, thread_pid);
	const char *numbers = (const char *)pid + bpf_core_field_offset(struct pid, numbers);
	unsigned int level = BPF_CORE_READ(pid, level), i;

	for (i = 0; i <= MAX_PID_NS_LEVEL; i++) {
		const struct upid *upid = (const void *)(numbers + i * bpf_core_type_size(struct upid));

		if (i > level)
			break;
		if (BPF_CORE_READ(upid, ns, ns.inum) == pid_ns)
			return BPF_CORE_READ(upid, nr);
	}
	return 0;
}

#endif
