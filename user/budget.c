// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "budget.h"

#include <time.h>

uint64_t now_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000ULL + time.tv_nsec;
}

int64_t budget_begin(struct budget *budget)
{
	uint64_t time = now_ns();

	if (!budget->end)
		budget->left = budget->burst;
	else
		budget->left += (int64_t)(time - budget->end) / budget->share;
	if (budget->left > budget->burst)
		budget->left = budget->burst;
	budget->begin = budget->end = time;
	return budget->left;
}

void budget_end(struct budget *budget)
{
	budget->end = now_ns();
	budget->left -= budget->end - budget->begin;
}
