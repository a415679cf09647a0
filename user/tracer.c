// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The tracer's half in user space: who is watched, and what it tells of itself. */
#include "tracer.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tracer_private.h"

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
	tracer_detach(tracer);
	syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
	tracer->stopped = true;
}

int tracer_fd(const struct tracer *tracer)
{
	return bpf_map__fd(tracer->bpf->maps.events);
}

/* ---- what it tells of itself ---- */

static uint64_t missed_by(const struct bpf_program *program)
{
	struct bpf_prog_info info = { 0 };
	__u32 size = sizeof(info);

	return bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size) ? 0 : info.recursion_misses;
}

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Of one that sees what another one sees, too: where it isn't loaded, that one has nobody to make up for it. */
static uint64_t missed_again(const struct bpf_program *program)
{
	return bpf_program__autoload(program) ? missed_by(program) : UINT64_MAX;
}

uint64_t tracer_missed_ends(const struct tracer *tracer)
{
	const struct pfwatch_bpf *bpf = tracer->bpf;
	uint64_t handled = missed_by(bpf->progs.on_handled);

	/* What all have missed is no more than what one of them has. */
	handled = least(handled, missed_again(bpf->progs.on_handled_again));
	handled = least(handled, missed_again(bpf->progs.on_handled_at_last));
	return handled + missed_by(bpf->progs.on_minor) + missed_by(bpf->progs.on_major) +
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
	counts.unpaired = __atomic_load_n(&counters->unpaired, __ATOMIC_RELAXED);
	counts.unfollowed = __atomic_load_n(&counters->unfollowed, __ATOMIC_RELAXED);
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
		counts.unpaired += one.unpaired;
		counts.unfollowed += one.unfollowed;
		counts.seen += one.seen;
	}
	return counts;
}

static bool has_living_child(const struct tracer *tracer)
{
	const struct bpf_map *map = tracer->bpf->maps.targets;
	__u32 pid, target, *last = NULL;

	while (!bpf_map__get_next_key(map, last, &pid, sizeof(pid))) {
		last = &pid;
		if (!bpf_map__lookup_elem(map, &pid, sizeof(pid), &target, sizeof(target), 0) &&
		    target == TARGET_CHILD && (!kill(pid, 0) || errno != ESRCH))
			return true;
	}
	return false;
}

/* Newer kernels don't run a program that another one's running it was preempted by, and so may miss an exit. */
bool tracer_follows_anyone(const struct tracer *tracer)
{
	const struct pfwatch_bpf *bpf = tracer->bpf;
	uint64_t missed = least(missed_by(bpf->progs.on_exit), missed_again(bpf->progs.on_exit_again));

	return __atomic_load_n(&bpf->bss->followed, __ATOMIC_ACQUIRE) && (!missed || has_living_child(tracer));
}

uint64_t tracer_not_followed(const struct tracer *tracer)
{
	const struct pfwatch_bpf *bpf = tracer->bpf;

	return bpf->bss->not_followed + least(missed_by(bpf->progs.on_fork), missed_again(bpf->progs.on_fork_again));
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
