// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The tracer's half in user space: the only place that knows the BPF object and its records. */
#include "tracer.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/types.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bpf_util.h"
#include "event.h"
#include "pfwatch.skel.h"

_Static_assert(EVENT_COMM_LEN == COMM_LEN, "struct fault has the event's comm");

struct tracer {
	struct pfwatch_bpf *bpf;
	struct ring_buffer *ring;
	uint32_t cpus;
	struct fault *faults;	/* where tracer_drain() is at */
	size_t n, max;
};

/* Called for each record, in order. A negative result ends the drain, with the record taken. */
static int take_event(void *context, void *data, size_t size)
{
	const struct event *event = data;
	struct tracer *tracer = context;
	struct fault *fault = &tracer->faults[tracer->n];

	if (size != sizeof(*event))
		return 0;
	*fault = (struct fault) {
		.ts = event->ts, .addr = event->addr, .ip = event->ip, .space = event->space,
		.pid = event->pid, .tid = event->tid, .error_code = event->error_code, .cpu = event->cpu,
		.kernel_mode = event->kernel_mode,
	};
	memcpy(fault->comm, event->comm, COMM_LEN - 1);
	return ++tracer->n >= tracer->max ? -EAGAIN : 0;
}

static int load(struct tracer *tracer, char *why, size_t size)
{
	struct pfwatch_bpf *bpf = tracer->bpf = pfwatch_bpf__open();
	uint32_t pid_ns;
	int err;

	if (!bpf) {
		err = -errno;
		bpf_explain(why, size, "cannot open the BPF program", -err);
		return err;
	}
	err = bpf_count_cpus(&tracer->cpus, why, size);
	if (!err)
		err = bpf_pid_namespace(&pid_ns, why, size);
	if (err)
		return err;
	bpf->rodata->pid_ns = pid_ns;
	bpf_map__set_max_entries(bpf->maps.stats, tracer->cpus);
	bpf->rodata->wake_mark = bpf_map__max_entries(bpf->maps.events) / 8;
	err = pfwatch_bpf__load(bpf);
	if (err)
		bpf_explain(why, size, "the kernel refused the BPF program", -err);
	return err;
}

static int attach(struct tracer *tracer, char *why, size_t size)
{
	int err = pfwatch_bpf__attach(tracer->bpf);

	if (err) {
		bpf_explain(why, size, "cannot attach to the page-fault tracepoints", -err);
		return err;
	}
	tracer->ring = ring_buffer__new(bpf_map__fd(tracer->bpf->maps.events), take_event, tracer, NULL);
	if (!tracer->ring) {
		err = -errno;
		bpf_explain(why, size, "cannot map the ring buffer", errno);
	}
	return err;
}

struct tracer *tracer_open(char *why, size_t size)
{
	struct tracer *tracer;

	if (!bpf_prepare(why, size))
		return NULL;
	tracer = calloc(1, sizeof(*tracer));
	if (!tracer) {
		snprintf(why, size, "out of memory");
		return NULL;
	}
	if (!load(tracer, why, size) && !attach(tracer, why, size))
		return tracer;
	tracer_close(tracer);
	return NULL;
}

void tracer_close(struct tracer *tracer)
{
	if (!tracer)
		return;
	ring_buffer__free(tracer->ring);
	pfwatch_bpf__destroy(tracer->bpf);
	free(tracer);
}

int tracer_add(struct tracer *tracer, uint32_t pid, bool after_exec)
{
	__u32 when = after_exec ? TARGET_AFTER_EXEC : TARGET_NOW;

	return bpf_map__update_elem(tracer->bpf->maps.targets, &pid, sizeof(pid), &when, sizeof(when), BPF_ANY);
}

void tracer_stop(struct tracer *tracer)
{
	pfwatch_bpf__detach(tracer->bpf);
}

int tracer_fd(const struct tracer *tracer)
{
	return ring_buffer__epoll_fd(tracer->ring);
}

size_t tracer_drain(struct tracer *tracer, struct fault *faults, size_t max)
{
	if (!max)
		return 0;	/* libbpf asks after each record, not before it */
	tracer->faults = faults;
	tracer->n = 0;
	tracer->max = max;
	tracer->bpf->bss->wake_sent = 0;
	ring_buffer__consume(tracer->ring);
	return tracer->n;
}

static uint64_t missed_by(const struct bpf_program *program)
{
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);

	return bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size) ? 0 : info.recursion_misses;
}

uint64_t tracer_missed(const struct tracer *tracer)
{
	return missed_by(tracer->bpf->progs.on_page_fault_user) + missed_by(tracer->bpf->progs.on_page_fault_kernel);
}

void tracer_count(const struct tracer *tracer, uint64_t *seen, uint64_t *lost)
{
	struct counters counters;
	uint32_t cpu;

	*seen = *lost = 0;
	for (cpu = 0; cpu < tracer->cpus; cpu++) {
		if (bpf_map__lookup_elem(tracer->bpf->maps.stats, &cpu, sizeof(cpu), &counters, sizeof(counters), 0))
			continue;
		*seen += counters.seen;
		*lost += counters.lost;
	}
}
