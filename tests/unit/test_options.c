// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Numbers of the command line: what is one, and above all what is none. */
#include "fixture.h"
#include "options.h"

static void assert_u64(const char *word, uint64_t expected)
{
	uint64_t value = ~expected;

	if (!parse_u64(word, &value))
		fail_msg("'%s' was refused", word);
	assert_int_equal(value, expected);
}

static void assert_no_u64(const char *word)
{
	uint64_t value;

	if (parse_u64(word, &value))
		fail_msg("'%s' was taken for a number", word);
}

static void numbers_are_decimal_or_hex(void **state)
{
	(void)state;
	assert_u64("0", 0);
	assert_u64("7", 7);
	assert_u64("18446744073709551615", UINT64_MAX);
	assert_u64("0x0", 0);
	assert_u64("0x7ffff7eec010", 0x7ffff7eec010);
	assert_u64("0X10", 16);
	assert_u64("0xFFFFffffFFFFffff", UINT64_MAX);
}

/* 010 is ten: strtoull() with base 0 would have made it eight. */
static void a_leading_zero_is_not_octal(void **state)
{
	(void)state;
	assert_u64("010", 10);
	assert_u64("08", 8);
	assert_u64("0x010", 16);
}

static void what_is_no_number_is_refused(void **state)
{
	static const char *const words[] = {
		"", "-", "x", "0x", "0xg", "-1", "+1", " 1", "1 ", "1x", "0x10 ", "0x-1", "0x+1", "0x 1", "abc",
		"deadbeef", "1,2", "1.0", "1e3", "\n1", "1\n", "--", "0b1", "0x1_0", "\xb2",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		assert_no_u64(words[i]);
}

/* The nearest address there is would be the wrong one. */
static void what_does_not_fit_is_refused(void **state)
{
	(void)state;
	assert_no_u64("18446744073709551616");
	assert_no_u64("0x10000000000000000");
	assert_no_u64("99999999999999999999999999999999");
}

static void pids_start_at_one(void **state)
{
	uint32_t pid = 42;

	(void)state;
	assert_true(parse_pid("1", &pid));
	assert_int_equal(pid, 1);
	assert_true(parse_pid("0x10", &pid));
	assert_int_equal(pid, 16);
	assert_true(parse_pid("2147483647", &pid));
	assert_int_equal(pid, INT32_MAX);
	assert_false(parse_pid("0", &pid));
	assert_false(parse_pid("-1", &pid));
	assert_false(parse_pid("2147483648", &pid));
	assert_false(parse_pid("4294967297", &pid));	/* 1, if it were cut to 32 bits */
	assert_false(parse_pid("self", &pid));
	assert_int_equal(pid, INT32_MAX);		/* a refused word changes nothing */
}

static void seconds_may_have_a_fraction(void **state)
{
	uint64_t ns = 0;

	(void)state;
	assert_true(parse_seconds("1", &ns));
	assert_int_equal(ns, 1000000000);
	assert_true(parse_seconds("0.5", &ns));
	assert_int_equal(ns, 500000000);
	assert_true(parse_seconds(".25", &ns));
	assert_int_equal(ns, 250000000);
	assert_true(parse_seconds("3600", &ns));
	assert_int_equal(ns, 3600000000000);
}

/* A duration of 0 ns would disarm the timer, and the stream would never end. */
static void seconds_are_more_than_nothing(void **state)
{
	static const char *const words[] = {
		"", "0", "0.0", "0.0000000001", "-1", "+1", " 1", "1s", "1 ", "nan", "inf", "infinity", ".", "1,5",
		"1e400", "2000000000", "1-",
	};
	uint64_t ns;

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (parse_seconds(words[i], &ns))
			fail_msg("'%s' was taken for a time", words[i]);
}

static void pid_lists_keep_their_order(void **state)
{
	struct pid_list list = { 0 };

	(void)state;
	assert_true(parse_pids("30,0x14,10", &list));
	assert_true(parse_pids("5", &list));
	assert_int_equal(list.n, 4);
	assert_int_equal(list.pid[0], 30);
	assert_int_equal(list.pid[1], 20);
	assert_int_equal(list.pid[2], 10);
	assert_int_equal(list.pid[3], 5);
	free(list.pid);
}

/* The same process twice would have to end twice before the stream does. */
static void pid_lists_hold_each_pid_once(void **state)
{
	struct pid_list list = { 0 };

	(void)state;
	assert_true(parse_pids("7,8,7,0x7,8", &list));
	assert_true(parse_pids("8", &list));
	assert_int_equal(list.n, 2);
	assert_int_equal(list.pid[0], 7);
	assert_int_equal(list.pid[1], 8);
	free(list.pid);
}

static void broken_pid_lists_are_refused(void **state)
{
	static const char *const words[] = { "", ",", "1,", ",1", "1,,2", "1, 2", "1;2", "1,0", "1,x", "1-3" };

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		struct pid_list list = { 0 };

		if (parse_pids(words[i], &list))
			fail_msg("'%s' was taken for a list of PIDs", words[i]);
		free(list.pid);
	}
}

static void long_pid_lists_fit(void **state)
{
	struct pid_list list = { 0 };
	char word[32];

	(void)state;
	for (unsigned int i = 1; i <= 5000; i++) {
		snprintf(word, sizeof(word), "%u", i);
		assert_true(parse_pids(word, &list));
	}
	assert_int_equal(list.n, 5000);
	assert_int_equal(list.pid[4999], 5000);
	free(list.pid);
}

static void a_second_0x_is_no_digit(void **state)
{
	uint64_t value;

	(void)state;
	assert_false(parse_u64("0x0x10", &value));
}

static void seconds_are_decimal(void **state)
{
	uint64_t ns;

	(void)state;
	assert_false(parse_seconds("0x10", &ns));
	assert_false(parse_seconds("1e3", &ns));
	assert_false(parse_seconds("1.5.2", &ns));
}

static void times_have_units(void **state)
{
	static const struct { const char *word; uint64_t ns; } times[] = {
		{ "1", 1 }, { "800ns", 800 }, { "10us", 10000 }, { "1.5ms", 1500000 }, { "2s", 2000000000 }, { "0.5us", 500 },
	};
	static const char *const none[] = {
		"", "0", "0s", "ms", "10 us", "10m", "10US", "-1us", "+1us", "1e3", "0x10", "1.2.3s", "0.1ns", "10us ",
		"99999999999999999999s", "inf", "nan",
	};
	uint64_t ns;

	(void)state;
	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++) {
		assert_true(parse_time(times[i].word, &ns));
		assert_int_equal(ns, times[i].ns);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		if (parse_time(none[i], &ns))
			fail_msg("'%s' was taken for a time", none[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_decimal_or_hex),
		cmocka_unit_test(a_leading_zero_is_not_octal),
		cmocka_unit_test(what_is_no_number_is_refused),
		cmocka_unit_test(what_does_not_fit_is_refused),
		cmocka_unit_test(pids_start_at_one),
		cmocka_unit_test(seconds_may_have_a_fraction),
		cmocka_unit_test(seconds_are_more_than_nothing),
		cmocka_unit_test(pid_lists_keep_their_order),
		cmocka_unit_test(pid_lists_hold_each_pid_once),
		cmocka_unit_test(broken_pid_lists_are_refused),
		cmocka_unit_test(long_pid_lists_fit),
		cmocka_unit_test(a_second_0x_is_no_digit),
		cmocka_unit_test(seconds_are_decimal),
		cmocka_unit_test(times_have_units),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
