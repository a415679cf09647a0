// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "demo.h"

#define LENGTH	(64 * PAGE_SIZE)
#define BYTE	(37 * PAGE_SIZE + 0x123)	/* an address with something in each of its parts */

/* The sum that the processor makes of the address: from one table to the next, by the raw entries alone. */
static bool adds_up(const struct geometry *geometry, const struct path *path, uint64_t addr)
{
	uint64_t last;

	if (path->levels != geometry->levels)
		return false;
	last = path->entry[path->levels - 1] & geometry->pfn_mask;
	return (last | (addr & (PAGE_SIZE - 1))) == path_phys(geometry, path, addr);
}

static uint64_t put_together(const struct geometry *geometry, uint64_t addr)
{
	uint64_t sum = addr & (PAGE_SIZE - 1);

	for (unsigned int i = 0; i < geometry->levels; i++) {
		enum level level = path_level(geometry, i);

		sum += (uint64_t)level_index(geometry, level, addr) << geometry->shift[level];
	}
	return sum;
}

void demo_walk(struct demo_run *run)
{
	struct demo_result *result = run->result;
	struct player *player = play_trace(run) ? play_enter(run) : NULL;
	uint64_t address = player ? play_memory(run, player, LENGTH, 2 * MIB) : 0;
	struct demo_section *section;
	struct path before, after;
	struct phase phase;

	if (!address)
		return;
	address += BYTE;
	stage_show(run->stage, 1);
	if (!play_path(run, player_pid(player), address, &before) ||
	    !play_touch(run, player, address, 1, TOUCH_WRITE, &phase) ||
	    !play_path(run, player_pid(player), address, &after))
		return;
	if (!after.levels) {
		result_skip(result, "the walker %s doesn't see tables", result->walker);
		return;
	}
	section = result_section(result, SECTION_EXPLAINED, "walk", "from the address to the byte");
	section_view(section, player_pid(player), address, &after, "the address");
	claim_holds(result, !path_has_page(&before), "before the touch there is no page behind the address");
	claim_counted(result, 1, phase.faults, "faults of the touch");
	claim_equal(result, run->geometry->levels, after.levels, "entries on the way then, one a level");
	claim_holds(result, put_together(run->geometry, address) == address,
		    "the indices and the offset, put together, are the address");
	claim_holds(result, adds_up(run->geometry, &after, address),
		    "the last entry's page and the offset are the physical address");
}
