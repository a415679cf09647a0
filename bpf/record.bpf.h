/* SPDX-License-Identifier: GPL-2.0-only */
/* How a record gets into the ring buffer, and what is counted on the way. */
#ifndef PFWATCH_RECORD_BPF_H
#define PFWATCH_RECORD_BPF_H

#include "filter.bpf.h"
#include "pending.bpf.h"
#include "targets.bpf.h"

/* Bytes in the ring buffer from which on the reader is woken. Below, it comes by its own clock. */
const volatile __u64 wake_mark;

/* Set by the first record above the mark, cleared by the reader before it drains: one wake-up a drain, not one a fault
 * (a wake-up costs more than all else here). That it is raced for does no harm: the clock is behind it. */
__u32 wake_sent;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 16 * 1024 * 1024);
} events SEC(".maps");

/* Indexed by CPU. An array, whose lookup every kernel's verifier inlines; that of a per-CPU array it doesn't. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);		/* raised to the number of possible CPUs at load */
	__type(key, __u32);
	__type(value, struct counters);
} stats SEC(".maps");

static __always_inline __u64 wakeup_flag(void)
{
	if (bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA) < wake_mark || wake_sent)
		return BPF_RB_NO_WAKEUP;
	wake_sent = 1;
	return BPF_RB_FORCE_WAKEUP;
}

/*
 * Of a CPU; the array has all that are possible. Raised atomically: newer kernels run tracepoint programs with preemption
 * on, and then another task's fault may come between the load and the store of a plain increment.
 */
#define COUNT_OF(cpu_number, counter) do {							\
	__u32 __cpu = (cpu_number);								\
	struct counters *__counters = bpf_map_lookup_elem(&stats, &__cpu);			\
	if (__counters)										\
		__sync_fetch_and_add(&__counters->counter, 1);					\
} while (0)

#define COUNT(counter) COUNT_OF(bpf_get_smp_processor_id(), counter)

/* Copied by loads and stores: bpf_ringbuf_output() copies byte by byte. */
static __noinline int submit(const struct event *event)
{
	struct event *record = bpf_ringbuf_reserve(&events, sizeof(*record), 0);

	if (!record) {
		COUNT_OF(event->cpu, lost);
		return 0;
	}
	*record = *event;
	bpf_ringbuf_submit(record, wakeup_flag());
	return 0;
}

/* The innermost pending fault of a thread is over. */
static __always_inline void end_fault(struct thread *thread, struct pending *pending)
{
	pending->event.has |= HAS_END;
	if (only_tgid || event_end_is_wanted(&filter, &pending->event))
		submit(&pending->event);
	else
		COUNT_OF(pending->event.cpu, filtered);
	thread->depth--;
}

#endif
