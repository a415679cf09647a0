// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The tracer's half in user space: the only place that knows the BPF object and its records. */
#include "tracer.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <linux/perf_event.h>
#include <linux/types.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bpf_util.h"
#include "decode.h"
#include "direct_map.h"
#include "event.h"
#include "pfwatch.skel.h"

_Static_assert(EVENT_COMM_LEN == COMM_LEN, "struct fault has the event's comm");
_Static_assert(MAX_STACK == MAX_FRAMES, "struct fault has the event's stack");
_Static_assert(EVENT_LEVELS == MAX_LEVELS, "struct path has the event's entries");
_Static_assert((int)ENDED == (int)RESULT_NONE && (int)ENDED_MINOR == (int)RESULT_MINOR &&
	       (int)ENDED_MAJOR == (int)RESULT_MAJOR && (int)ENDED_SEGV == (int)RESULT_SEGV &&
	       (int)ENDED_SIGBUS == (int)RESULT_SIGBUS && (int)ENDED_OOM == (int)RESULT_OOM, "results differ");

/* What tells of the end of faults, that which tells most first. */
enum end_source { END_RETURN, END_COUNT, END_COUNT_ALONE, END_NONE };

#define NOBODY UINT32_MAX	/* a process that there is never */

/* Where any process may come to be watched: the threads of a large machine. */
#define MANY_THREADS 32768
#define MANY_TARGETS 65536

struct tracer {
	struct tracer_options options;
	struct pfwatch_bpf *bpf;
	struct ring_buffer *ring;
	enum begin_source begin;
	enum end_source source;
	char why_begin[256], reason[256];	/* why they are no better ones */
	struct page_tables tables;
	bool reads_paths;		/* where the tables are is known */
	char why_no_paths[256];
	struct bpf_link **links;	/* two for each CPU, where the source is END_COUNT or END_COUNT_ALONE */
	const struct counters *counters;	/* of each CPU, as the programs see them */
	uint32_t cpus;
	uint64_t (*stack)[MAX_FRAMES];	/* by their numbers; those whose first frame is 0 were not asked for */
	uint64_t lost_stacks;
	bool stopped;
	uint64_t *filtered;		/* by CPU, of those pending at the end */
	struct fault *faults;		/* where tracer_drain() is at */
	size_t n, max;
};

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

static void take_vma(struct vma *vma, const struct event_vma *from)
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

/* What could not be read to its end tells of no state: there is no path then. */
static bool take_path(const struct tracer *tracer, uint64_t addr, const __u64 *entries, unsigned int levels,
		      struct path *path)
{
	uint64_t entry[MAX_LEVELS];

	if (!levels || levels > tracer->tables.levels)
		return false;
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

static void take_event(struct tracer *tracer, struct fault *fault, const struct event *event)
{
	*fault = (struct fault) {
		.ts = event->ts, .addr = event->addr, .ip = event->ip, .space = event->space,
		.pid = event->pid, .tid = event->tid, .error_code = event->error_code, .cpu = event->cpu,
		.kernel_mode = event->kernel_mode, .unfinished = !(event->has & HAS_END),
		.has_latency = event->has & HAS_LATENCY,
		.latency = event->has & HAS_LATENCY ? event->latency : 0,
		.has_said = event->has & HAS_SAID, .said = event->said, .has_vma = event->has & HAS_VMA,
		.has_growth = event->has & HAS_GROWTH, .grew = event->grew,
		.result = event->result <= ENDED_OOM ? event->result : RESULT_NONE, .signal_code = event->signal_code,
	};
	memcpy(fault->comm, event->comm, COMM_LEN - 1);
	fault->has_before = take_path(tracer, event->addr, event->before, event->before_levels, &fault->before);
	fault->has_left = take_path(tracer, event->addr, event->left, event->left_levels, &fault->left);
	take_stack(tracer, fault, event->stack);
	if (fault->has_vma)
		take_vma(&fault->vma, &event->vma);
}

/* Called for each record, in order. A negative result ends the drain, with the record taken. */
static int take_record(void *context, void *data, size_t size)
{
	struct tracer *tracer = context;

	if (size != sizeof(struct event))
		return 0;
	take_event(tracer, &tracer->faults[tracer->n++], data);
	return tracer->n >= tracer->max ? -EAGAIN : 0;
}

/* ---- loading and attaching ---- */

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
		bpf_map__set_max_entries(bpf->maps.threads, MANY_THREADS);
	if (options->follow)
		bpf_map__set_max_entries(bpf->maps.targets, MANY_TARGETS);
}

static void choose_programs(struct tracer *tracer)
{
	struct pfwatch_bpf *bpf = tracer->bpf;
	bool follow = tracer->options.follow, kprobe = tracer->begin == BEGIN_KPROBE;

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
	if (tracer->reads_paths) {
		bpf->rodata->direct_map = tracer->tables.direct_map;
		bpf->rodata->entry_mask = tracer->tables.entry_mask;
		bpf->rodata->paging_levels = tracer->tables.levels;
	}
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

static void detach(struct tracer *tracer)
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
	tracer->ring = ring_buffer__new(bpf_map__fd(tracer->bpf->maps.events), take_record, tracer, NULL);
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
	ring_buffer__free(tracer->ring);
	tracer->ring = NULL;
	if (tracer->counters)
		munmap((void *)tracer->counters, tracer->cpus * sizeof(struct counters));
	tracer->counters = NULL;
	detach(tracer);
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
	__u32 tid = syscall(SYS_gettid);
	int err = 0;

	bpf_map__delete_elem(tracer->bpf->maps.threads, &tid, sizeof(tid), 0);
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
	snprintf(why, size, "on this kernel nothing tells of the end of faults: neither which are major nor how long they take");
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
	tracer->filtered = calloc(tracer->cpus, sizeof(*tracer->filtered));
	if (!tracer->filtered)
		snprintf(why, size, "out of memory");
	return tracer->filtered;
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
	if (options->stacks && !(tracer->stack = calloc(MAX_STACKS, sizeof(*tracer->stack)))) {
		snprintf(why, size, "out of memory");
		free(tracer);
		return NULL;
	}
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
	free(tracer);
}

int tracer_add(struct tracer *tracer, uint32_t pid, bool after_exec)
{
	const __u32 target = TARGET_GIVEN;

	if (after_exec)
		__atomic_store_n(&tracer->bpf->bss->starting_tgid, pid, __ATOMIC_SEQ_CST);
	if (tracer->options.all || tracer->options.cgroup)
		return 0;
	return bpf_map__update_elem(tracer->bpf->maps.targets, &pid, sizeof(pid), &target, sizeof(target), BPF_ANY);
}

void tracer_remove(struct tracer *tracer, uint32_t pid)
{
	bpf_map__delete_elem(tracer->bpf->maps.targets, &pid, sizeof(pid), 0);
	if (tracer->bpf->bss->starting_tgid == pid)
		__atomic_store_n(&tracer->bpf->bss->starting_tgid, 0, __ATOMIC_SEQ_CST);
}

void tracer_start(struct tracer *tracer)
{
	__atomic_store_n(&tracer->bpf->bss->only_tgid, 0, __ATOMIC_SEQ_CST);
}

/*
 * A program that is detached may still run. What is pending can be taken when none does any more: after a grace period,
 * for which a barrier between all threads of all processes waits (kernel/sched/membarrier.c).
 */
void tracer_stop(struct tracer *tracer)
{
	detach(tracer);
	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
	tracer->stopped = true;
}

int tracer_fd(const struct tracer *tracer)
{
	return ring_buffer__epoll_fd(tracer->ring);
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
	const struct bpf_map *map = tracer->bpf->maps.threads;
	struct thread thread;
	__u32 tid;

	while (!bpf_map__get_next_key(map, NULL, &tid, sizeof(tid))) {
		if (!bpf_map__lookup_elem(map, &tid, sizeof(tid), &thread, sizeof(thread), 0) &&
		    !take_thread(tracer, &thread))
			return;
		if (bpf_map__delete_elem(map, &tid, sizeof(tid), 0))
			return;
	}
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

/* ---- what it tells of itself ---- */

static uint64_t missed_by(const struct bpf_program *program)
{
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);

	return bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size) ? 0 : info.recursion_misses;
}

uint64_t tracer_missed_ends(const struct tracer *tracer)
{
	const struct pfwatch_bpf *bpf = tracer->bpf;

	return missed_by(bpf->progs.on_handled) + missed_by(bpf->progs.on_minor) + missed_by(bpf->progs.on_major) +
	       missed_by(bpf->progs.on_minor_alone) + missed_by(bpf->progs.on_major_alone);
}

uint64_t tracer_missed(const struct tracer *tracer)
{
	return missed_by(tracer->bpf->progs.on_page_fault_user) + missed_by(tracer->bpf->progs.on_page_fault_kernel) +
	       missed_by(tracer->bpf->progs.on_handle);
}

uint32_t tracer_cpus(const struct tracer *tracer)
{
	return tracer->cpus;
}

/* The programs count on while it is read: what was seen is read last, lest the rest be more than that. */
struct tracer_counts tracer_count_cpu(const struct tracer *tracer, uint32_t cpu)
{
	const struct counters *counters = &tracer->counters[cpu];
	struct tracer_counts counts;

	counts.lost = __atomic_load_n(&counters->lost, __ATOMIC_ACQUIRE);
	counts.filtered = __atomic_load_n(&counters->filtered, __ATOMIC_ACQUIRE) + tracer->filtered[cpu];
	counts.seen = __atomic_load_n(&counters->seen, __ATOMIC_ACQUIRE);
	return counts;
}

struct tracer_counts tracer_count(const struct tracer *tracer)
{
	struct tracer_counts counts = { 0 }, one;

	for (uint32_t cpu = 0; cpu < tracer->cpus; cpu++) {
		one = tracer_count_cpu(tracer, cpu);
		counts.lost += one.lost;
		counts.filtered += one.filtered;
		counts.seen += one.seen;
	}
	return counts;
}

static uint64_t count_living_children(const struct tracer *tracer)
{
	const struct bpf_map *map = tracer->bpf->maps.targets;
	__u32 pid, target, *last = NULL;
	uint64_t n = 0;

	while (!bpf_map__get_next_key(map, last, &pid, sizeof(pid))) {
		last = &pid;
		if (!bpf_map__lookup_elem(map, &pid, sizeof(pid), &target, sizeof(target), 0) &&
		    target == TARGET_CHILD && (!kill(pid, 0) || errno != ESRCH))
			n++;
	}
	return n;
}

/* Newer kernels don't run a program that another one's running it was preempted by, and so may miss an exit. */
uint64_t tracer_followed(const struct tracer *tracer)
{
	uint64_t n = __atomic_load_n(&tracer->bpf->bss->followed, __ATOMIC_ACQUIRE);

	return n && missed_by(tracer->bpf->progs.on_exit) ? count_living_children(tracer) : n;
}

uint64_t tracer_not_followed(const struct tracer *tracer)
{
	return tracer->bpf->bss->not_followed + missed_by(tracer->bpf->progs.on_fork);
}

uint64_t tracer_unpaired(const struct tracer *tracer)
{
	uint64_t n = 0;

	for (uint32_t cpu = 0; cpu < tracer->cpus; cpu++)
		n += tracer->counters[cpu].unpaired;
	return n;
}

uint64_t tracer_unfollowed(const struct tracer *tracer)
{
	uint64_t n = 0;

	for (uint32_t cpu = 0; cpu < tracer->cpus; cpu++)
		n += tracer->counters[cpu].unfollowed;
	return n;
}

const char *tracer_begin_name(const struct tracer *tracer)
{
	return tracer->begin == BEGIN_KPROBE ? "kprobe" : "tracepoint";
}

const char *tracer_end_name(const struct tracer *tracer)
{
	return tracer->source == END_RETURN ? "return" : tracer->source == END_NONE ? "none" : "count";
}

const char *tracer_begin_source(const struct tracer *tracer)
{
	return tracer->begin == BEGIN_KPROBE ? "a kprobe on handle_mm_fault(), to which not all come" :
					       "tracepoints page_fault_user and page_fault_kernel";
}

const char *tracer_begin_reason(const struct tracer *tracer)
{
	return tracer->why_begin;
}

const char *tracer_end_source(const struct tracer *tracer)
{
	static const char *const names[] = {
		[END_RETURN] = "the return of handle_mm_fault()",
		[END_COUNT] = "the kernel's counting of minor and major faults",
		[END_COUNT_ALONE] = "the kernel's counting of minor and major faults, without the mapping",
		[END_NONE] = "nothing, so there is neither result nor latency",
	};

	return names[tracer->source];
}

const char *tracer_end_reason(const struct tracer *tracer)
{
	return tracer->reason;
}

const char *tracer_paths_reason(const struct tracer *tracer)
{
	return tracer->reads_paths ? NULL : tracer->why_no_paths;
}
