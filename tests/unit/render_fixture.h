/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* What the tests of the forms share: a page, a fault on it, and the sums of some. */
#ifndef PFWATCH_TEST_RENDER_FIXTURE_H
#define PFWATCH_TEST_RENDER_FIXTURE_H

#include "cause.h"
#include "fixture.h"
#include "render.h"

static struct render render4, render5;

static inline struct output *begin(void)
{
	struct output *out = capture();

	render4 = (struct render){ .out = out, .geometry = &four_levels, .walker = "kmod", .start = 1000000000 };
	render5 = (struct render){ .out = out, .geometry = &five_levels, .walker = "kmod", .start = 1000000000 };
	return out;
}

/* As INTERFACE.md shows it. */
static const struct path mapped = {
	.levels = 4, .kind = KIND_PAGE, .state = STATE_MAPPED, .value = 0x2358a4000,
	.entry = { 0x237a97067, 0x237a98067, 0x237a99067, 0x80000002358a4867 },
};

static const struct fault write_fault = {
	.ts = 1000042000, .cpu = 1, .pid = 2621, .tid = 2622, .comm = "a.out", .addr = 0x7ffff7eec010,
	.ip = 0x555555555189, .error_code = 6, .walk_status = WALK_OK, .age = 35000, .after = mapped,
	.cause = { .word = CAUSE_FIRST_TOUCH, .facts = 1ULL << FACT_WRITE | 1ULL << FACT_BEFORE_NONE },
};

static const struct totals some_totals = {
	.seen = 2060, .printed = 2048, .filtered = 7, .lost = 5,
	.walks = { [WALK_OK] = 2040, [WALK_GONE] = 5, [WALK_STALE] = 2, [WALK_FAILED] = 1 },
	.causes = { [CAUSE_FIRST_TOUCH] = 2040, [CAUSE_COW] = 7, [CAUSE_UNKNOWN] = 1 },
};

#endif
