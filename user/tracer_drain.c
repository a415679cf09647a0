// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The tracer's records: taken from the kernel, and made faults of. */
#include <errno.h>
#include <string.h>

#include "tracer_private.h"

_Static_assert(sizeof(struct event) <= RING_RECORD, "a record is too long for its reader");
_Static_assert(EVENT_COMM_LEN == COMM_LEN, "struct fault has the event's comm");
_Static_assert(MAX_STACK == MAX_FRAMES, "struct fault has the event's stack");
_Static_assert(EVENT_LEVELS == MAX_LEVELS, "struct path has the event's entries");
_Static_assert((int)ENDED == (int)RESULT_NONE && (int)ENDED_MINOR == (int)RESULT_MINOR &&
	       (int)ENDED_MAJOR == (int)RESULT_MAJOR && (int)ENDED_SEGV == (int)RESULT_SEGV &&
	       (int)ENDED_SIGBUS == (int)RESULT_SIGBUS && (int)ENDED_OOM == (int)RESULT_OOM, "results differ");

/* ---- from a record to a fault ---- */

/* Bits of vm_flags, whose lower half is the same in all kernels (include/linux/mm.h). */
static uint32_t vma_flags(uint32_t flags, uint32_t is)
{
	static const struct {
		uint32_t from, to;
	} bits[] = {
		{ 0x1, VMA_READ }, { 0x2, VMA_WRITE }, { 0x4, VMA_EXEC }, { 0x80, VMA_SHARED },
		{ 0x100, VMA_GROWSDOWN }, { 0x200, VMA_UFFD_MISSING }, { 0x400 | 0x4000, VMA_PFNMAP },
		{ 0x1000, VMA_UFFD_WP }, { 0x2000, VMA_LOCKED }, { 0x400000, VMA_HUGETLB },
		{ 0x20000000, VMA_HUGEPAGE }, { 0x40000000, VMA_NOHUGEPAGE }, { 0x80000000, VMA_MERGEABLE },
	};
	uint32_t to = 0;

	for (size_t i = 0; i < sizeof(bits) / sizeof(*bits); i++)
		if (flags & bits[i].from)
			to |= bits[i].to;
	/* The bit of this mode is another one in each kernel; but one of the three a userfaultfd has to ask for. */
	if (is & VMA_IS_UFFD && !(to & (VMA_UFFD_MISSING | VMA_UFFD_WP)))
		to |= VMA_UFFD_MINOR;
	to |= is & VMA_IS_ANON && !(to & VMA_HUGETLB) ? VMA_ANON : 0;
	to |= is & VMA_IS_SHMEM ? VMA_SHMEM : 0;
	return to | (is & VMA_IS_FILE ? VMA_FILE : 0);
}

static void make_vma(struct vma *vma, const struct event_vma *from)
{
	*vma = (struct vma){
		.start = from->start, .end = from->end, .flags = vma_flags(from->flags, from->is), .name = "",
	};
	if (vma->flags & VMA_FILE) {
		vma->offset = from->pgoff << 12;
		vma->inode = from->inode;
		vma->major = from->dev >> 20;
		vma->minor = from->dev & 0xfffff;
	}
	vma_set_perm(vma);
}

static bool is_same_vma(const struct event_vma *one, const struct event_vma *other)
{
	return one->start == other->start && one->end == other->end && one->flags == other->flags &&
	       one->is == other->is && one->inode == other->inode && one->dev == other->dev &&
	       one->pgoff == other->pgoff;
}

/* Mostly it is the one of the fault before. */
static void take_vma(struct tracer *tracer, struct vma *vma, const struct event_vma *from)
{
	if (!is_same_vma(&tracer->last_vma, from)) {
		make_vma(&tracer->vma, from);
		tracer->last_vma = *from;
	}
	*vma = tracer->vma;
}

/* What could not be read to its end tells of no state: there is no path then. */
static bool take_path(const struct tracer *tracer, uint64_t addr, const __u64 *entries, unsigned int levels,
		      struct path *path)
{
	uint64_t entry[MAX_LEVELS];

	if (!levels || levels > tracer->tables.levels) {
		*path = (struct path){ 0 };
		return false;
	}
	for (unsigned int i = 0; i < levels; i++)
		entry[i] = entries[i];
	decode_path(&tracer->tables, addr, entry, levels, path);
	return path->kind != KIND_TABLE;
}

/* What has no number has found no room; or there was nothing to read, and then it ends where it begins. */
static void take_stack(struct tracer *tracer, struct fault *fault, int32_t stack)
{
	fault->stack_id = stack;
	fault->stack_end = stack == NO_STACK ? STACK_NOT_TAKEN : STACK_ENDS;
	if (stack != -EEXIST && stack != -ENOMEM)
		return;
	fault->stack_end = STACK_LOST;
	tracer->lost_stacks++;
}

/* The bytes of a name before its end; the kernel leaves what it likes behind it. ended: there was one in the word before. */
static uint64_t take_name(uint64_t bytes, bool *ended)
{
	uint64_t ends = (bytes - 0x0101010101010101) & ~bytes & 0x8080808080808080;

	if (*ended)
		return 0;
	*ended = ends;
	return ends ? bytes & (((ends & -ends) >> 7) - 1) : bytes;
}

/* Names are compared as they are, so each has one form: filled up with 0. */
static void take_comm(char comm[COMM_LEN], const char *from)
{
	uint64_t bytes[COMM_LEN / sizeof(uint64_t)];
	bool ended = false;

	memcpy(bytes, from, sizeof(bytes));
	for (size_t i = 0; i < COMM_LEN / sizeof(*bytes); i++)
		bytes[i] = take_name(bytes[i], &ended);
	memcpy(comm, bytes, sizeof(bytes));
	comm[COMM_LEN - 1] = '\0';
}

/* What is found out later than here. */
static void forget_what_follows(struct fault *fault)
{
	fault->walk_status = WALK_OK;
	fault->age = 0;
	fault->after = (struct path){ 0 };
	fault->cause = (struct cause){ 0 };
	fault->origin = 0;
	fault->code = (struct code_place){ 0 };
	fault->has_cpu_node = fault->has_page_node = false;
	fault->frames = 0;
	fault->stack = NULL;
}

/* Each member is set by itself: to clear all of it first, and then most of it again, costs more than all else here. */
static void take_event(struct tracer *tracer, struct fault *fault, const struct event *event)
{
	memset(fault->traits, 0, sizeof(fault->traits));
	fault->ts = event->ts;
	fault->addr = event->addr;
	fault->ip = event->ip;
	fault->space = event->space;
	fault->pid = event->pid;
	fault->tid = event->tid;
	fault->error_code = event->error_code;
	fault->cpu = event->cpu;
	fault->kernel_mode = event->kernel_mode;
	fault->unfinished = !(event->has & HAS_END);
	fault->has_latency = event->has & HAS_LATENCY;
	fault->latency = fault->has_latency ? event->latency : 0;
	fault->has_said = event->has & HAS_SAID;
	fault->said = event->said;
	fault->signal_code = event->signal_code;
	fault->result = event->result <= ENDED_OOM ? event->result : RESULT_NONE;
	fault->has_growth = event->has & HAS_GROWTH;
	fault->grew = event->grew;
	fault->has_vma = event->has & HAS_VMA;
	take_comm(fault->comm, event->comm);
	fault->has_before = take_path(tracer, event->addr, event->before, event->before_levels, &fault->before);
	fault->has_left = take_path(tracer, event->addr, event->left, event->left_levels, &fault->left);
	take_stack(tracer, fault, event->stack);
	if (fault->has_vma)
		take_vma(tracer, &fault->vma, &event->vma);
	else
		fault->vma = (struct vma){ 0 };
	forget_what_follows(fault);
}

static void take_records(struct tracer *tracer)
{
	const void *record;
	size_t len;

	while (tracer->n < tracer->max && (record = ring_next(tracer->ring, &len))) {
		if (len == sizeof(struct event))
			take_event(tracer, &tracer->faults[tracer->n++], record);
		ring_drop(tracer->ring);
	}
}

/* ---- draining ---- */

static void take_unless_filtered(struct tracer *tracer, const struct event *event)
{
	if (event_end_is_wanted(&tracer->bpf->rodata->filter, event))
		take_event(tracer, &tracer->faults[tracer->n++], event);
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
	return tracer->lost_stacks;
}
