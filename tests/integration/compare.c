// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * compare [-w WALKER] MIN PID...: holds what `pfwatch resolve --json` says of the pages of some processes (`self`: compare's own;
 * `all`: every process that has memory), and of those around their mappings, against /proc/PID/pagemap. Of a mapping
 * with many pages it takes some, spread evenly. Says how many addresses of which state there were; exit status 1 if
 * one differs or if there were fewer than MIN.
 *
 * pagemap is silent where pfwatch isn't, and only there the two may differ:
 *  - it passes over mappings of bare page frames (VM_PFNMAP: vvar, /dev/mem, devices);
 *  - of a hugetlb entry that is not present it tells nothing (poisoned; a marker; on its way to another page).
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE		4096UL
#define MAX_PAGES	16384UL		/* of one mapping; odd steps, so that not all are the first of a huge page */
#define PFN_MASK	((1ULL << 55) - 1)
#define PRESENT		(1ULL << 63)
#define SWAPPED		(1ULL << 62)

/* pagemap's answer for a page, asked before and after pfwatch: one that changed meanwhile proves nothing. */
struct sample {
	uint64_t addr;
	uint64_t pagemap;
	bool bare_frames;	/* VM_PFNMAP */
	bool hugetlb;
};

struct answer {
	char addr[32], state[32], phys[32], type[16], offset[32];
};

static struct sample *samples;
static size_t n_samples, room;
static unsigned long compared, mismatches, changed, bare_frames, silent_hugetlb;
static struct { char name[32]; unsigned long n; } states[16];
static const char *walker;	/* NULL: the best there is */

static void add_sample(uint64_t addr)
{
	if (n_samples == room)
		samples = realloc(samples, (room = room * 2 + 1024) * sizeof(*samples));
	if (!samples)
		abort();
	/* Not always the first byte: the offset has to come out right as well. */
	samples[n_samples] = (struct sample){ .addr = addr + (n_samples * 0x1d3) % PAGE };
	n_samples++;
}

/* The pages next to the mappings, where there is none: from the end of one (0: of none yet) to the start of another. */
static void add_hole(uint64_t from, uint64_t to)
{
	if (from < to)
		add_sample(to - PAGE);
	if (from && from < to - PAGE)
		add_sample(from);
}

static void add_mapping(uint64_t start, uint64_t end)
{
	uint64_t step = ((end - start) / PAGE / MAX_PAGES | 1) * PAGE;

	for (uint64_t addr = start; addr < end; addr += step)
		add_sample(addr);
}

/* "VmFlags: rd mr mw ...", behind a mapping's lines. first: of its samples. */
static void note_flags(size_t first, const char *line)
{
	for (size_t i = first; i < n_samples; i++) {
		samples[i].bare_frames = strstr(line, " pf");
		samples[i].hugetlb = strstr(line, " ht");
	}
}

static void add_mappings(const char *pid)
{
	unsigned long long start, end, last_end = 0;
	char name[64], line[512];
	size_t first = 0;
	FILE *smaps;

	snprintf(name, sizeof(name), "/proc/%s/smaps", pid);
	smaps = fopen(name, "r");
	if (!smaps)
		exit(2);
	while (fgets(line, sizeof(line), smaps)) {
		if (!strncmp(line, "VmFlags:", 8))
			note_flags(first, line);
		/* The vsyscall page is in the kernel's half. */
		if (sscanf(line, "%llx-%llx ", &start, &end) != 2 || start >> 63)
			continue;
		add_hole(last_end, start);
		first = n_samples;
		add_mapping(start, end);
		last_end = end;
	}
	add_hole(last_end, last_end + 2 * PAGE);
	fclose(smaps);
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

/* A migration, a poisoned page, a marker: not present, and pagemap shows the entry as if it were a swap entry. */
static bool is_other_entry(const char *state)
{
	return !strcmp(state, "marker") || !strcmp(state, "hwpoison") || !strcmp(state, "migration");
}

static bool has_page(const char *state)
{
	return !strcmp(state, "mapped") || !strcmp(state, "protnone") || !strcmp(state, "device");
}

static bool agrees(uint64_t pagemap, const struct answer *answer, uint64_t addr)
{
	const char *state = answer->state;

	if (pagemap & PRESENT)
		return has_page(state) &&
		       strtoull(answer->phys, NULL, 16) == (pagemap & PFN_MASK) * PAGE + addr % PAGE;
	if (pagemap & SWAPPED && !strcmp(state, "swap"))
		return strtoull(answer->type, NULL, 10) == (pagemap & 31) &&
		       strtoull(answer->offset, NULL, 10) == (pagemap & PFN_MASK) >> 5;
	if (pagemap & SWAPPED)
		return is_other_entry(state);
	return !strcmp(state, "none");
}

/* Where pagemap says nothing though there is something. */
static bool is_exception(const struct sample *sample, const struct answer *answer)
{
	if (sample->pagemap & (PRESENT | SWAPPED))
		return false;
	if (sample->bare_frames && has_page(answer->state)) {
		bare_frames++;
		return true;
	}
	if (sample->hugetlb && is_other_entry(answer->state)) {
		silent_hugetlb++;
		return true;
	}
	return false;
}

static void compare(const struct sample *sample, const char *line, int pagemap)
{
	struct answer answer = { .phys = "0" };

	member(line, "\"addr\":\"", answer.addr, sizeof(answer.addr));
	member(line, "\"state\":\"", answer.state, sizeof(answer.state));
	member(line, "\"phys\":\"", answer.phys, sizeof(answer.phys));
	member(line, "\"swap\":{\"type\":", answer.type, sizeof(answer.type));
	member(line, "\"offset\":", answer.offset, sizeof(answer.offset));
	compared++;
	count_state(answer.state);
	if (strtoull(answer.addr, NULL, 16) == sample->addr &&
	    (agrees(sample->pagemap, &answer, sample->addr) || is_exception(sample, &answer)))
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
	snprintf(command, sizeof(command), "pfwatch resolve --json %s %s -p %s - <%s", walker ? "--walker" : "",
		 walker ? walker : "", pid, questions);
	return popen(command, "r");
}

static int compare_process(const char *pid)
{
	char name[64], questions[] = "/tmp/compare.XXXXXX", *line = NULL;
	size_t size = 0, i;
	int pagemap, file = mkstemp(questions), status;
	FILE *answers;

	n_samples = 0;
	add_mappings(pid);
	snprintf(name, sizeof(name), "/proc/%s/pagemap", pid);
	pagemap = open(name, O_RDONLY);
	if (pagemap < 0 || file < 0)
		return -1;
	close(file);
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

static bool has_memory(const char *pid)
{
	char name[300];
	FILE *maps;
	int c;

	snprintf(name, sizeof(name), "/proc/%s/maps", pid);
	maps = fopen(name, "r");
	c = maps ? fgetc(maps) : EOF;
	if (maps)
		fclose(maps);
	return c != EOF;
}

static int compare_all(void)
{
	DIR *processes = opendir("/proc");
	struct dirent *entry;
	int failed = 0;

	while (processes && (entry = readdir(processes)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && has_memory(entry->d_name))
			failed |= compare_process(entry->d_name);
	if (processes)
		closedir(processes);
	return failed;
}

static int compare_argument(const char *argument)
{
	char self[16];

	if (!strcmp(argument, "all"))
		return compare_all();
	snprintf(self, sizeof(self), "%d", getpid());
	return compare_process(strcmp(argument, "self") ? argument : self);
}

int main(int argc, char **argv)
{
	bool chosen = argc > 2 && !strcmp(argv[1], "-w");
	unsigned long min;
	int i = chosen ? 3 : 1, failed = 0;

	walker = chosen ? argv[2] : NULL;
	min = i < argc ? strtoul(argv[i], NULL, 0) : 0;
	for (i++; i < argc; i++)
		failed |= compare_argument(argv[i]);
	printf("# %lu addresses, %lu mismatches, %lu changed meanwhile, pagemap silent on %lu bare frames, %lu hugetlb "
	       "entries:", compared, mismatches, changed, bare_frames, silent_hugetlb);
	for (i = 0; states[i].n; i++)
		printf(" %lu %s", states[i].n, states[i].name);
	printf("\n");
	return failed || mismatches || compared - changed < min;
}
