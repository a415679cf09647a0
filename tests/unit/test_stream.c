// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The way of the faults, with a tracer and a walker that do as they are told. The functions on both sides get other
 * names, so that the real ones may be linked beside them.
 */
#define tracer_drain fake_drain
#define tracer_stop fake_stop
#define tracer_count fake_count
#define tracer_count_cpu fake_count_cpu
#define tracer_cpus fake_cpus
#define walker_resolve fake_resolve
#define stream_new test_stream_new
#define stream_show_causes test_stream_show_causes
#define stream_sum_up test_stream_sum_up
#define stream_attribute test_stream_attribute
#define stream_free test_stream_free
#define stream_drain test_stream_drain
#define stream_has_more test_stream_has_more
#define stream_is_full test_stream_is_full
#define stream_stop test_stream_stop
#define stream_finish test_stream_finish
#define stream_settle test_stream_settle
#define stream_totals test_stream_totals
#include "../../user/stream.c"

#include <errno.h>

#include "fixture.h"

/* A buffer with faults of one thread, all of the same age when they are taken. Each address is its number. */
static struct {
	uint64_t left, given, lost, filtered, vanished;
	int64_t age;
	bool over;		/* they are finished, and need not settle */
	bool backwards;		/* the first one comes last */
	uint64_t total;
	bool has_left;
	bool has_rest;		/* the path before, and the mapping */
	struct path left_path;
	uint64_t young_from;	/* from this one on they are not yet SETTLE_NS old, however slow this machine is */
} source;

/* The real one, offered no room, writes beyond it. */
size_t fake_drain(struct tracer *tracer, struct fault *faults, size_t max)
{
	size_t n = 0;

	(void)tracer;
	assert_true(max > 0);
	for (; source.left && n < max; n++, source.left--) {
		faults[n] = (struct fault){
			.ts = clock_now() + (source.given < source.young_from ? -source.age : 100000000), .pid = 1, .tid = 1,
			.space = 7, .cpu = source.given % 2, .addr = source.given++, .unfinished = !source.over,
			.has_left = source.has_left, .left = source.left_path,
			.has_before = source.has_rest, .has_vma = source.has_rest,
		};
		if (source.backwards) {
			faults[n].addr = source.total - source.given;
			faults[n].ts = 1000 + faults[n].addr;
		}
	}
	return n;
}

void fake_stop(struct tracer *tracer)
{
	(void)tracer;
}

uint32_t fake_cpus(const struct tracer *tracer)
{
	(void)tracer;
	return 2;
}

static uint64_t of_cpu(uint64_t n, uint32_t cpu)
{
	return cpu ? n / 2 : n - n / 2;
}

/* The other CPU has every second fault. */
struct tracer_counts fake_count_cpu(const struct tracer *tracer, uint32_t cpu)
{
	struct tracer_counts counts = fake_count(tracer);

	counts.seen = of_cpu(source.given + source.left, cpu) + of_cpu(source.lost, cpu) +
		      of_cpu(source.filtered, cpu) + of_cpu(source.vanished, cpu);
	counts.lost = of_cpu(counts.lost, cpu);
	counts.filtered = of_cpu(counts.filtered, cpu);
	return counts;
}

struct tracer_counts fake_count(const struct tracer *tracer)
{
	(void)tracer;
	return (struct tracer_counts){
		.seen = source.given + source.left + source.lost + source.filtered + source.vanished,
		.filtered = source.filtered, .lost = source.lost,
	};
}

static struct {
	int error;
	enum state state;
	unsigned int requests;
} walk;

int fake_resolve(struct walker *walker, uint32_t pid, const uint64_t *space, const uint64_t *addrs, size_t n,
		 struct path *paths, uint64_t *time)
{
	(void)walker;
	assert_int_equal(pid, 1);
	assert_int_equal(*space, 7);
	walk.requests++;
	*time = clock_now();
	for (size_t i = 0; i < n; i++)
		paths[i] = (struct path){ .levels = 4, .kind = KIND_PAGE, .state = walk.state, .value = addrs[i] << 12 };
	return walk.error;
}

static uint64_t shown;
static bool finishing;

static void show(const struct render *render, const struct fault *fault)
{
	assert_int_equal(fault->addr, shown++);		/* in order, none twice */
	assert_true(finishing || source.over || fault->age >= SETTLE_NS);
	if (fault->walk_status == WALK_OK)
		assert_int_equal(fault->after.value, fault->addr << 12);
	put_str(render->out, "line\n");
}

static const struct form form = { .fault = show };
static struct render render;

static struct stream *begin(struct output *out, uint64_t limit, uint64_t faults, int64_t age)
{
	source.left = faults;
	source.given = source.lost = source.vanished = shown = 0;
	source.young_from = UINT64_MAX;
	source.over = source.backwards = source.has_left = source.has_rest = false;
	source.total = faults;
	finishing = false;
	source.age = age;
	walk.error = 0;
	walk.state = STATE_MAPPED;
	walk.requests = 0;
	render = (struct render){ .out = out, .geometry = &four_levels };
	return stream_new(NULL, NULL, &render, &form, limit);
}

static void end(struct stream *stream, uint64_t seen, uint64_t printed, uint64_t filtered, uint64_t lost)
{
	const struct totals *totals = stream_totals(stream);

	assert_int_equal(totals->seen, seen);
	assert_int_equal(totals->printed, printed);
	assert_int_equal(totals->filtered, filtered);
	assert_int_equal(totals->lost, lost);
	assert_int_equal(totals->seen, totals->printed + totals->filtered + totals->lost);
	assert_int_equal(totals->cpu[0].seen + totals->cpu[1].seen, totals->seen);
	for (unsigned int i = 0; i < totals->cpus; i++)
		assert_int_equal(totals->cpu[i].seen,
				 totals->cpu[i].printed + totals->cpu[i].filtered + totals->cpu[i].lost);
	assert_int_equal(totals->walks[WALK_OK] + totals->walks[WALK_GONE] + totals->walks[WALK_STALE] +
			 totals->walks[WALK_FAILED], totals->printed);
	stream_free(stream);
}

static int finish(struct stream *stream)
{
	int err = output_error(stream->render->out);

	finishing = true;
	stream_stop(stream);
	while (!stream_finish(stream, &err))
		;
	stream_settle(stream);
	return err;
}

static void all_are_shown_in_order(void **state)
{
	struct output *out = capture();
	struct stream *stream = begin(out, 0, 10000, 2 * SETTLE_NS);

	(void)state;
	assert_int_equal(stream_drain(stream), 0);
	assert_int_equal(shown, 10000);
	assert_int_equal(finish(stream), 0);
	end(stream, 10000, 10000, 0, 0);
	free(captured_text(out));
}

/* A whole batch within SETTLE_NS, and more behind it: there is no room to take another one, and none to show. */
static void a_burst_of_young_faults_fits(void **state)
{
	struct output *out = capture();
	struct stream *stream = begin(out, 0, 5000, 0);

	(void)state;
	while (source.left)
		assert_int_equal(stream_drain(stream), 0);
	assert_int_equal(finish(stream), 0);
	end(stream, 5000, 5000, 0, 0);
	free(captured_text(out));
}

static void young_faults_wait(void **state)
{
	struct output *out = capture();
	struct stream *stream = begin(out, 0, 10, 2 * SETTLE_NS);

	(void)state;
	source.young_from = 5;
	assert_int_equal(stream_drain(stream), 0);
	assert_int_equal(shown, 5);
	assert_int_equal(finish(stream), 0);
	assert_int_equal(shown, 10);
	end(stream, 10, 10, 0, 0);
	free(captured_text(out));
}

/* show() looks at the age of each. */
static void none_is_shown_before_it_is_old_enough(void **state)
{
	struct output *out = capture();
	struct stream *stream = begin(out, 0, 5, 0);

	(void)state;
	while (shown < 5)
		assert_int_equal(stream_drain(stream), 0);
	assert_int_equal(finish(stream), 0);
	end(stream, 5, 5, 0, 0);
	free(captured_text(out));
}

/* A thread that faults again is done with the fault before. */
static void only_the_last_fault_of_a_thread_is_held(void **state)
{
	struct output *out = capture();
	struct stream *stream = begin(out, 0, 3, 2 * SETTLE_NS);

	(void)state;
	walk.state = STATE_NONE;
	assert_int_equal(stream_drain(stream), 0);
	assert_int_equal(shown, 2);
	assert_int_equal(finish(stream), 0);
	end(stream, 3, 3, 0, 0);
	free(captured_text(out));
}

/* Not there yet, and its thread did nothing since: asked for again, but not for ever. */
static void an_unfinished_fault_is_held(void **state)
{
	struct output *out = capture();
	struct stream *stream = begin(out, 0, 1, 2 * SETTLE_NS);

	(void)state;
	walk.state = STATE_NONE;
	assert_int_equal(stream_drain(stream), 0);
	assert_int_equal(stream_drain(stream), 0);
	assert_int_equal(shown, 0);
	assert_int_equal(walk.requests, 2);
	wait_ns(PATIENCE_NS);
	assert_int_equal(stream_drain(stream), 0);
	assert_int_equal(shown, 1);
	assert_int_equal(finish(stream), 0);
	end(stream, 1, 1, 0, 0);
	free(captured_text(out));
}

/* Over is over: neither young nor unsettled. */
static void what_is_over_is_shown_at_once(void **state)
{
	struct output *out = capture();
	struct stream *stream = begin(out, 0, 5, 0);

	(void)state;
	source.over = true;
	walk.state = STATE_NONE;
	assert_int_equal(stream_drain(stream), 0);
	assert_int_equal(shown, 5);
	assert_int_equal(finish(stream), 0);
	end(stream, 5, 5, 0, 0);
	free(captured_text(out));
}

/* They come as they were over, and are shown as they began: show() expects them so. */
static void faults_are_put_in_order(void **state)
{
	struct output *out = capture();
	struct stream *stream = begin(out, 0, 1000, 0);

	(void)state;
	source.over = source.backwards = true;
	assert_int_equal(stream_drain(stream), 0);
	assert_int_equal(finish(stream), 0);
	end(stream, 1000, 1000, 0, 0);
	free(captured_text(out));
}

static void assert_left(struct path left, int error, enum walk_status status)
{
	struct output *out = capture();
	struct stream *stream = begin(out, 0, 1, 0);

	source.over = source.has_left = true;
	source.left_path = left;
	walk.error = error;
	assert_int_equal(stream_drain(stream), 0);
	assert_int_equal(stream_totals(stream)->walks[status], 1);
	assert_int_equal(finish(stream), 0);
	end(stream, 1, 1, 0, 0);
	free(captured_text(out));
}

static void an_answer_is_held_against_what_the_fault_left(void **state)
{
	const struct path same = { .levels = 4, .kind = KIND_PAGE, .state = STATE_MAPPED };
	struct path other = same;

	(void)state;
	other.entry[3] = 0x5867;
	assert_left(same, 0, WALK_OK);
	assert_left(other, 0, WALK_STALE);
	assert_left(other, -ESRCH, WALK_GONE);
}

static void the_end_shows_what_is_held(void **state)
{
	struct output *out = capture();
	struct stream *stream = begin(out, 0, 1, 0);

	(void)state;
	source.young_from = 0;
	walk.state = STATE_NONE;
	assert_int_equal(stream_drain(stream), 0);
	assert_int_equal(finish(stream), 0);
	assert_int_equal(shown, 1);
	assert_int_equal(walk.requests, 1);	/* at once, not when patience is out */
	end(stream, 1, 1, 0, 0);
	free(captured_text(out));
}

static void assert_limit(uint64_t limit, uint64_t faults, int64_t age)
{
	struct output *out = capture();
	struct stream *stream = begin(out, limit, faults, age);

	assert_int_equal(stream_drain(stream), 0);
	assert_int_equal(finish(stream), 0);
	assert_true(stream_is_full(stream));
	end(stream, faults, limit, faults - limit, 0);
	free(captured_text(out));
}

static void the_limit_is_exact(void **state)
{
	static const uint64_t limits[] = { 1, 2, BATCH - 1, BATCH, BATCH + 1, 3 * BATCH, 5000 };

	(void)state;
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
		assert_limit(limits[i], 5000, 2 * SETTLE_NS);
		assert_limit(limits[i], limits[i] + 1, 0);
	}
}

/* Nothing is known of these faults, so it is no cause of theirs that is asked for, or theirs alone. */
static void causes_are_filtered(void **state)
{
	struct output *out = capture();
	struct stream *stream = begin(out, 0, 3000, 2 * SETTLE_NS);

	(void)state;
	stream_show_causes(stream, ~(1U << CAUSE_UNKNOWN));
	assert_int_equal(finish(stream), 0);
	assert_int_equal(stream_totals(stream)->causes[CAUSE_UNKNOWN], 0);
	end(stream, 3000, 0, 3000, 0);
	stream = begin(out, 7, 3000, 2 * SETTLE_NS);
	stream_show_causes(stream, 1U << CAUSE_UNKNOWN);
	assert_int_equal(stream_drain(stream), 0);
	assert_int_equal(finish(stream), 0);
	assert_int_equal(stream_totals(stream)->causes[CAUSE_UNKNOWN], 7);
	end(stream, 3000, 7, 2993, 0);
	free(captured_text(out));
}

/* What the kernel's side leaves out is not taken, and adds up all the same. */
static void the_tracer_filters_too(void **state)
{
	struct output *out = capture();
	struct stream *stream = begin(out, 0, 3000, 2 * SETTLE_NS);

	(void)state;
	source.filtered = 500;
	assert_int_equal(stream_drain(stream), 0);
	assert_int_equal(finish(stream), 0);
	end(stream, 3500, 3000, 500, 0);
	stream = begin(out, 10, 3000, 2 * SETTLE_NS);
	source.filtered = 500;
	assert_int_equal(stream_drain(stream), 0);
	assert_int_equal(finish(stream), 0);
	end(stream, 3500, 10, 3490, 0);
	source.filtered = 0;
	free(captured_text(out));
}

/* In a summary: nothing is written, what tells all of itself is not asked for, and it all adds up the same. */
static void a_summary_takes_them_instead(void **state)
{
	struct output *out = capture();
	struct stream *stream = begin(out, 4000, 5000, 0);
	struct summary *summary = summary_new(&four_levels, &summary_limits);

	(void)state;
	source.over = source.has_left = source.has_rest = true;
	source.left_path = (struct path){ .levels = 4, .kind = KIND_PAGE, .state = STATE_MAPPED };
	stream_sum_up(stream, summary);
	assert_int_equal(stream_drain(stream), 0);
	assert_int_equal(finish(stream), 0);
	assert_int_equal(walk.requests, 0);
	assert_int_equal(shown, 0);
	assert_int_equal(summary->all.faults, 4000);
	assert_int_equal(summary->by_size[SIZE_4K].faults, 4000);
	assert_int_equal(stream_totals(stream)->printed, 4000);
	assert_int_equal(stream_totals(stream)->filtered, 1000);
	assert_int_equal(stream_totals(stream)->walks[WALK_OK], 0);
	stream_free(stream);
	stream = begin(out, 0, 10, 0);
	source.over = source.has_left = true;	/* but not its mapping */
	stream_sum_up(stream, summary);
	assert_int_equal(stream_drain(stream), 0);
	assert_int_equal(finish(stream), 0);
	assert_int_equal(walk.requests, 1);
	assert_int_equal(summary->all.faults, 4010);
	end(stream, 10, 10, 0, 0);
	summary_free(summary);
	assert_captured(out, "");
}

static void what_never_came_is_lost(void **state)
{
	struct output *out = capture();
	struct stream *stream = begin(out, 0, 10, 2 * SETTLE_NS);

	(void)state;
	source.lost = 4;
	source.vanished = 2;
	assert_int_equal(finish(stream), 0);
	end(stream, 16, 10, 0, 6);
	free(captured_text(out));
}

static void assert_walk(int error, enum walk_status status)
{
	struct output *out = capture();
	struct stream *stream = begin(out, 0, 3, 2 * SETTLE_NS);

	walk.error = error;
	assert_int_equal(stream_drain(stream), 0);
	assert_int_equal(stream_totals(stream)->walks[status], 3);
	assert_int_equal(finish(stream), 0);
	end(stream, 3, 3, 0, 0);
	free(captured_text(out));
}

static void who_is_gone_is_not_a_failure(void **state)
{
	(void)state;
	assert_walk(-ESRCH, WALK_GONE);
	assert_walk(-ENXIO, WALK_GONE);
	assert_walk(-ESTALE, WALK_GONE);
	assert_walk(-EPERM, WALK_FAILED);
	assert_walk(-EBADMSG, WALK_FAILED);
}

/* A fault is in the buffer for as long as its process asks: a drain looks up from it now and then. */
static void a_drain_comes_to_an_end(void **state)
{
	struct output *out = capture();
	struct stream *stream = begin(out, 0, 1000000, 2 * SETTLE_NS);

	(void)state;
	assert_int_equal(stream_drain(stream), 0);
	assert_true(shown < 1000000);
	assert_true(stream_has_more(stream));
	stream_free(stream);
	free(captured_text(out));
}

static void assert_full_disk(bool drain)
{
	struct output *out = output_open("/dev/full");
	struct stream *stream = begin(out, 0, 5, 2 * SETTLE_NS);

	if (drain)
		assert_int_equal(stream_drain(stream), ENOSPC);
	assert_int_equal(finish(stream), ENOSPC);
	assert_int_equal(stream_totals(stream)->seen, 5);
	stream_free(stream);
	output_close(out);
}

/* Whether there is something left to be written at the end or not. */
static void a_full_disk_ends_it_with_its_error(void **state)
{
	(void)state;
	assert_full_disk(true);
	assert_full_disk(false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_are_shown_in_order),
		cmocka_unit_test(a_burst_of_young_faults_fits),
		cmocka_unit_test(young_faults_wait),
		cmocka_unit_test(none_is_shown_before_it_is_old_enough),
		cmocka_unit_test(only_the_last_fault_of_a_thread_is_held),
		cmocka_unit_test(an_unfinished_fault_is_held),
		cmocka_unit_test(what_is_over_is_shown_at_once),
		cmocka_unit_test(faults_are_put_in_order),
		cmocka_unit_test(an_answer_is_held_against_what_the_fault_left),
		cmocka_unit_test(the_end_shows_what_is_held),
		cmocka_unit_test(the_limit_is_exact),
		cmocka_unit_test(causes_are_filtered),
		cmocka_unit_test(the_tracer_filters_too),
		cmocka_unit_test(a_summary_takes_them_instead),
		cmocka_unit_test(what_never_came_is_lost),
		cmocka_unit_test(who_is_gone_is_not_a_failure),
		cmocka_unit_test(a_drain_comes_to_an_end),
		cmocka_unit_test(a_full_disk_ends_it_with_its_error),
	};

	return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
