// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Who faults how often, and what a picture of that looks like. */
#include "fixture.h"
#include "render_top.h"

#define ROOM 4

static const struct top_row *rows[ROOM];

static void add(struct top *top, uint32_t pid, enum cause_word cause, uint64_t latency, unsigned int times)
{
	const struct fault fault = {
		.pid = pid, .tid = pid, .cause.word = cause, .has_latency = latency, .latency = latency,
		.result = cause == CAUSE_FILE_MAJOR ? RESULT_MAJOR : RESULT_MINOR, .comm = "program",
	};

	while (times--)
		top_add(top, &fault);
}

static void assert_order(struct top *top, enum top_sort sort, uint32_t first, uint32_t second, uint32_t third)
{
	assert_int_equal(top_rows(top, sort, rows, ROOM), 3);
	assert_int_equal(rows[0]->pid, first);
	assert_int_equal(rows[1]->pid, second);
	assert_int_equal(rows[2]->pid, third);
}

static void rows_are_in_order(void **state)
{
	struct top *top = top_new(10);

	(void)state;
	add(top, 30, CAUSE_FIRST_TOUCH, 10, 5);
	add(top, 10, CAUSE_COW, 1000, 3);
	add(top, 20, CAUSE_FILE_MAJOR, 1, 2);
	assert_order(top, TOP_BY_FAULTS, 30, 10, 20);
	assert_order(top, TOP_BY_MAJOR, 20, 30, 10);
	assert_order(top, TOP_BY_TIME, 10, 30, 20);
	assert_order(top, TOP_BY_PID, 10, 20, 30);
	assert_int_equal(top_rows(top, TOP_BY_PID, rows, 1), 3);	/* no more than there is room for */
	top_free(top);
}

static void faults_are_in_groups(void **state)
{
	static const enum top_group groups[CAUSES] = {
		[CAUSE_FIRST_TOUCH] = GROUP_NEW, [CAUSE_ZERO_PAGE] = GROUP_NEW, [CAUSE_THP] = GROUP_NEW,
		[CAUSE_COW] = GROUP_COW, [CAUSE_COW_REUSE] = GROUP_COW, [CAUSE_SHMEM] = GROUP_SHMEM,
		[CAUSE_FILE_MINOR] = GROUP_FILE, [CAUSE_FILE_MAJOR] = GROUP_FILE, [CAUSE_WRITE_NOTIFY] = GROUP_FILE,
		[CAUSE_SWAP_IN] = GROUP_SWAP, [CAUSE_NUMA_HINT] = GROUP_OTHER, [CAUSE_MIGRATION] = GROUP_OTHER,
		[CAUSE_HUGETLB] = GROUP_NEW, [CAUSE_USERFAULT] = GROUP_OTHER, [CAUSE_STACK] = GROUP_NEW,
		[CAUSE_SPURIOUS] = GROUP_OTHER, [CAUSE_SEGV] = GROUP_BAD, [CAUSE_SIGBUS] = GROUP_BAD,
		[CAUSE_OOM] = GROUP_BAD, [CAUSE_KERNEL] = GROUP_OTHER, [CAUSE_UNKNOWN] = GROUP_OTHER,
	};

	(void)state;
	for (unsigned int cause = 0; cause < CAUSES; cause++) {
		struct top *top = top_new(1);

		add(top, 1, cause, 0, 7);
		assert_int_equal(top_sum(top)->groups[groups[cause]], 7);
		assert_int_equal(top_sum(top)->faults, 7);
		top_free(top);
	}
}

static void an_interval_begins_anew(void **state)
{
	struct top *top = top_new(10);

	(void)state;
	add(top, 1, CAUSE_COW, 10, 5);
	add(top, 2, CAUSE_COW, 10, 5);
	top_next_interval(top);
	assert_int_equal(top_sum(top)->faults, 0);
	assert_int_equal(top_rows(top, TOP_BY_FAULTS, rows, ROOM), 0);
	add(top, 2, CAUSE_COW, 10, 3);
	assert_int_equal(top_rows(top, TOP_BY_FAULTS, rows, ROOM), 1);
	assert_int_equal(rows[0]->pid, 2);
	assert_int_equal(rows[0]->faults, 3);
	assert_int_equal(rows[0]->time, 30);
	assert_int_equal(rows[0]->groups[GROUP_COW], 3);
	top_free(top);
}

/* Thousands of short processes: memory stays as it is, the sums stay right, and the newest are there. */
static void who_is_idle_makes_room(void **state)
{
	struct top *top = top_new(2);

	(void)state;
	add(top, 1, CAUSE_COW, 10, 1);
	top_next_interval(top);
	add(top, 2, CAUSE_COW, 10, 1);
	add(top, 3, CAUSE_COW, 10, 1);
	assert_int_equal(top_rows(top, TOP_BY_PID, rows, ROOM), 2);
	assert_int_equal(rows[0]->pid, 2);
	assert_int_equal(rows[1]->pid, 3);
	for (uint32_t pid = 4; pid < 2000; pid++)
		add(top, pid, CAUSE_COW, 10, 1);
	assert_int_equal(top_sum(top)->faults, 1998);
	assert_int_equal(top_rows(top, TOP_BY_PID, rows, ROOM), 2);
	top_free(top);
}

static char *picture(struct top *top, uint64_t ns)
{
	struct output *out = capture();
	struct top_frame frame = {
		.sum = top_sum(top), .rows = rows, .ns = ns, .seen = 12, .sort = TOP_BY_TIME, .line_end = "\n",
	};

	frame.processes = frame.n = top_rows(top, TOP_BY_TIME, rows, ROOM);
	render_top(out, &frame);
	return captured_text(out);
}

static void a_picture_has_rates(void **state)
{
	struct top *top = top_new(10);
	char *text;

	(void)state;
	add(top, 4000000, CAUSE_FIRST_TOUCH, 1000000, 200);
	add(top, 7, CAUSE_FILE_MAJOR, 500, 1);
	text = picture(top, 2000000000);
	assert_string_equal(text,
		"pfwatch top: 2 processes faulted in 2.0s, sorted by time; 12 seen\n"
		"    PID COMM             FAULT/s MAJOR/s   MEAN TIME%   NEW   COW  FILE SHMEM  SWAP   BAD OTHER\n"
		"    all                      101     0.5  995us  10.0   100     -   0.5     -     -     -     -\n"
		"4000000 program              100       -  1.0ms  10.0   100     -     -     -     -     -     -\n"
		"      7 program              0.5     0.5  500ns   0.0     -     -   0.5     -     -     -     -\n");
	free(text);
	top_free(top);
}

/* Of an interval of a second. */
static void assert_picture_has(struct top *top, const char *words)
{
	char *text = picture(top, 1000000000);

	assert_non_null(strstr(text, words));
	free(text);
}

/* The mean is of the faults whose latency is known, in this interval. */
static void a_mean_is_of_known_latencies(void **state)
{
	struct top *top = top_new(10);

	(void)state;
	add(top, 1, CAUSE_COW, 2000, 2);
	add(top, 1, CAUSE_SEGV, 0, 98);
	assert_picture_has(top, "     100       -  2.0us   0.0 ");
	top_next_interval(top);
	add(top, 1, CAUSE_SEGV, 0, 98);
	assert_picture_has(top, "      98       -      -   0.0 ");
	add(top, 1, CAUSE_COW, 5000, 1);
	assert_picture_has(top, "      99       -  5.0us   0.0 ");
	top_free(top);
}

/* Columns stay apart however many faults there are: thousands take over. */
static void large_rates_fit(void **state)
{
	struct top *top = top_new(10);

	(void)state;
	add(top, 1, CAUSE_COW, 1, 99999);
	assert_picture_has(top, "99999       -    1ns   0.0     - 99999     -");
	add(top, 1, CAUSE_COW, 1, 1);
	assert_picture_has(top, " 100000       -    1ns   0.0     -  100k     -");
	top_free(top);
}

static void orders_have_names(void **state)
{
	enum top_sort sort;

	(void)state;
	for (enum top_sort i = TOP_BY_FAULTS; i <= TOP_BY_PID; i++) {
		assert_true(top_sort_by_name(top_sort_name(i), &sort));
		assert_int_equal(sort, i);
	}
	assert_false(top_sort_by_name("cpu", &sort));
	assert_false(top_sort_by_name("", &sort));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_in_order),
		cmocka_unit_test(faults_are_in_groups),
		cmocka_unit_test(an_interval_begins_anew),
		cmocka_unit_test(who_is_idle_makes_room),
		cmocka_unit_test(a_picture_has_rates),
		cmocka_unit_test(a_mean_is_of_known_latencies),
		cmocka_unit_test(large_rates_fit),
		cmocka_unit_test(orders_have_names),
	};

	return cmocka_run_group_tests_name("top", tests, NULL, NULL);
}
