// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The tracer's BPF object: made to measure, loaded and attached, with the best hooks that this kernel has. */
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bpf_util.h"
#include "direct_map.h"
#include "preemption.h"
#include "tracer_private.h"

#define NOBODY UINT32_MAX	/* a process that there is never */

/* Where any process may come to be watched: the threads of a large machine. */
#define MANY_THREADS 32768
#define MANY_TARGETS 65536

static struct record_filter make_filter(const struct fault_filter *from)
{
	struct record_filter filter = {
		.start = from->start, .length = from->length, .min_latency = from->min_latency,
		.one_in = from->one_in, .by_comm = !!from->comm, .major = from->major,
		.modes = from->no_user_mode ? FILTER_KERNEL : from->no_kernel_mode ? FILTER_USER : 0,
	};

	filter.access |= from->access >> ACCESS_READ & 1 ? FILTER_READ : 0;
	filter.access |= from->access >> ACCESS_WRITE & 1 ? FILTER_WRITE : 0;
	filter.access |= from->access >> ACCESS_EXEC & 1 ? FILTER_EXEC : 0;
	if (from->comm)
		memcpy(filter.comm, from->comm, strnlen(from->comm, EVENT_COMM_LEN - 1));
	return filter;
}

/* A power of two: a thread's number leads to its place. */
static void make_room_for(struct pfwatch_bpf *bpf, uint32_t threads)
{
	bpf_map__set_max_entries(bpf->maps.threads, threads);
	bpf_map__set_max_entries(bpf->maps.taken, threads);
}

/* One in one is all of them; else none asks for anything where all is 0. There is no padding. */
static bool is_filter(struct record_filter filter)
{
	static const struct record_filter nothing;

	if (filter.one_in == 1)
		filter.one_in = 0;
	return memcmp(&filter, &nothing, sizeof(filter)) != 0;
}

static void choose_targets(struct tracer *tracer)
{
	const struct tracer_options *options = &tracer->options;
	struct pfwatch_bpf *bpf = tracer->bpf;

	bpf->rodata->watch_all = options->all;
	bpf->rodata->watch_cgroup = options->cgroup;
	bpf->rodata->own_tgid = getpid();
	bpf->rodata->follows = options->follow;
	bpf->bss->only_tgid = NOBODY;
	bpf_map__set_autocreate(bpf->maps.cgroups, options->cgroup);
	if (options->all || options->cgroup || options->follow)
		make_room_for(bpf, MANY_THREADS);
	bpf->rodata->threads_mask = bpf_map__max_entries(bpf->maps.threads) - 1;
	if (options->follow)
		bpf_map__set_max_entries(bpf->maps.targets, MANY_TARGETS);
}

static void choose_programs(struct tracer *tracer)
{
	struct pfwatch_bpf *bpf = tracer->bpf;
	bool follow = tracer->options.follow, kprobe = tracer->begin == BEGIN_KPROBE;
	bool again = kernel_is_preempted();

	bpf->rodata->begins_at_call = kprobe;
	bpf_program__set_autoload(bpf->progs.on_page_fault_user, !kprobe);
	bpf_program__set_autoload(bpf->progs.on_page_fault_kernel, !kprobe);
	bpf_program__set_autoload(bpf->progs.on_handle, kprobe);
	bpf_program__set_autoload(bpf->progs.on_handled, tracer->source == END_RETURN);
	bpf_program__set_autoload(bpf->progs.on_minor, tracer->source == END_COUNT);
	bpf_program__set_autoload(bpf->progs.on_major, tracer->source == END_COUNT);
	bpf_program__set_autoload(bpf->progs.on_minor_alone, tracer->source == END_COUNT_ALONE);
	bpf_program__set_autoload(bpf->progs.on_major_alone, tracer->source == END_COUNT_ALONE);
	bpf_program__set_autoload(bpf->progs.on_signal, tracer->source != END_NONE);
	bpf_program__set_autoload(bpf->progs.on_exit, tracer->source != END_NONE || follow);
	bpf_program__set_autoload(bpf->progs.on_fork, follow);
	bpf_program__set_autoload(bpf->progs.on_handled_again, again && tracer->source == END_RETURN);
	bpf_program__set_autoload(bpf->progs.on_handled_at_last, again && tracer->source == END_RETURN);
	bpf_program__set_autoload(bpf->progs.on_exit_again, again && (tracer->source != END_NONE || follow));
	bpf_program__set_autoload(bpf->progs.on_fork_again, again && follow);
}

static int open_object(struct tracer *tracer, char *why, size_t size)
{
	struct pfwatch_bpf *bpf = tracer->bpf = pfwatch_bpf__open();
	uint32_t pid_ns;
	int err;

	if (!bpf) {
		err = -errno;
		bpf_explain(why, size, "cannot open the BPF program", -err);
		return err;
	}
	err = bpf_pid_namespace(&pid_ns, why, size);
	if (err)
		return err;
	bpf->rodata->pid_ns = pid_ns;
	bpf->rodata->filter = make_filter(&tracer->options.filter);
	bpf->rodata->filters = is_filter(bpf->rodata->filter);
	if (tracer->reads_paths) {
		bpf->rodata->direct_map = tracer->tables.direct_map;
		bpf->rodata->entry_mask = tracer->tables.entry_mask;
		bpf->rodata->paging_levels = tracer->tables.levels;
	}
	bpf->rodata->tables_slip_away = !kernel_is_before(6, 14);
	bpf->rodata->sees_end = tracer->source != END_NONE;
	bpf_map__set_max_entries(bpf->maps.stats, tracer->cpus);
	bpf->rodata->takes_stacks = tracer->options.stacks;
	if (tracer->options.stacks)
		bpf_map__set_max_entries(bpf->maps.stacks, MAX_STACKS);
	if (tracer->options.ring)
		bpf_map__set_max_entries(bpf->maps.events, tracer->options.ring);
	bpf->rodata->wake_mark = bpf_map__max_entries(bpf->maps.events) / 8;
	choose_targets(tracer);
	choose_programs(tracer);
	return 0;
}

/* Counts each single event; its program runs at each. */
static struct bpf_link *attach_count(const struct bpf_program *program, uint64_t event, uint32_t cpu)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE, .size = sizeof(attr), .config = event, .sample_period = 1,
	};
	int fd = syscall(SYS_perf_event_open, &attr, -1, cpu, -1, PERF_FLAG_FD_CLOEXEC);
	struct bpf_link *link;
	int err;

	if (fd < 0)
		return NULL;
	link = bpf_program__attach_perf_event(program, fd);
	if (!link) {
		err = errno;
		close(fd);
		errno = err;
	}
	return link;
}

/* A CPU that is off has no events, and no faults either. */
static int attach_counts(struct tracer *tracer)
{
	static const uint64_t events[] = { PERF_COUNT_SW_PAGE_FAULTS_MIN, PERF_COUNT_SW_PAGE_FAULTS_MAJ };
	bool alone = tracer->source == END_COUNT_ALONE;
	const struct bpf_program *programs[] = {
		alone ? tracer->bpf->progs.on_minor_alone : tracer->bpf->progs.on_minor,
		alone ? tracer->bpf->progs.on_major_alone : tracer->bpf->progs.on_major,
	};

	tracer->links = calloc(tracer->cpus * 2, sizeof(*tracer->links));
	if (!tracer->links)
		return -ENOMEM;
	for (uint32_t i = 0; i < tracer->cpus * 2; i++) {
		tracer->links[i] = attach_count(programs[i % 2], events[i % 2], i / 2);
		if (!tracer->links[i] && errno != ENODEV)
			return -errno;
	}
	return 0;
}

void tracer_detach(struct tracer *tracer)
{
	for (uint32_t i = 0; tracer->links && i < tracer->cpus * 2; i++)
		bpf_link__destroy(tracer->links[i]);
	free(tracer->links);
	tracer->links = NULL;
	if (tracer->bpf)
		pfwatch_bpf__detach(tracer->bpf);
}

static int map_counters(struct tracer *tracer)
{
	size_t size = tracer->cpus * sizeof(struct counters);
	void *counters = mmap(NULL, size, PROT_READ, MAP_SHARED, bpf_map__fd(tracer->bpf->maps.stats), 0);

	if (counters == MAP_FAILED)
		return -errno;
	tracer->counters = counters;
	return 0;
}

static int attach(struct tracer *tracer, char *why, size_t size)
{
	int err = pfwatch_bpf__attach(tracer->bpf);

	if (!err && (tracer->source == END_COUNT || tracer->source == END_COUNT_ALONE))
		err = attach_counts(tracer);
	if (err) {
		bpf_explain(why, size, "cannot attach to the kernel's page faults", -err);
		return err;
	}
	tracer->ring = ring_open(bpf_map__fd(tracer->bpf->maps.events), bpf_map__max_entries(tracer->bpf->maps.events));
	if (!tracer->ring)
		err = -errno;
	else
		err = map_counters(tracer);
	if (err)
		bpf_explain(why, size, "cannot map the ring buffer", -err);
	return err;
}

static void unload(struct tracer *tracer)
{
	ring_close(tracer->ring);
	tracer->ring = NULL;
	if (tracer->counters)
		munmap((void *)tracer->counters, tracer->cpus * sizeof(struct counters));
	tracer->counters = NULL;
	tracer_detach(tracer);
	pfwatch_bpf__destroy(tracer->bpf);
	tracer->bpf = NULL;
}

static int load(struct tracer *tracer, char *why, size_t size)
{
	int err = open_object(tracer, why, size);

	if (err)
		return err;
	err = pfwatch_bpf__load(tracer->bpf);
	if (err)
		bpf_explain(why, size, "the kernel refused the BPF program", -err);
	return err ? err : attach(tracer, why, size);
}

/* All the faults of our own that were seen; whether that of an address is among them, with its end. */
static bool drain_own(struct tracer *tracer, uint64_t addr)
{
	struct fault faults[8];
	bool found = false;
	size_t n, i;

	while ((n = tracer_drain(tracer, faults, sizeof(faults) / sizeof(*faults))))
		for (i = 0; i < n; i++)
			found |= faults[i].addr == addr && (tracer->source == END_NONE || faults[i].has_latency);
	return found;
}

/* Nothing of our own is to be counted among what comes. */
static int forget_own(struct tracer *tracer)
{
	const struct counters none = { 0 };
	int err = tracer_forget_threads(tracer);

	for (__u32 cpu = 0; !err && cpu < tracer->cpus; cpu++)
		err = bpf_map__update_elem(tracer->bpf->maps.stats, &cpu, sizeof(cpu), &none, sizeof(none), BPF_ANY);
	return err;
}

/*
 * That something could be attached doesn't mean that it runs: kernel.ftrace_enabled=0, for one, silences it. So a fault
 * of our own has to be seen first, with its end.
 */
static int try_own_fault(struct tracer *tracer)
{
	volatile char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	__u32 *only = &tracer->bpf->bss->only_tgid;
	bool seen;
	int err;

	if (page == MAP_FAILED)
		return -errno;
	__atomic_store_n(only, getpid(), __ATOMIC_SEQ_CST);
	*page = 1;
	__atomic_store_n(only, NOBODY, __ATOMIC_SEQ_CST);
	seen = drain_own(tracer, (uintptr_t)page);
	munmap((void *)page, 4096);
	err = forget_own(tracer);
	return err ? err : seen ? 0 : -ENODATA;
}

static int load_and_try(struct tracer *tracer, char *why, size_t size)
{
	int err = load(tracer, why, size);

	if (err)
		return err;
	err = try_own_fault(tracer);
	if (err == -ENODATA)
		snprintf(why, size, "this kernel's page faults stay silent: nothing comes from %s",
			 tracer_begin_source(tracer));
	else if (err)
		bpf_explain(why, size, "cannot try the BPF program on a fault of our own", -err);
	return err;
}

/* What a kernel can do is found out by trying: not all that it describes can be attached to. */
static int load_with_best_end(struct tracer *tracer, char *why, size_t size)
{
	static const char *const names[] = {
		[END_RETURN] = "handle_mm_fault() can't be hooked", [END_COUNT] = "mappings can't be looked up",
		[END_COUNT_ALONE] = "the counting can't be hooked, either",
	};
	int err;

	for (;;) {
		err = load_and_try(tracer, why, size);
		if (!err || err == -ENOMEM || tracer->source == END_NONE)
			return err;
		unload(tracer);
		snprintf(tracer->reason, sizeof(tracer->reason), "%s: %s", names[tracer->source],
			 err == -ENODATA ? "it stays silent" : strerror(-err));
		tracer->source++;
	}
}

/* The programs are asked for the current task's, and that of all the cgroups above it. */
static int set_cgroup(struct tracer *tracer, char *why, size_t size)
{
	const char *name = tracer->options.cgroup;
	const __u32 zero = 0;
	int fd, err;

	if (!name)
		return 0;
	fd = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err = fd < 0 ? -errno : bpf_map__update_elem(tracer->bpf->maps.cgroups, &zero, sizeof(zero), &fd, sizeof(fd),
						     BPF_ANY);
	if (fd >= 0)
		close(fd);
	if (err == -EBADF || err == -EINVAL)
		snprintf(why, size, "%s is no directory of a cgroup (v2, below /sys/fs/cgroup)", name);
	else if (err)
		snprintf(why, size, "cannot watch the cgroup %s: %s", name, strerror(-err));
	return err;
}

static int check_filter(const struct tracer *tracer, char *why, size_t size)
{
	const struct fault_filter *filter = &tracer->options.filter;

	if (tracer->source != END_NONE || (!filter->major && !filter->min_latency))
		return 0;
	snprintf(why, size, "on this kernel nothing tells of the end of faults: neither which are major nor how long "
		 "they take");
	return -ENOTSUP;
}

/* The exceptions themselves, which some architectures' kernels never tell of; else the kernel's handling of faults. */
static int load_best(struct tracer *tracer, char *why, size_t size)
{
	int err;

	if (tracer->begin == BEGIN_KPROBE)
		return load_with_best_end(tracer, why, size);
	tracer->begin = BEGIN_TRACEPOINT;
	err = load_with_best_end(tracer, why, size);
	if (!err || err == -ENOMEM || err == -EPERM || tracer->options.begin == BEGIN_TRACEPOINT)
		return err;
	unload(tracer);
	snprintf(tracer->why_begin, sizeof(tracer->why_begin), "%s", why);
	tracer->begin = BEGIN_KPROBE;
	tracer->source = END_RETURN;
	tracer->reason[0] = '\0';
	return load_with_best_end(tracer, why, size);
}

static bool make_room(struct tracer *tracer, char *why, size_t size)
{
	bool stacks = tracer->options.stacks;

	tracer->filtered = calloc(tracer->cpus, sizeof(*tracer->filtered));
	if (stacks)
		tracer->stack = calloc(MAX_STACKS, sizeof(*tracer->stack));
	if (tracer->filtered && (tracer->stack || !stacks))
		return true;
	snprintf(why, size, "out of memory");
	return false;
}

struct tracer *tracer_open(const struct tracer_options *options, char *why, size_t size)
{
	struct tracer *tracer;

	if (!bpf_prepare(why, size))
		return NULL;
	tracer = calloc(1, sizeof(*tracer));
	if (!tracer) {
		snprintf(why, size, "out of memory");
		return NULL;
	}
	tracer->options = *options;
	tracer->begin = options->begin;
	tracer->records.tables = &tracer->tables;
	tracer->reads_paths = !direct_map_find(&tracer->tables, tracer->why_no_paths, sizeof(tracer->why_no_paths));
	if (!bpf_count_cpus(&tracer->cpus, why, size) && make_room(tracer, why, size) && !load_best(tracer, why, size) &&
	    !check_filter(tracer, why, size) && !set_cgroup(tracer, why, size))
		return tracer;
	tracer_close(tracer);
	return NULL;
}

void tracer_close(struct tracer *tracer)
{
	if (!tracer)
		return;
	unload(tracer);
	free(tracer->stack);
	free(tracer->filtered);
	free(tracer);
}
