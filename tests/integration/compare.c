// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * compare MIN PID...: holds what `pfwatch resolve --json` says of every page of some processes, and of the pages
 * around their mappings, against /proc/PID/pagemap. Says how many addresses of which state there were; exit status 1
 * if one differs or if there were fewer than MIN.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE		4096UL
#define PFN_MASK	((1ULL << 55) - 1)
#define PRESENT		(1ULL << 63)
#define SWAPPED		(1ULL << 62)

/* pagemap's answer for a page, asked before and after pfwatch: one that changed meanwhile proves nothing. */
struct sample {
	uint64_t addr;
	uint64_t pagemap;
};

static struct sample *samples;
static size_t n_samples, room;
static unsigned long compared, mismatches, changed;
static struct { char name[16]; unsigned long n; } states[16];

static void add_sample(uint64_t addr)
{
	if (n_samples == room)
		samples = realloc(samples, (room = room * 2 + 1024) * sizeof(*samples));
	if (!samples)
		abort();
	/* Not always the first byte: the offset has to come out right as well. */
	samples[n_samples].addr = addr + (n_samples * 0x1d3) % PAGE;
	n_samples++;
}

static void add_mappings(const char *pid)
{
	unsigned long long start, end, addr;
	char name[64], line[512];
	FILE *maps;

	snprintf(name, sizeof(name), "/proc/%s/maps", pid);
	maps = fopen(name, "r");
	if (!maps)
		exit(2);
	while (fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%llx-%llx", &start, &end) != 2 || start >> 63)
			continue;
		/* pagemap passes over mappings of bare page frames (VM_PFNMAP): there is nothing to hold against. */
		if (strstr(line, "[vvar"))
			continue;
		add_sample(start - PAGE);
		for (addr = start; addr < end; addr += PAGE)
			add_sample(addr);
		add_sample(end);
	}
	fclose(maps);
}

static uint64_t read_pagemap(int pagemap, uint64_t addr)
{
	uint64_t entry = 0;

	/* Behind the last mapping there is an end of file: nothing there. */
	if (pread(pagemap, &entry, sizeof(entry), addr / PAGE * sizeof(entry)) < 0)
		return 0;
	return entry;
}

static void count_state(const char *state)
{
	size_t i;

	for (i = 0; states[i].n && strcmp(states[i].name, state); i++)
		;
	snprintf(states[i].name, sizeof(states[i].name), "%s", state);
	states[i].n++;
}

/* The value of a member of a line of JSON; these have no quotes or escapes inside. */
static bool member(const char *line, const char *key, char *value, size_t size)
{
	const char *found = strstr(line, key);

	if (!found)
		return false;
	found += strlen(key);
	snprintf(value, size, "%.*s", (int)strcspn(found, "\",}"), found);
	return true;
}

static bool agrees(uint64_t pagemap, const char *state, uint64_t phys, uint64_t addr)
{
	if (pagemap & PRESENT)
		return (!strcmp(state, "mapped") || !strcmp(state, "protnone")) &&
		       phys == (pagemap & PFN_MASK) * PAGE + addr % PAGE;
	if (pagemap & SWAPPED)		/* the swap code's, whatever of */
		return !strcmp(state, "swap") || !strcmp(state, "migration") || !strcmp(state, "hwpoison") ||
		       !strcmp(state, "marker");
	return !strcmp(state, "none");
}

static void compare(const struct sample *sample, const char *line, int pagemap)
{
	char addr[32] = "", state[32] = "", phys[32] = "0";

	member(line, "\"addr\":\"", addr, sizeof(addr));
	member(line, "\"state\":\"", state, sizeof(state));
	member(line, "\"phys\":\"", phys, sizeof(phys));
	compared++;
	count_state(state);
	if (strtoull(addr, NULL, 16) == sample->addr &&
	    agrees(sample->pagemap, state, strtoull(phys, NULL, 16), sample->addr))
		return;
	if (read_pagemap(pagemap, sample->addr) != sample->pagemap) {
		changed++;
		return;
	}
	if (mismatches++ < 5)
		printf("# pagemap has %#llx for %#llx, pfwatch %s", (unsigned long long)sample->pagemap,
		       (unsigned long long)sample->addr, line);
}

static FILE *ask(const char *pid, const char *questions)
{
	char command[256];
	FILE *file = fopen(questions, "w");

	if (!file)
		return NULL;
	for (size_t i = 0; i < n_samples; i++)
		fprintf(file, "0x%llx\n", (unsigned long long)samples[i].addr);
	fclose(file);
	snprintf(command, sizeof(command), "pfwatch resolve --json -p %s - <%s", pid, questions);
	return popen(command, "r");
}

static int compare_process(const char *pid)
{
	char name[64], questions[] = "/tmp/compare.XXXXXX", *line = NULL;
	size_t size = 0, i;
	int pagemap, file = mkstemp(questions), status;
	FILE *answers;

	snprintf(name, sizeof(name), "/proc/%s/pagemap", pid);
	pagemap = open(name, O_RDONLY);
	if (pagemap < 0 || file < 0)
		return -1;
	close(file);
	n_samples = 0;
	add_mappings(pid);
	for (i = 0; i < n_samples; i++)
		samples[i].pagemap = read_pagemap(pagemap, samples[i].addr);
	answers = ask(pid, questions);
	for (i = 0; answers && i < n_samples && getline(&line, &size, answers) > 0; i++)
		compare(&samples[i], line, pagemap);
	status = answers ? pclose(answers) : -1;
	unlink(questions);
	close(pagemap);
	if (i != n_samples || !WIFEXITED(status) || WEXITSTATUS(status)) {
		printf("# PID %s: %zu answers for %zu addresses, status %#x\n", pid, i, n_samples, status);
		return -1;
	}
	return 0;
}

int main(int argc, char **argv)
{
	unsigned long min = argc > 1 ? strtoul(argv[1], NULL, 0) : 0;
	int i, failed = 0;

	for (i = 2; i < argc; i++)
		failed |= compare_process(argv[i]);
	printf("# %lu addresses, %lu mismatches, %lu changed meanwhile:", compared, mismatches, changed);
	for (i = 0; states[i].n; i++)
		printf(" %lu %s", states[i].n, states[i].name);
	printf("\n");
	return failed || mismatches || compared - changed < min;
}
