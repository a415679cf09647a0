/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which faults of the watched processes are wanted. What isn't is counted, and costs no more than to find that out: the
 * filter is a constant when the program is loaded, and what it doesn't ask for is not even looked at.
 */
#ifndef PFWATCH_FILTER_BPF_H
#define PFWATCH_FILTER_BPF_H

/* Bits of an exception's error code, Intel SDM vol. 3, 4.7. */
#define ERROR_PRESENT	0x01
#define ERROR_WRITE	0x02
#define ERROR_USER	0x04
#define ERROR_FETCH	0x10

const volatile struct record_filter filter;

/* Whether it asks for anything. */
const volatile bool filters;

static __always_inline bool has_wanted_access(__u32 error_code)
{
	__u32 access = error_code & ERROR_FETCH ? FILTER_EXEC : error_code & ERROR_WRITE ? FILTER_WRITE : FILTER_READ;

	return !filter.access || filter.access & access;
}

static __always_inline bool has_wanted_mode(bool kernel_mode)
{
	return !filter.modes || filter.modes & (kernel_mode ? FILTER_KERNEL : FILTER_USER);
}

static __always_inline bool has_wanted_comm(void)
{
	__u64 comm[EVENT_COMM_LEN / sizeof(__u64)] = { 0 };	/* what is behind the name some kernels leave as it is */

	if (!filter.by_comm)
		return true;
	bpf_get_current_comm(comm, sizeof(comm));
	return comm[0] == filter.comm[0] && comm[1] == filter.comm[1];
}

/* By chance, and not each Nth: a program's faults come in patterns. */
static __always_inline bool is_drawn(void)
{
	return filter.one_in <= 1 || !(bpf_get_prandom_u32() % filter.one_in);
}

/* What can be told when it begins. */
static __always_inline bool is_wanted(__u64 addr, __u32 error_code, bool kernel_mode)
{
	return has_wanted_access(error_code) && has_wanted_mode(kernel_mode) &&
	       (!filter.length || addr - filter.start < filter.length) && has_wanted_comm() && is_drawn();
}

#endif
