// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "mapping_ids.h"

#include "chains.h"

/* Its place in a table where a newcomer drives out whoever is there. */
static struct mapping_end *slot_of(struct mapping_end *table, uint32_t pid, uint64_t at)
{
	return &table[chains_hash(at, pid, 0) & (MAPPING_SLOTS - 1)];
}

static uint64_t id_in(const struct mapping_end *slot, uint32_t pid, uint64_t at)
{
	return slot->pid == pid && slot->at == at ? slot->id : 0;
}

static void set(struct mapping_ids *ids, struct mapping_end *slot, uint32_t pid, uint64_t at, uint64_t id)
{
	if (slot->at == at && slot->id == id && slot->pid == pid)
		return;
	*slot = (struct mapping_end){ .at = at, .id = id, .pid = pid };
	ids->changes++;
}

uint64_t mapping_ids_get(struct mapping_ids *ids, uint32_t pid, const struct vma *vma)
{
	struct mapping_end *start = slot_of(ids->starts, pid, vma->start), *end = slot_of(ids->ends, pid, vma->end);
	uint64_t id = id_in(start, pid, vma->start);

	if (!id)
		id = id_in(end, pid, vma->end);
	if (!id)
		id = ++ids->last;
	set(ids, start, pid, vma->start, id);
	set(ids, end, pid, vma->end, id);
	return id;
}
