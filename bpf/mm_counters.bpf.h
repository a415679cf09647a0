/* SPDX-License-Identifier: GPL-2.0-only */
/* How many pages of each kind an address space has: what /proc/PID/status makes VmRSS and VmSwap of. */
#ifndef PFWATCH_MM_COUNTERS_BPF_H
#define PFWATCH_MM_COUNTERS_BPF_H

#include "number.bpf.h"

/*
 * Holds nothing. That it has a copy on each CPU tells how far each CPU's copy of anything is from the address that a
 * per-CPU pointer holds. The kernel's own table of that (__per_cpu_offset) is found by its name alone, which not every
 * kernel's kallsyms has.
 */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} yardstick SEC(".maps");

/* What the per-CPU pointer of the map's only value holds. */
static __always_inline __u64 yardstick_pointer(void)
{
	__u64 address = as_number(&yardstick) + bpf_core_field_offset(struct bpf_array, pptrs), pointer = 0;

	bpf_probe_read_kernel(&pointer, sizeof(pointer), (void *)address);
	return pointer;
}

struct percpu_sum {
	__s64 pages[NR_MM_COUNTERS];
	__u64 rests[NR_MM_COUNTERS];	/* per-CPU pointers: what a CPU has not added to the common number yet */
	__u64 yardstick;
};

/* What can't be read is read as 0. */
static long add_rests(__u32 cpu, struct percpu_sum *sum)
{
	__u32 zero = 0, i;
	const void *copy = bpf_map_lookup_percpu_elem(&yardstick, &zero, cpu);
	__u64 distance;
	__s32 rest;

	if (!copy)
		return 1;
	distance = as_number(copy) - sum->yardstick;
	for (i = 0; i < NR_MM_COUNTERS; i++) {
		bpf_probe_read_kernel(&rest, sizeof(rest), (void *)(sum->rests[i] + distance));
		sum->pages[i] += rest;
	}
	return 0;
}

/*
 * The common number, and the rest of each CPU. (CPUs that are off have none, but have their copy.) The kernel holds a
 * lock while it sums up; without, what a CPU adds in the meantime counts twice or not at all.
 */
static __always_inline void read_percpu_counters(struct mm_struct *mm, __s64 pages[NR_MM_COUNTERS], __u32 cpus)
{
	const char *stat = (const char *)mm + bpf_core_field_offset(struct mm_struct___percpu, rss_stat);
	struct percpu_sum sum = { .yardstick = yardstick_pointer() };
	__u32 i;

	for (i = 0; i < NR_MM_COUNTERS; i++) {
		struct percpu_counter *counter = (void *)(stat + i * bpf_core_type_size(struct percpu_counter));

		sum.pages[i] = BPF_CORE_READ(counter, count);
		sum.rests[i] = (__u64)BPF_CORE_READ(counter, counters);
	}
	bpf_loop(cpus, add_rests, &sum, 0);
	for (i = 0; i < NR_MM_COUNTERS; i++)
		pages[i] = sum.pages[i];
}

static __always_inline void read_atomic_counters(struct mm_struct *mm, __s64 pages[NR_MM_COUNTERS])
{
	bpf_core_read(pages, NR_MM_COUNTERS * sizeof(*pages), &mm->rss_stat.count);
}

#endif
