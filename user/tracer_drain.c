// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The tracer's records are taken from the kernel. */
#include "tracer_private.h"

_Static_assert(sizeof(struct event) <= RING_RECORD, "a record is too long for its reader");

static void take_records(struct tracer *tracer)
{
	const void *record;
	size_t len;

	while (tracer->n < tracer->max && (record = ring_next(tracer->ring, &len))) {
		if (len == sizeof(struct event))
			record_read(&tracer->records, record, &tracer->faults[tracer->n++]);
		ring_drop(tracer->ring);
	}
}

/* ---- draining ---- */

static void take_unless_filtered(struct tracer *tracer, const struct event *event)
{
	if (event_end_is_wanted(&tracer->bpf->rodata->filter, event))
		record_read(&tracer->records, event, &tracer->faults[tracer->n++]);
	else if (event->cpu < tracer->cpus)
		tracer->filtered[event->cpu]++;
}

/* Those of one thread, all or none. False: there is no room for them. */
static bool take_thread(struct tracer *tracer, const struct thread *thread)
{
	size_t depth = thread->depth < MAX_PENDING ? thread->depth : MAX_PENDING;

	if (tracer->n + depth > tracer->max)
		return false;
	for (size_t i = 0; i < depth; i++)
		take_unless_filtered(tracer, &thread->pending[i].event);
	return true;
}

/* At the end: what has begun, and was not over when it was stopped. */
static void take_pending(struct tracer *tracer)
{
	const struct bpf_map *taken = tracer->bpf->maps.taken, *threads = tracer->bpf->maps.threads;
	struct thread thread;
	__u32 place;

	while (!bpf_map__get_next_key(taken, NULL, &place, sizeof(place))) {
		if (!bpf_map__lookup_elem(threads, &place, sizeof(place), &thread, sizeof(thread), 0) &&
		    !take_thread(tracer, &thread))
			return;
		if (bpf_map__delete_elem(taken, &place, sizeof(place), 0))
			return;
	}
}

int tracer_forget_threads(struct tracer *tracer)
{
	const struct bpf_map *taken = tracer->bpf->maps.taken, *threads = tracer->bpf->maps.threads;
	const struct thread nobody = { 0 };
	__u32 place;
	int err = 0;

	while (!err && !bpf_map__get_next_key(taken, NULL, &place, sizeof(place))) {
		err = bpf_map__update_elem(threads, &place, sizeof(place), &nobody, sizeof(nobody), BPF_ANY);
		if (!err)
			err = bpf_map__delete_elem(taken, &place, sizeof(place), 0);
	}
	return err;
}

size_t tracer_drain(struct tracer *tracer, struct fault *faults, size_t max)
{
	tracer->faults = faults;
	tracer->n = 0;
	tracer->max = max;
	tracer->bpf->bss->wake_sent = 0;
	take_records(tracer);
	if (tracer->stopped && tracer->n < max)
		take_pending(tracer);
	return tracer->n;
}

/*
 * Each number is asked for once: while one is read out, the kernel puts nothing in its place but another stack with the
 * same number, if one comes at that moment, and takes that out again.
 */
size_t tracer_stack(struct tracer *tracer, int32_t stack_id, uint64_t frames[MAX_FRAMES])
{
	uint32_t key = stack_id;
	uint64_t *stack;
	size_t n = 0;

	if (!tracer->stack || stack_id < 0 || key >= MAX_STACKS)
		return 0;
	stack = tracer->stack[key];
	if (!stack[0] && bpf_map__lookup_elem(tracer->bpf->maps.stacks, &key, sizeof(key), stack,
					      sizeof(*tracer->stack), 0))
		return 0;
	for (; n < MAX_FRAMES && stack[n]; n++)
		frames[n] = stack[n];
	return n;
}

uint64_t tracer_lost_stacks(const struct tracer *tracer)
{
	return tracer->records.lost_stacks;
}
