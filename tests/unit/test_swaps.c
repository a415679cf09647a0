// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* Which line of /proc/swaps is which swap type: only what is certain has a name. */
#include "fixture.h"
#include "swaps.h"

#define HEADER	"Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
#define A	"/dev/zram0                              partition\t524284\t\t1024\t\t100\n"
#define B	"/swap\\040file                           file\t\t1048572\t\t0\t\t-2\n"
#define C	"/dev/sda5                               partition\t4194812\t\t97536\t\t-3\n"

static struct swaps *read_text(const char *text)
{
	char name[] = "/tmp/pfwatch-swaps-XXXXXX";
	int fd = mkstemp(name);
	struct swaps *swaps;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	swaps = swaps_read(name);
	unlink(name);
	return swaps;
}

static void assert_area(const char *text, unsigned int type, uint64_t seen, const char *expected)
{
	struct swaps *swaps = read_text(text);
	const char *name;

	assert_non_null(swaps);
	name = swaps_name(swaps, type, seen | 1ULL << type);
	if (expected)
		assert_string_equal(name, expected);
	else
		assert_null(name);
	swaps_free(swaps);
}

/* It is that of every entry, whatever slots swapoff has left free. */
static void a_single_area_is_certain(void **state)
{
	(void)state;
	for (unsigned int type = 0; type < 28; type++)
		assert_area(HEADER A, type, 0, "/dev/zram0");
}

static void the_first_number_is_the_first_line(void **state)
{
	(void)state;
	assert_area(HEADER A B, 0, 0, "/dev/zram0");
	assert_area(HEADER A B C, 0, 0, "/dev/zram0");
}

/* 1 is the second line if 0 is in use, the first if it isn't. */
static void holes_make_others_uncertain(void **state)
{
	(void)state;
	assert_area(HEADER A B, 1, 0, NULL);
	assert_area(HEADER A B C, 1, 0, NULL);
	assert_area(HEADER A B C, 2, 0, NULL);
	assert_area(HEADER A B C, 7, 0, NULL);
	assert_area(HEADER A B C, 7, 1 << 3, NULL);
}

static void numbers_that_were_seen_take_their_lines(void **state)
{
	(void)state;
	assert_area(HEADER A B, 1, 1 << 0, "/swap file");
	assert_area(HEADER A B, 5, 1 << 3, "/swap file");
	assert_area(HEADER A B, 3, 1 << 5, "/dev/zram0");
	assert_area(HEADER A B C, 9, 1 << 3 | 1 << 4, "/dev/sda5");
	assert_area(HEADER A B C, 2, 1 << 0 | 1 << 1, "/dev/sda5");
	assert_area(HEADER A B C, 1, 1 << 0, "/swap file");
	assert_area(HEADER A B C, 2, 1 << 1, NULL);
	assert_area(HEADER A B C, 1, 1 << 2 | 1 << 3, "/dev/zram0");
}

static void more_numbers_than_areas_are_not_believed(void **state)
{
	(void)state;
	assert_area(HEADER A, 0, 1 << 1, NULL);
	assert_area(HEADER A B, 4, 1 << 1 | 1 << 2, NULL);
}

static void no_area_has_no_name(void **state)
{
	(void)state;
	assert_null(read_text(HEADER));
	assert_null(read_text(""));
	assert_null(swaps_read("/nowhere/swaps"));
	assert_null(swaps_name(NULL, 0, 1));
	assert_area(HEADER A, 63, 0, NULL);
}

static void deleted_files_and_odd_names_are_read(void **state)
{
	(void)state;
	assert_area(HEADER "/a\\134b\\011c\\012d\\040(deleted) file\t\t1\t\t0\t\t-2\n", 0, 0, "/a\\b\tc\nd (deleted)");
	assert_area(HEADER "/not\\09octal\\4 file\t\t1\t\t0\t\t-2\n", 0, 0, "/not\\09octal\\4");
}

static void assert_equal(const char *a, const char *b, bool expected)
{
	struct swaps *first = read_text(a), *second = read_text(b);

	assert_int_equal(swaps_equal(first, second), expected);
	swaps_free(first);
	swaps_free(second);
}

static void lists_are_compared_by_their_names(void **state)
{
	(void)state;
	assert_equal(HEADER A B, HEADER A B, true);
	assert_equal(HEADER A, HEADER "/dev/zram0 partition\t524284\t\t9999\t\t100\n", true);
	assert_equal(HEADER A B, HEADER B A, false);
	assert_equal(HEADER A B, HEADER A, false);
	assert_equal(HEADER A, HEADER, false);
	assert_equal(HEADER, HEADER, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_single_area_is_certain),
		cmocka_unit_test(the_first_number_is_the_first_line),
		cmocka_unit_test(holes_make_others_uncertain),
		cmocka_unit_test(numbers_that_were_seen_take_their_lines),
		cmocka_unit_test(more_numbers_than_areas_are_not_believed),
		cmocka_unit_test(no_area_has_no_name),
		cmocka_unit_test(deleted_files_and_odd_names_are_read),
		cmocka_unit_test(lists_are_compared_by_their_names),
	};

	return cmocka_run_group_tests_name("swaps", tests, NULL, NULL);
}
