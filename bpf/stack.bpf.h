/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The user stack of a faulting thread, by its frame pointers; of a fault in kernel mode, that at the system call. Each
 * is kept once, under a number that is a hash of it: nothing is ever taken out of the map, so a number means one stack.
 */
#ifndef PFWATCH_STACK_BPF_H
#define PFWATCH_STACK_BPF_H

/* Whether anybody asks; if not, neither of the functions below is to be called. */
const volatile bool takes_stacks;

/* One entry, unless somebody asks. */
struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, MAX_STACK * sizeof(__u64));
} stacks SEC(".maps");

/* The threads whose stacks are being read. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, __u32);
	__type(value, __u8);
} stack_readers SEC(".maps");

/*
 * Whether a fault is one of ours: what is read as a frame pointer may be any number, or lead to where no page
 * is. The kernel ends such an access, but its tracepoint tells of it.
 */
static __always_inline bool reads_stack(bool kernel_mode)
{
	__u32 tid = bpf_get_current_pid_tgid();

	return kernel_mode && bpf_map_lookup_elem(&stack_readers, &tid);
}

/*
 * The number of the stack, NO_STACK, or a negative errno: -EEXIST if another one has its place. While a program is
 * executed there is none: the registers are still those of the one before, whose memory is gone.
 */
static __always_inline __s32 take_stack(void *ctx, struct task_struct *task)
{
	__u32 tid = bpf_get_current_pid_tgid();
	const __u8 one = 1;
	__s32 stack;

	if (BPF_CORE_READ_BITFIELD_PROBED(task, in_execve))
		return NO_STACK;
	bpf_map_update_elem(&stack_readers, &tid, &one, BPF_ANY);
	stack = bpf_get_stackid(ctx, &stacks, BPF_F_USER_STACK);
	bpf_map_delete_elem(&stack_readers, &tid);
	return stack;
}

#endif
