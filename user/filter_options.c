// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "filter_options.h"

#include <string.h>

#include "options.h"

static bool add_access(uint32_t *access, const char *name, size_t length)
{
	for (unsigned int i = 0; i < ACCESSES; i++)
		if (strlen(access_name(i)) == length && !memcmp(access_name(i), name, length)) {
			*access |= 1U << i;
			return true;
		}
	return false;
}

static bool parse_access(const char *list, uint32_t *access)
{
	size_t length = strcspn(list, ",");

	*access = 0;
	while (add_access(access, list, length)) {
		if (!list[length])
			return true;
		list += length + 1;
		length = strcspn(list, ",");
	}
	return false;
}

static bool parse_mode(const char *name, struct fault_filter *filter)
{
	filter->no_user_mode = !strcmp(name, "kernel");
	filter->no_kernel_mode = !strcmp(name, "user");
	return filter->no_user_mode || filter->no_kernel_mode;
}

static bool parse_addresses(const char *word, struct fault_filter *filter)
{
	uint64_t end;

	if (!parse_range(word, &filter->start, &end) || filter->start >= end)
		return false;
	filter->length = end - filter->start;
	return true;
}

static bool parse_one_in(const char *word, uint32_t *one_in)
{
	uint64_t value;

	if (!parse_u64(word, &value) || value < 1 || value > UINT32_MAX)
		return false;
	*one_in = value;
	return true;
}

const char *filter_option_take(struct fault_filter *filter, enum filter_option option, const char *value)
{
	switch (option) {
	case FILTER_BY_COMM:
		filter->comm = value;
		return *value ? NULL : "--comm takes the name of a thread";
	case FILTER_BY_ACCESS:
		return parse_access(value, &filter->access) ? NULL :
		       "--access takes read, write and exec, separated by commas";
	case FILTER_BY_MODE:
		return parse_mode(value, filter) ? NULL : "--mode takes user or kernel";
	case FILTER_BY_ADDR:
		return parse_addresses(value, filter) ? NULL :
		       "--addr takes START-END, decimal or hexadecimal with 0x, START below END";
	case FILTER_BY_MAJOR:
		filter->major = true;
		return NULL;
	case FILTER_BY_LATENCY:
		return parse_time(value, &filter->min_latency) ? NULL :
		       "--min-latency takes a time as 800ns, 10us, 1.5ms or 2s (a number alone is in ns)";
	case FILTER_BY_CHANCE:
		return parse_one_in(value, &filter->one_in) ? NULL :
		       "--sample takes N, to show one in N faults: from 1 to 4294967295";
	case FILTER_OPTIONS_END:
		break;
	}
	return "no such filter";
}
