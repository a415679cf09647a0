// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "demo.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>

#include "demo_text.h"

#define DEMO(name, title, id) { name, title, shows_##id, expects_##id, demo_##id }

const struct demo demos[] = {
	DEMO("first-touch", "the cost of touching memory for the first time", first_touch),
	DEMO("prefault", "ways to have memory before it is used", prefault),
	DEMO("stride", "why tables have levels: pages near each other and far apart", stride),
	DEMO("same-address", "one address in two processes", same_address),
	DEMO("cow", "copy on write: fork, then write", cow),
	DEMO("zero-page", "memory that is read before it is written", zero_page),
	DEMO("file", "a mapped file: cold, warm, private, shared", file),
	DEMO("thp", "a huge page, and how it is split", thp),
	DEMO("stack", "the stack grows, up to its limit", stack),
	DEMO("swap", "pages that are swapped out, and come back", swap),
	DEMO("threads", "first touch by many threads at once", threads),
	DEMO("walk", "how the processor finds a byte, bit by bit", walk),
	{ 0 },
};

const struct demo *demo_find(const char *name)
{
	for (const struct demo *demo = demos; demo->name; demo++)
		if (!strcmp(demo->name, name))
			return demo;
	return NULL;
}

void demo_prepare(const struct demo *demo, const struct walker *walker, struct demo_result *result)
{
	struct utsname kernel;

	memset(result, 0, sizeof(*result));
	result->name = demo->name;
	result->title = demo->title;
	result->shows = demo->shows;
	result->expects = demo->expects;
	result->walker = walker_name(walker);
	uname(&kernel);
	snprintf(result->kernel, sizeof(result->kernel), "%s", kernel.release);
}

void demo_play(const struct demo *demo, struct walker *walker, const struct render *live, struct demo_result *result)
{
	struct demo_run run = { .walker = walker, .geometry = walker_geometry(walker), .result = result };

	run.stage = stage_new(walker, live);
	if (!run.stage) {
		result_fail(result, "out of memory");
		return;
	}
	demo->run(&run);
	result->showed_faults = stage_has_shown(run.stage);
	stage_free(run.stage);
	result_conclude(result);
}

/* ---- what they are made of ---- */

bool play_trace(struct demo_run *run)
{
	if (stage_trace(run->stage))
		return true;
	result_skip(run->result, "faults can't be watched here: %s", stage_error(run->stage));
	return false;
}

struct player *play_enter(struct demo_run *run)
{
	struct player *player = stage_enter(run->stage, true);

	if (!player)
		result_fail(run->result, "%s", stage_error(run->stage));
	return player;
}

bool play_order(struct demo_run *run, struct player *player, const struct order *order, struct phase *phase)
{
	bool ok = stage_order(run->stage, player, order, phase);

	run->result->unseen = stage_missed(run->stage);
	if (ok)
		return true;
	result_fail(run->result, "%s", stage_error(run->stage));
	return false;
}

uint64_t play_memory(struct demo_run *run, struct player *player, uint64_t length, uint64_t align)
{
	struct order order = { .act = ACT_MAP, .length = length, .step = align, .prot = PROT_READ | PROT_WRITE,
			       .flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE };
	struct phase phase;

	if (!play_order(run, player, &order, &phase))
		return 0;
	order = (struct order){ .act = ACT_ADVISE, .address = phase.said.address, .length = length,
				.advice = MADV_NOHUGEPAGE };
	return play_order(run, player, &order, &phase) ? order.address : 0;
}

bool play_touch(struct demo_run *run, struct player *player, uint64_t address, uint64_t pages, enum touch touch,
		struct phase *phase)
{
	const struct order order = { .act = ACT_TOUCH, .address = address, .length = pages * PAGE_SIZE,
				     .step = PAGE_SIZE, .count = pages, .write = touch == TOUCH_WRITE };

	return play_order(run, player, &order, phase);
}

bool play_pages(struct demo_run *run, uint32_t pid, uint64_t address, uint64_t pages, struct page_counts *counts)
{
	const struct addresses addresses = { .start = address, .step = PAGE_SIZE, .n = pages };

	if (stage_pages(run->stage, pid, &addresses, counts))
		return true;
	result_fail(run->result, "%s", stage_error(run->stage));
	return false;
}

bool play_path(struct demo_run *run, uint32_t pid, uint64_t addr, struct path *path)
{
	if (stage_path(run->stage, pid, addr, path))
		return true;
	result_fail(run->result, "%s", stage_error(run->stage));
	return false;
}

void claim_nothing_lost(struct demo_run *run, uint64_t lost)
{
	claim_equal(run->result, 0, lost, "faults that were seen and lost on the way");
}

bool play_view(struct demo_run *run, struct demo_section *section, uint32_t pid, uint64_t addr, const char *label)
{
	struct path path;

	if (!play_path(run, pid, addr, &path))
		return false;
	section_view(section, pid, addr, &path, "%s", label);
	return true;
}

const struct path *view_path(const struct demo_section *section, unsigned int view)
{
	return &section->view[view].path;
}

bool path_is_writable(const struct path *path)
{
	struct access_rights rights;

	return path_rights(path, &rights) && rights.write;
}
