// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/vfs.h>

#include "demo.h"

#define PAGES	1024ULL
#define LENGTH	(PAGES * PAGE_SIZE)
#define AROUND	16		/* pages that a fault maps, where they are in the page cache (fault_around_bytes) */

struct filed {
	struct phase cold, warm, private_write, shared_read, shared_write;
};

enum { COLUMN_FAULTS, COLUMN_MAJOR, COLUMN_MINOR, COLUMN_COW, COLUMN_NOTIFY, COLUMN_NS };

static const struct demo_column columns[] = {
	[COLUMN_FAULTS] = { "faults", "FAULTS", UNIT_COUNT, false },
	[COLUMN_MAJOR] = { "file_major", "file-major", UNIT_COUNT, false },
	[COLUMN_MINOR] = { "file_minor", "file-minor", UNIT_COUNT, false },
	[COLUMN_COW] = { "cow", "cow", UNIT_COUNT, false },
	[COLUMN_NOTIFY] = { "write_notify", "write-notify", UNIT_COUNT, false },
	[COLUMN_NS] = { "ns_per_page", "A PAGE", UNIT_NS, true },
};

static const char *directory(void)
{
	const char *dir = getenv("TMPDIR");

	return dir && *dir ? dir : "/var/tmp";
}

/* A file that is nowhere but in memory is never read from anywhere. */
static bool can_hold_a_file(struct demo_run *run)
{
	struct statfs fs;

	if (statfs(directory(), &fs)) {
		result_skip(run->result, "there is no directory %s", directory());
		return false;
	}
	if (fs.f_type != TMPFS_MAGIC && fs.f_type != RAMFS_MAGIC)
		return true;
	result_skip(run->result, "%s is in memory: a file there is never cold (TMPDIR names another directory)",
		    directory());
	return false;
}

/* Without a name, so that nothing is left behind. */
static bool make_file(struct demo_run *run, struct player *player)
{
	struct order open = { .act = ACT_OPEN, .flags = O_TMPFILE | O_RDWR, .length = LENGTH };
	struct phase phase;

	snprintf(open.path, sizeof(open.path), "%s", directory());
	if (stage_order(run->stage, player, &open, &phase))
		return true;
	result_skip(run->result, "no file without a name can be made in %s: %s", directory(), stage_error(run->stage));
	return false;
}

static uint64_t map(struct demo_run *run, struct player *player, int flags)
{
	const struct order order = { .act = ACT_MAP, .open_file = true, .length = LENGTH, .step = 2 * MIB,
				     .prot = PROT_READ | PROT_WRITE, .flags = flags };
	struct phase phase;

	return play_order(run, player, &order, &phase) ? phase.said.address : 0;
}

static bool unmap(struct demo_run *run, struct player *player, uint64_t address)
{
	const struct order order = { .act = ACT_UNMAP, .address = address, .length = LENGTH };
	struct phase phase;

	return play_order(run, player, &order, &phase);
}

static bool touch_private(struct demo_run *run, struct player *player, struct filed *filed)
{
	const struct order evict = { .act = ACT_EVICT };
	struct phase phase;
	uint64_t address;

	if (!play_order(run, player, &evict, &phase))
		return false;
	address = map(run, player, MAP_PRIVATE);
	stage_show(run->stage, 2);
	if (!address || !play_touch(run, player, address, PAGES, TOUCH_READ, &filed->cold) ||
	    !unmap(run, player, address))
		return false;
	address = map(run, player, MAP_PRIVATE);
	stage_show(run->stage, 2);
	if (!address || !play_touch(run, player, address, PAGES, TOUCH_READ, &filed->warm))
		return false;
	stage_show(run->stage, 2);
	return play_touch(run, player, address, PAGES, TOUCH_WRITE, &filed->private_write) &&
	       unmap(run, player, address);
}

static bool touch_shared(struct demo_run *run, struct player *player, struct filed *filed)
{
	uint64_t address = map(run, player, MAP_SHARED);

	if (!address || !play_touch(run, player, address, PAGES, TOUCH_READ, &filed->shared_read))
		return false;
	stage_show(run->stage, 2);
	return play_touch(run, player, address, PAGES, TOUCH_WRITE, &filed->shared_write);
}

static bool touch_all(struct demo_run *run, struct player *player, struct filed *filed)
{
	return make_file(run, player) && touch_private(run, player, filed) && touch_shared(run, player, filed);
}

static void show_row(struct demo_section *section, const char *label, const struct phase *watched,
		     const struct phase *free)
{
	struct demo_row *row = section_row(section, "%s", label);

	row_set(row, COLUMN_FAULTS, watched->faults);
	row_set(row, COLUMN_MAJOR, watched->causes[CAUSE_FILE_MAJOR]);
	row_set(row, COLUMN_MINOR, watched->causes[CAUSE_FILE_MINOR]);
	row_set(row, COLUMN_COW, watched->causes[CAUSE_COW]);
	row_set(row, COLUMN_NOTIFY, watched->causes[CAUSE_WRITE_NOTIFY]);
	row_set(row, COLUMN_NS, (double)free->said.ns / PAGES);
}

static void show(struct demo_run *run, const struct filed *watched, const struct filed *free)
{
	struct demo_section *section =
		result_table(run->result, "touches", "a mapped file of 4 MiB, 1,024 pages", columns, 6);

	show_row(section, "read, cold", &watched->cold, &free->cold);
	show_row(section, "read, warm", &watched->warm, &free->warm);
	show_row(section, "then written, private", &watched->private_write, &free->private_write);
	show_row(section, "read, shared", &watched->shared_read, &free->shared_read);
	show_row(section, "then written, shared", &watched->shared_write, &free->shared_write);
}

/*
 * A page that is to start the next read-ahead is left out by fault-around, and has a fault of its own; a large folio
 * may be mapped as a whole, so that there are fewer.
 */
static void claim(struct demo_run *run, const struct filed *filed)
{
	const uint64_t most = PAGES / AROUND + PAGES / AROUND / 8;
	struct demo_result *result = run->result;

	claim_nothing_lost(run, filed->cold.lost + filed->warm.lost + filed->private_write.lost +
					filed->shared_read.lost + filed->shared_write.lost);
	claim_between(result, 1, PAGES, filed->cold.causes[CAUSE_FILE_MAJOR],
		      "cold: faults that had to wait for the file");
	claim_between(result, 1, PAGES, filed->cold.faults, "cold: all faults");
	claim_counted(result, 0, filed->warm.causes[CAUSE_FILE_MAJOR], "warm: faults that had to wait for the file");
	claim_between(result, 1, most, filed->warm.faults, "warm: faults, one for %u pages or more (fault-around)",
		      AROUND);
	claim_counted(result, PAGES, filed->private_write.causes[CAUSE_COW],
		    "written, private: faults, a copy each (cow)");
	claim_between(result, 1, most, filed->shared_read.faults, "shared: faults of reads, one for %u pages or more",
		      AROUND);
	claim_counted(result, PAGES, filed->shared_write.causes[CAUSE_WRITE_NOTIFY],
		    "written, shared: faults that tell the file system");
}

void demo_file(struct demo_run *run)
{
	struct filed free = { 0 }, watched = { 0 };
	struct player *player;

	if (!can_hold_a_file(run))
		return;
	player = play_enter(run);
	if (!player || !touch_all(run, player, &free))
		return;
	stage_leave(run->stage, player);
	player = play_trace(run) ? play_enter(run) : NULL;
	if (!player || !touch_all(run, player, &watched))
		return;
	show(run, &watched, &free);
	claim(run, &watched);
}
