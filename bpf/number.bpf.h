/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PFWATCH_NUMBER_BPF_H
#define PFWATCH_NUMBER_BPF_H

/* The verifier lets nobody calculate with a pointer into the kernel, or to a map or into one; a copy is a number. */
static __always_inline __u64 as_number(const void *pointer)
{
	__u64 number = 0;

	bpf_probe_read_kernel(&number, sizeof(number), &pointer);
	return number;
}

#endif
