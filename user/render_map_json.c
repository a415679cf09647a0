// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "json.h"
#include "render_map.h"

void json_map_region(const struct render *render, const struct map *map, const struct region *region)
{
	struct output *out = render->out;

	put_str(out, "{\"type\":\"region\"");
	put_key_hex(out, "start", region->start);
	put_key_hex(out, "end", region->end);
	put_key_str(out, "kind", region_kind_name(region->kind));
	if (region_has_page(region)) {
		put_key_dec(out, "page_size", region_page_size(map->geometry, region));
		put_key_str(out, "page", region_page_name(region->page));
	}
	put_key_hex(out, "vma", map->vma.vma.start);
	put_str(out, "}\n");
}

/* "name":{"4096":…,…}: members of numbers, the first one without a comma. */
struct members {
	struct output *out;
	bool begun;
};

static struct members begin_members(struct output *out, const char *key)
{
	put_key(out, key);
	put_char(out, '{');
	return (struct members){ out, false };
}

static void put_member(struct members *members, const char *key, uint64_t value)
{
	put_str(members->out, members->begun ? ",\"" : "\"");
	put_str(members->out, key);
	put_str(members->out, "\":");
	put_dec(members->out, value);
	members->begun = true;
}

/* Kinds that there is nothing of are left out, page sizes not: there are three of them. */
static void put_totals(struct output *out, const struct geometry *geometry, const struct map_totals *totals)
{
	struct members members;

	put_key_dec(out, "bytes", totals->size);
	put_key_dec(out, "mapped_bytes", totals->mapped);
	put_key_dec(out, "rss_bytes", totals->resident);
	put_key_dec(out, "anon_huge_bytes", totals->anon_huge);
	put_key_dec(out, "swap_bytes", totals->kind[KIND_SWAP]);
	put_key_dec(out, "none_bytes", totals->kind[KIND_NONE]);
	members = begin_members(out, "page_size_bytes");
	for (enum level level = LEVEL_PTE; level >= LEVEL_PUD; level--)
		put_member(&members, page_size_name(1ULL << geometry->shift[level]), totals->level[level]);
	put_char(out, '}');
	members = begin_members(out, "page_bytes");
	for (unsigned int i = 0; i < PAGE_KINDS; i++)
		if (totals->page[i])
			put_member(&members, region_page_name(i), totals->page[i]);
	put_char(out, '}');
	members = begin_members(out, "kind_bytes");
	for (unsigned int i = 0; i < KINDS; i++)
		if (totals->kind[i])
			put_member(&members, region_kind_name(i), totals->kind[i]);
	put_char(out, '}');
}

void json_map_vma(const struct render *render, const struct map *map, const char *name)
{
	const struct vma *vma = &map->vma.vma;
	struct output *out = render->out;

	put_str(out, "{\"type\":\"vma\"");
	put_key_hex(out, "start", vma->start);
	put_key_hex(out, "end", vma->end);
	put_key_str(out, "perm", vma->perm);
	put_key_str(out, "kind", mapping_kind_name(map->vma.kind));
	put_key_str(out, "name", name);
	put_totals(out, map->geometry, &map->vma.totals);
	put_str(out, "}\n");
}

static void put_tables(struct output *out, const struct map *map)
{
	struct members members = begin_members(out, "tables");

	for (unsigned int i = 0; i < map->geometry->levels; i++) {
		enum level level = path_level(map->geometry, i);

		put_member(&members, level_short_name(level), map->tables.pages[level]);
	}
	put_member(&members, "reserved", map->tables.reserved);
	put_char(out, '}');
	put_key_dec(out, "tables_bytes", map_table_bytes(map));
}

void json_map_end(const struct render *render, const struct map *map)
{
	uint64_t entries = 1ULL << flat_table_bits(map->geometry);
	struct output *out = render->out;

	put_str(out, "{\"type\":\"map\"");
	put_key_dec(out, "pid", map->pid);
	put_key_hex(out, "start", map->start);
	put_key_hex(out, "end", map->end);
	put_key_dec(out, "vmas", map->vmas);
	put_key_dec(out, "regions", map->regions);
	put_totals(out, map->geometry, &map->totals);
	put_tables(out, map);
	put_key_dec(out, "flat_entries", entries);
	put_key_dec(out, "flat_bytes", entries * ENTRY_SIZE);
	put_key_str(out, "walker", render->walker);
	put_str(out, "}\n");
}
