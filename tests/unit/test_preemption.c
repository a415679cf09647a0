// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The texts are those of Linux 5.10, 6.1, 6.12 and 7.3 as Debian builds them, and of one for real time. */
#include "fixture.h"
#include "preemption.h"

#define DYNAMIC "#1 SMP PREEMPT_DYNAMIC Debian 6.12.117-1 (2026-11-12)"

static void the_model_in_force_decides(void **state)
{
	(void)state;
	assert_false(preemption_is_on("none (voluntary) full \n", DYNAMIC));
	assert_false(preemption_is_on("(none) voluntary full \n", DYNAMIC));
	assert_true(preemption_is_on("none voluntary (full) \n", DYNAMIC));
	assert_true(preemption_is_on("full (lazy) \n", DYNAMIC));
	assert_true(preemption_is_on("(full) lazy \n", DYNAMIC));
}

static void without_it_the_version_does(void **state)
{
	(void)state;
	assert_false(preemption_is_on("", "#1 SMP Debian 5.10.262-1 (2026-07-31)"));
	assert_true(preemption_is_on("", DYNAMIC));
	assert_true(preemption_is_on("", "#1 SMP PREEMPT_RT Debian 6.12.117-1 (2026-11-12)"));
	assert_true(preemption_is_on("none voluntary full \n", DYNAMIC));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_model_in_force_decides), cmocka_unit_test(without_it_the_version_does),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
