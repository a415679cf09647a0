// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cause_memo.h"
#include "clock.h"
#include "log.h"

/* Faults in flight: enough to make the cost of a request small, little enough to stay in the caches. */
#define BATCH 1024

/*
 * A fault comes when it is over, and can be asked for at once. Where nothing tells of the end of faults it comes when
 * it begins, and a walk in the middle of it would find nothing, and say so of a page that is there a moment later. So
 * an unfinished one is asked for when it is SETTLE_NS old, by when almost all are over. One that does not yet allow the
 * access it was for, and whose thread has not faulted again, may still be at work (its thread preempted, its page being
 * read): it is asked for again with each drain, until it is PATIENCE_NS old.
 */
#define SETTLE_NS	1000000ULL
#define PATIENCE_NS	100000000ULL

/* Batches before one looks for a signal, or the time. */
#define MAX_ROUNDS 16

struct stream {
	struct tracer *tracer;
	struct walker *walker;
	const struct render *render;
	const struct form *form;
	struct summary *summary;	/* NULL: each fault is written */
	uint64_t limit;
	struct attribution *attribution;	/* NULL: nobody asks */
	uint32_t causes;	/* those that are shown, bits by enum cause_word */
	struct cause_memo memo;
	struct totals totals;	/* seen, filtered and lost: as of stream_finish() */

	struct fault faults[BATCH];
	size_t held;		/* of these, the first ones: taken, not yet shown */
	unsigned int tries;	/* how often the end was waited for */
	uint64_t told_lost;	/* faults lost in the buffer that the output has told of */
	struct cpu_totals *cpu;	/* of each CPU; those of totals */
	struct cpu_totals *taken;	/* likewise, of the faults that were taken: lost is what could not be written */
	bool more;		/* the last round left something in the buffer */
	/* One request: the faults of one address space, by their place in the batch. */
	uint64_t addrs[BATCH];
	struct path paths[BATCH];
	unsigned int place[BATCH];
	bool asked[BATCH];
};

struct stream *stream_new(struct tracer *tracer, struct walker *walker, const struct render *render,
			  const struct form *form, uint64_t limit)
{
	struct stream *stream = calloc(1, sizeof(*stream));

	if (!stream)
		return NULL;
	stream->tracer = tracer;
	stream->walker = walker;
	stream->render = render;
	stream->form = form;
	stream->limit = limit;
	stream->causes = UINT32_MAX;
	stream->totals.cpus = tracer_cpus(tracer);
	stream->totals.cpu = stream->cpu = calloc(stream->totals.cpus, sizeof(*stream->cpu));
	stream->taken = calloc(stream->totals.cpus, sizeof(*stream->taken));
	if (stream->cpu && stream->taken)
		return stream;
	stream_free(stream);
	return NULL;
}

void stream_show_causes(struct stream *stream, uint32_t causes)
{
	stream->causes = causes;
}

void stream_sum_up(struct stream *stream, struct summary *summary)
{
	stream->summary = summary;
}

void stream_attribute(struct stream *stream, struct attribution *attribution)
{
	stream->attribution = attribution;
}

void stream_free(struct stream *stream)
{
	if (!stream)
		return;
	free(stream->cpu);
	free(stream->taken);
	free(stream);
}

/* A process that is there no more is gone, whatever of it is missing; anything else is a failure of the walker's. */
static enum walk_status status_of(int err)
{
	switch (err) {
	case 0: return WALK_OK;
	case -ESRCH:
	case -ENXIO:
	case -ESTALE: return WALK_GONE;
	default: return WALK_FAILED;
	}
}

static bool same_space(const struct fault *a, const struct fault *b)
{
	return a->pid == b->pid && a->space == b->space;
}

/* Gathers the faults that are in the address space of the first, from there on. Returns their number. */
static size_t gather(struct stream *stream, size_t first, size_t n)
{
	size_t asked = 0, i;

	for (i = first; i < n; i++) {
		if (stream->asked[i] || !same_space(&stream->faults[first], &stream->faults[i]))
			continue;
		stream->asked[i] = true;
		stream->addrs[asked] = stream->faults[i].addr;
		stream->place[asked++] = i;
	}
	return asked;
}

/* The walker's answer, held against what the fault itself left behind. */
static void answer(struct fault *fault, enum walk_status status, const struct path *path, uint64_t time)
{
	fault->walk_status = status;
	fault->age = time > fault->ts ? time - fault->ts : 0;
	if (status != WALK_OK)
		return;
	/* What is no address has no path: not the fault's state, but ours. */
	if (state_is_error(path->state))
		fault->walk_status = WALK_FAILED;
	else if (fault->has_left && !path_is_same(&fault->left, path))
		fault->walk_status = WALK_STALE;
	fault->after = *path;
}

/* A summary has no use for what comes after a fault, and nor has its cause where the fault's own record is whole. */
static bool needs_walk(const struct stream *stream, const struct fault *fault)
{
	return !stream->summary || fault->unfinished || !fault->has_before || !fault->has_left || !fault->has_vma;
}

static void leave_out(struct stream *stream, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		stream->asked[i] = !needs_walk(stream, &stream->faults[i]);
		if (stream->asked[i])
			stream->faults[i].walk_status = WALK_NONE;
	}
}

/* One request for each address space that has faults in the batch. */
static void walk_batch(struct stream *stream, size_t n)
{
	size_t first, asked, i;

	leave_out(stream, n);
	for (first = 0; first < n; first++) {
		const struct fault *fault = &stream->faults[first];
		uint64_t time = 0;
		int err;

		if (stream->asked[first])
			continue;
		asked = gather(stream, first, n);
		err = walker_resolve(stream->walker, fault->pid, &fault->space, stream->addrs, asked, stream->paths,
				     &time);
		if (err)
			time = clock_now();
		for (i = 0; i < asked; i++)
			answer(&stream->faults[stream->place[i]], status_of(err), &stream->paths[i], time);
	}
}

/* How many of the first n faults, in their order, can be asked for. */
static size_t count_ready(const struct stream *stream, size_t n)
{
	uint64_t settled = clock_now() - SETTLE_NS;
	size_t i = 0;

	while (i < n && (!stream->faults[i].unfinished || stream->faults[i].ts < settled))
		i++;
	return i;
}

static bool has_successor(const struct stream *stream, size_t i)
{
	for (size_t j = i + 1; j < stream->held; j++)
		if (stream->faults[j].tid == stream->faults[i].tid)
			return true;
	return false;
}

static bool is_settled(const struct stream *stream, size_t i)
{
	const struct fault *fault = &stream->faults[i];
	enum access access = fault_access(fault);

	return !fault->unfinished || fault->walk_status != WALK_OK || fault->age > PATIENCE_NS ||
	       path_allows(&fault->after, access == ACCESS_WRITE, access == ACCESS_EXEC) || has_successor(stream, i);
}

/*
 * How many of the first n, in their order, are to be shown as they are. One that isn't settled holds those behind it,
 * too, as long as there is room for more: order is worth a little time, but no loss.
 */
static size_t count_settled(const struct stream *stream, size_t n)
{
	size_t settled = 0, i;

	for (i = 0; i < n; i++) {
		if (is_settled(stream, i))
			settled = i + 1;
		else if (stream->held < BATCH)
			break;
	}
	return settled || stream->held < BATCH ? settled : n;
}

static bool is_wanted(const struct stream *stream, const struct fault *fault)
{
	return stream->causes >> fault->cause.word & 1;
}

/* A summary isn't by nodes. */
static enum attribute what_is_shown(const struct stream *stream)
{
	if (stream->summary)
		return ATTRIBUTE_ORIGIN;
	return stream->form->shows_origin ? ATTRIBUTE_ALL : ATTRIBUTE_STACK;
}

static void show_fault(struct stream *stream, const struct fault *fault)
{
	if (stream->summary)
		summary_add(stream->summary, fault);
	else
		stream->form->fault(stream->render, fault);
}

/* Returns how many of the first n were not filtered out. */
static size_t show_faults(struct stream *stream, size_t n)
{
	size_t shown = 0;

	for (size_t i = 0; i < n; i++) {
		struct fault *fault = &stream->faults[i];

		cause_recall(&stream->memo, fault, stream->render->geometry, &fault->cause);
		if (!is_wanted(stream, fault))
			continue;
		if (stream->attribution)
			attribute(stream->attribution, fault, what_is_shown(stream));
		show_fault(stream, fault);
		shown++;
	}
	return shown;
}

static struct cpu_totals *cpu_of(struct stream *stream, const struct fault *fault)
{
	return &stream->taken[fault->cpu < stream->totals.cpus ? fault->cpu : 0];
}

static void count_fault(struct stream *stream, const struct fault *fault, bool unwritten)
{
	struct cpu_totals *cpu = cpu_of(stream, fault);

	if (!is_wanted(stream, fault)) {
		cpu->filtered++;
	} else if (unwritten) {
		cpu->lost++;
	} else {
		cpu->printed++;
		if (fault->walk_status != WALK_NONE)
			stream->totals.walks[fault->walk_status]++;
		stream->totals.causes[fault->cause.word]++;
	}
}

/* What can't be written is lost. Of a batch that fails in the middle nobody knows how much was: all of it. */
static int print_faults(struct stream *stream, size_t n)
{
	size_t shown = show_faults(stream, n);
	int err = shown ? output_flush(stream->render->out) : 0;

	for (size_t i = 0; i < n; i++)
		count_fault(stream, &stream->faults[i], err);
	stream->totals.printed += err ? 0 : shown;
	return err;
}

/* The first n faults of the batch are done with. */
static void drop_faults(struct stream *stream, size_t n)
{
	stream->held -= n;
	memmove(stream->faults, stream->faults + n, stream->held * sizeof(*stream->faults));
}

/* What goes beyond the limit is neither walked nor printed, but counted. */
static size_t within_limit(const struct stream *stream, size_t n)
{
	uint64_t left = stream->limit - stream->totals.printed;

	return stream->limit && n > left ? left : n;
}

static int by_time(const void *a, const void *b)
{
	const struct fault *one = a, *other = b;

	return (one->ts > other->ts) - (one->ts < other->ts);
}

/* They come in the order in which they were over, and are shown in the order in which they began. */
static void sort_faults(struct stream *stream)
{
	for (size_t i = 1; i < stream->held; i++)
		if (stream->faults[i].ts < stream->faults[i - 1].ts) {
			qsort(stream->faults, stream->held, sizeof(*stream->faults), by_time);
			return;
		}
}

/* What was lost since it was last said was lost behind the faults that have just been shown, or among them. */
static int tell_lost(struct stream *stream)
{
	uint64_t lost = tracer_count(stream->tracer).lost;

	if (lost == stream->told_lost)
		return 0;
	if (stream->summary)
		return 0;	/* it has no places where something could be missing */
	if (stream->form->lost)
		stream->form->lost(stream->render, lost - stream->told_lost);
	else
		log_info("LOST %llu faults", (unsigned long long)(lost - stream->told_lost));
	stream->told_lost = lost;
	return output_flush(stream->render->out);
}

/*
 * One round: fills the batch from the buffer, asks for what is old enough, shows what is settled (at the end, all of
 * it) and holds the rest.
 */
static int take_batch(struct stream *stream, bool final)
{
	size_t ready, shown;
	int err;

	if (stream->held < BATCH)
		stream->held += tracer_drain(stream->tracer, stream->faults + stream->held, BATCH - stream->held);
	stream->more = stream->held == BATCH;
	sort_faults(stream);
	ready = final ? stream->held : count_ready(stream, stream->held);
	ready = within_limit(stream, ready);
	walk_batch(stream, ready);
	shown = final ? ready : count_settled(stream, ready);
	err = print_faults(stream, shown);
	drop_faults(stream, shown);
	if (!err)
		err = tell_lost(stream);
	if (stream_is_full(stream)) {
		for (size_t i = 0; i < stream->held; i++)
			cpu_of(stream, &stream->faults[i])->filtered++;
		drop_faults(stream, stream->held);
	}
	return err;
}

static void wait_ns(uint64_t ns)
{
	nanosleep(&(const struct timespec){ .tv_nsec = ns }, NULL);
}

int stream_drain(struct stream *stream)
{
	unsigned int rounds;
	int err = 0;

	stream->more = true;
	for (rounds = 0; !err && stream->more && !stream_is_full(stream) && rounds < MAX_ROUNDS; rounds++) {
		if (stream->held == BATCH)
			wait_ns(SETTLE_NS);
		err = take_batch(stream, false);
	}
	return err;
}

bool stream_has_more(const struct stream *stream)
{
	return stream->more;
}

bool stream_is_full(const struct stream *stream)
{
	return stream->limit && stream->totals.printed >= stream->limit;
}

static uint64_t missing_of(const struct cpu_totals *cpu)
{
	return cpu->seen - cpu->printed - cpu->filtered - cpu->lost;
}

static void count_cpu(struct stream *stream, uint32_t i)
{
	struct tracer_counts counts = tracer_count_cpu(stream->tracer, i);
	const struct cpu_totals *taken = &stream->taken[i];

	stream->cpu[i] = (struct cpu_totals){
		.seen = counts.seen, .printed = taken->printed, .filtered = counts.filtered + taken->filtered,
		.lost = counts.lost + taken->lost,
	};
}

static uint64_t count_missing(struct stream *stream)
{
	struct totals *totals = &stream->totals;
	uint64_t missing = 0;

	totals->seen = totals->filtered = totals->lost = 0;
	for (uint32_t i = 0; i < totals->cpus; i++) {
		count_cpu(stream, i);
		totals->seen += stream->cpu[i].seen;
		totals->filtered += stream->cpu[i].filtered;
		totals->lost += stream->cpu[i].lost;
		missing += missing_of(&stream->cpu[i]);
	}
	return missing;
}

void stream_stop(struct stream *stream)
{
	tracer_stop(stream->tracer);
	wait_ns(SETTLE_NS);
	stream->more = true;
}

/*
 * A CPU may still be in the middle of a record that it has counted: detaching doesn't wait for it. It takes far less
 * than the second after which a record that doesn't come is given up.
 */
bool stream_finish(struct stream *stream, int *err)
{
	int failed;

	if (*err || stream->tries >= 1000)
		return true;
	if (!stream->more) {
		stream->tries++;
		wait_ns(1000000);
	}
	failed = take_batch(stream, true);
	*err = failed;
	return !stream->more && !count_missing(stream);
}

void stream_settle(struct stream *stream)
{
	stream->totals.lost += count_missing(stream);
	for (uint32_t i = 0; i < stream->totals.cpus; i++)
		stream->cpu[i].lost += missing_of(&stream->cpu[i]);
}

const struct totals *stream_totals(const struct stream *stream)
{
	return &stream->totals;
}
