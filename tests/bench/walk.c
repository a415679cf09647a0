// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * walk COST FILE BATCH COUNT PID: asks the walker of the module, as pfwatch itself does, for COUNT of the addresses in
 * FILE, again and again from its beginning, BATCH at once. Writes to COST what this process took for that, in
 * nanoseconds, itself and in the kernel: request, walk, reply, and what walker_resolve() makes of it.
 */
#include <err.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "addresses.h"
#include "walker.h"

static char lines[ADDRESSES][ADDRESS_LEN];
static uint64_t addrs[ADDRESSES];
static struct path paths[ADDRESSES];

static void read_addresses(const char *file)
{
	if (addresses_read(file, lines))
		err(1, "%s", file);
	for (size_t i = 0; i < ADDRESSES; i++)
		addrs[i] = strtoull(lines[i], NULL, 0);
}

static long long cost_so_far(void)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000LL +
	       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000LL;
}

/* The memory that is asked about is populated: an address that isn't mapped would be a cheaper one. */
static void ask(struct walker *walker, uint32_t pid, size_t first, size_t n)
{
	uint64_t time;

	if (walker_resolve(walker, pid, NULL, addrs + first, n, paths, &time))
		errx(1, "%s", walker_error(walker));
	for (size_t i = 0; i < n; i += 64)
		if (paths[i].state != STATE_MAPPED)
			errx(1, "0x%llx is not mapped", (unsigned long long)addrs[first + i]);
}

int main(int argc, char **argv)
{
	size_t batch = argc == 6 ? strtoul(argv[3], NULL, 10) : 0;
	size_t count = batch ? strtoul(argv[4], NULL, 10) : 0;
	struct walker *walker;
	char why[512];
	long long cost;
	FILE *file;

	if (!count || ADDRESSES % batch) {
		fprintf(stderr, "walk COST FILE BATCH COUNT PID\n");
		return 1;
	}
	read_addresses(argv[2]);
	walker = walker_open(WALKER_KMOD, why, sizeof(why));
	if (!walker)
		errx(1, "%s", why);
	cost = cost_so_far();
	for (size_t i = 0; i < count; i += batch)
		ask(walker, strtoul(argv[5], NULL, 10), i % ADDRESSES, batch);
	cost = cost_so_far() - cost;
	walker_close(walker);
	file = fopen(argv[1], "w");
	if (!file || fprintf(file, "%lld\n", cost) < 0 || fclose(file))
		err(1, "%s", argv[1]);
	return 0;
}
