// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "options.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* 16 or more: it is none. */
static unsigned int digit_of(char c)
{
	unsigned int letter = ((unsigned char)c | 0x20) - 'a';

	return c >= '0' && c <= '9' ? (unsigned int)(c - '0') : letter < 26 ? 10 + letter : 16;
}

/* strtoull() takes blanks, signs and a second 0x; an address or a count has none. Files of addresses are long. */
bool parse_u64(const char *word, uint64_t *value)
{
	bool hex = word[0] == '0' && (word[1] == 'x' || word[1] == 'X');
	const char *digits = hex ? word + 2 : word;
	unsigned int base = hex ? 16 : 10;

	if (!*digits)
		return false;
	for (*value = 0; *digits; digits++) {
		unsigned int digit = digit_of(*digits);

		if (digit >= base || __builtin_mul_overflow(*value, base, value) ||
		    __builtin_add_overflow(*value, digit, value))
			return false;
	}
	return true;
}

bool parse_pid(const char *word, uint32_t *pid)
{
	uint64_t value;

	if (!parse_u64(word, &value) || value < 1 || value > INT32_MAX)
		return false;
	*pid = value;
	return true;
}

bool parse_size(const char *word, uint64_t *bytes)
{
	static const char units[] = "KMG";
	size_t digits = strspn(word, "0123456789");
	const char *unit = word[digits] ? strchr(units, word[digits]) : NULL;
	unsigned int shift = unit ? 10 * (unit - units + 1) : 0;

	if (!digits || (word[digits] && (!unit || word[digits + 1])))
		return false;
	errno = 0;
	*bytes = strtoull(word, NULL, 10);
	if (errno || *bytes > UINT64_MAX >> shift)
		return false;
	*bytes <<= shift;
	return true;
}

bool parse_seconds(const char *word, uint64_t *ns)
{
	double seconds;
	char *end;

	if (word[strspn(word, "0123456789.")])
		return false;
	seconds = strtod(word, &end);
	if (end == word || *end || !isfinite(seconds) || seconds <= 0 || seconds > 1e9)
		return false;
	*ns = seconds * 1e9;
	return *ns > 0;
}

/* A number alone counts in ns. */
bool parse_time(const char *word, uint64_t *ns)
{
	static const struct {
		const char *name;
		double ns;
	} units[] = { { "", 1 }, { "ns", 1 }, { "us", 1e3 }, { "ms", 1e6 }, { "s", 1e9 } };
	size_t length = strspn(word, "0123456789.");
	double time;
	char *end;

	time = strtod(word, &end);
	if (!length || end != word + length)
		return false;
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (strcmp(end, units[i].name))
			continue;
		time *= units[i].ns;
		*ns = time <= 1e18 ? time : 0;
		return *ns > 0;
	}
	return false;
}

bool parse_range(const char *word, uint64_t *start, uint64_t *end)
{
	const char *dash = strchr(word, '-');
	char first[32];

	if (!dash || (size_t)(dash - word) >= sizeof(first))
		return false;
	snprintf(first, sizeof(first), "%.*s", (int)(dash - word), word);
	return parse_u64(first, start) && parse_u64(dash + 1, end);
}

static bool add_pid(struct pid_list *list, uint32_t pid)
{
	uint32_t *grown;

	for (size_t i = 0; i < list->n; i++)
		if (list->pid[i] == pid)
			return true;
	grown = realloc(list->pid, (list->n + 1) * sizeof(*grown));
	if (!grown)
		return false;
	list->pid = grown;
	list->pid[list->n++] = pid;
	return true;
}

bool parse_pids(const char *word, struct pid_list *list)
{
	char *copy = strdup(word), *rest = copy, *one;
	bool ok = copy;
	uint32_t pid;

	while (ok && (one = strsep(&rest, ",")))
		ok = parse_pid(one, &pid) && add_pid(list, pid);
	free(copy);
	return ok;
}
