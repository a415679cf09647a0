// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "budget.h"

#include "clock.h"

int64_t budget_begin(struct budget *budget)
{
	uint64_t time = clock_now();

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
	budget->end = clock_now();
	budget->left -= budget->end - budget->begin;
}
