// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The mappings of many processes: how often they are read, and how many are kept. Here all are this very process, and the
 * time is ours: it passes when we say so, and with each reading.
 */
#include <unistd.h>

#include "clock.h"
#define clock_now fake_clock
static uint64_t fake_clock(void);
#include "../../user/budget.c"

#include "fixture.h"
#include "spaces.h"

#define SECOND 1000000000ULL
#define MS 1000000ULL

static uint64_t now = SECOND, cost;
static unsigned int readings;
static bool is_there = true;

static uint64_t fake_clock(void)
{
	return now;
}

/* It is asked at each reading. */
static bool has_space(void *data, uint32_t pid, uint64_t space)
{
	(void)data;
	(void)pid;
	(void)space;
	readings++;
	now += cost;
	return is_there;
}

static const struct vma *find(struct spaces *spaces, uint64_t space, uintptr_t addr)
{
	struct place place = { .pid = getpid(), .space = space, .time = now, .addr = addr };
	uint64_t version;

	return spaces_find(spaces, &place, NULL, &version);
}

/* More spaces than are kept, each faulting on what is not in its list. */
static void reading_takes_a_share_of_the_time(void **state)
{
	struct spaces *spaces = spaces_new(has_space, NULL);
	uint64_t begin = now;

	(void)state;
	readings = 0;
	cost = 10 * MS;
	for (unsigned int i = 0; now - begin < 100 * SECOND; i++) {
		now += MS;
		assert_null(find(spaces, 1 + i % 3000, 1));
	}
	cost = 0;
	spaces_free(spaces);
	/* A quarter of the rest, and half a second to begin with. */
	assert_in_range(readings * 10 * MS, 20 * SECOND, 20 * SECOND + SECOND / 2);
}

static void many_processes_are_known(void **state)
{
	struct spaces *spaces = spaces_new(has_space, NULL);

	(void)state;
	for (unsigned int i = 1; i <= 300; i++)
		assert_non_null(find(spaces, i, (uintptr_t)find));
	is_there = false;
	for (unsigned int i = 1; i <= 300; i++)
		assert_non_null(find(spaces, i, (uintptr_t)find));
	is_there = true;
	spaces_free(spaces);
}

/* And of so many that not all are, the last ones. */
static void the_oldest_is_forgotten(void **state)
{
	struct spaces *spaces = spaces_new(has_space, NULL);

	(void)state;
	assert_non_null(find(spaces, 1, (uintptr_t)find));
	is_there = false;
	for (unsigned int i = 2; i <= 1024; i++)
		assert_null(find(spaces, i, (uintptr_t)find));
	assert_non_null(find(spaces, 1, (uintptr_t)find));
	for (unsigned int i = 1025; i <= 2047; i++)
		assert_null(find(spaces, i, (uintptr_t)find));
	assert_non_null(find(spaces, 1, (uintptr_t)find));
	for (unsigned int i = 2048; i <= 3071; i++)
		assert_null(find(spaces, i, (uintptr_t)find));
	assert_null(find(spaces, 1, (uintptr_t)find));
	is_there = true;
	spaces_free(spaces);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reading_takes_a_share_of_the_time),
		cmocka_unit_test(many_processes_are_known),
		cmocka_unit_test(the_oldest_is_forgotten),
	};

	return cmocka_run_group_tests_name("spaces", tests, NULL, NULL);
}
