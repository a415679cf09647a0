// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * An address space for people, within 100 columns: a line for each mapping, or with -v a block; then the sums, the
 * tables beside a flat one, and a picture of what is populated.
 */
#include <string.h>

#include "render_map.h"
#include "text.h"

enum { WIDTH = 100, WIDTH_RANGE = 29, WIDTH_SIZE = 6, WIDTH_KIND = 7, WIDTH_LEVEL = 8, WIDTH_LABEL = 15 };

/* ---- pieces ---- */

/* In a column nothing is easier to see than 0. */
static void put_size_column(struct output *out, uint64_t bytes)
{
	if (bytes)
		put_size(out, bytes, WIDTH_SIZE);
	else
		put_str(out, "     -");
}

/* One cell of a bar. */
static void put_grade(const struct render *render, unsigned int grade)
{
	static const char *const blocks[] = { " ", "░", "▒", "▓", "█" };
	static const char ascii[] = " .:+#";

	if (render->utf8)
		put_str(render->out, blocks[grade]);
	else
		put_char(render->out, ascii[grade]);
}

static void put_range(struct output *out, uint64_t start, uint64_t end)
{
	put_hex(out, start);
	put_char(out, '-');
	put_hex(out, end);
}

/* ---- mappings ---- */

void text_map_header(const struct render *render)
{
	struct output *out = render->out;

	put_colour(out, BOLD);
	put_column(out, "MAPPING", WIDTH_RANGE);
	put_str(out, "PERM   SIZE MAPPED  HUGE  SWAP KIND    POPULATED        NAME");
	put_colour(out, PLAIN);
	put_char(out, '\n');
}

static void put_bar(const struct render *render, const struct map_vma *vma)
{
	for (unsigned int i = 0; i < VMA_CELLS; i++)
		put_grade(render, vma_cell_grade(vma, i));
}

static uint64_t huge(const struct map_totals *totals)
{
	return totals->level[LEVEL_PMD] + totals->level[LEVEL_PUD];
}

void text_map_vma(const struct render *render, const struct map *map, const char *name)
{
	const struct map_totals *totals = &map->vma.totals;
	const struct vma *vma = &map->vma.vma;
	struct output *out = render->out;
	size_t mark = put_mark(out), used;

	put_range(out, vma->start, vma->end);
	put_fill(out, mark, WIDTH_RANGE);
	put_char(out, ' ');
	put_str(out, vma->perm);
	put_char(out, ' ');
	put_size(out, totals->size, WIDTH_SIZE);
	put_char(out, ' ');
	put_size_column(out, totals->mapped);
	put_size_column(out, huge(totals));
	put_size_column(out, totals->kind[KIND_SWAP]);
	put_char(out, ' ');
	put_column(out, mapping_kind_name(map->vma.kind), WIDTH_KIND);
	used = put_mark(out) - mark + VMA_CELLS;
	put_bar(render, &map->vma);
	if (*name) {
		put_char(out, ' ');
		put_name(out, name, WIDTH - used - 1);
	}
	put_char(out, '\n');
}

/* ", " between what isn't 0; a dash if all is. */
struct listing {
	struct output *out;
	bool begun;
};

static void list(struct listing *listing, const char *name, uint64_t bytes)
{
	if (!bytes)
		return;
	put_str(listing->out, listing->begun ? ", " : "");
	put_str(listing->out, name);
	put_char(listing->out, ' ');
	put_size(listing->out, bytes, 0);
	listing->begun = true;
}

static void put_label(struct output *out, const char *label)
{
	size_t mark = put_mark(out);

	put_str(out, "  ");
	put_str(out, label);
	put_fill(out, mark, WIDTH_LABEL);
}

static void end_listing(struct listing *listing)
{
	put_str(listing->out, listing->begun ? "\n" : "-\n");
}

/* Three ways to divide the same bytes: what the entries are, what the pages are, how large these are. */
static void put_totals(struct output *out, const struct geometry *geometry, const struct map_totals *totals)
{
	struct listing entries = { out, false }, pages = { out, false }, sizes = { out, false };
	unsigned int i;

	put_label(out, "entries");
	for (i = 0; i < KINDS; i++)
		list(&entries, region_kind_name(i), totals->kind[i]);
	end_listing(&entries);
	put_label(out, "pages");
	for (i = 0; i < PAGE_KINDS; i++)
		list(&pages, region_page_name(i), totals->page[i]);
	end_listing(&pages);
	put_label(out, "in pages of");
	for (enum level level = LEVEL_PTE; level >= LEVEL_PUD; level--)
		list(&sizes, page_size_name(1ULL << geometry->shift[level]), totals->level[level]);
	end_listing(&sizes);
	put_label(out, "as smaps");
	put_str(out, "Rss ");
	put_size(out, totals->resident, 0);
	put_str(out, ", Swap ");
	put_size(out, totals->kind[KIND_SWAP], 0);
	put_str(out, ", AnonHugePages ");
	put_size(out, totals->anon_huge, 0);
	put_char(out, '\n');
}

void verbose_map_vma(const struct render *render, const struct map *map, const char *name)
{
	const struct vma *vma = &map->vma.vma;
	struct output *out = render->out;

	put_colour(out, BOLD);
	put_range(out, vma->start, vma->end);
	put_colour(out, PLAIN);
	put_str(out, "  ");
	put_str(out, vma->perm);
	put_str(out, "  ");
	put_size(out, vma->end - vma->start, 0);
	put_str(out, "  ");
	put_str(out, mapping_kind_name(map->vma.kind));
	put_str(out, "  [");
	put_bar(render, &map->vma);
	put_char(out, ']');
	if (*name) {
		put_str(out, "  ");
		put_safe(out, name);
	}
	put_char(out, '\n');
	put_totals(out, map->geometry, &map->vma.totals);
}

void no_map_region(const struct render *render, const struct map *map, const struct region *region)
{
	(void)render;
	(void)map;
	(void)region;
}

/* ---- tables ---- */

static void put_table_line(struct output *out, const struct map *map, const char *name, uint64_t pages)
{
	size_t mark = put_mark(out);

	put_str(out, "  ");
	put_str(out, name);
	put_fill(out, mark, WIDTH_LEVEL + 2);
	put_dec_right(out, pages, 10, ' ');
	put_char(out, ' ');
	put_size(out, pages << map->geometry->page_shift, WIDTH_SIZE);
}

static void put_percent(struct output *out, uint64_t part, uint64_t whole)
{
	uint64_t tenths = (unsigned __int128)part * 1000 / whole;

	put_dec(out, tenths / 10);
	put_char(out, '.');
	put_dec(out, tenths % 10);
	put_char(out, '%');
}

static void put_used(struct output *out, const struct map *map, enum level level)
{
	uint64_t used = map_entries_used(map, level);
	uint64_t entries = map->tables.pages[level] * map->geometry->entries[level];

	put_char(out, ' ');
	put_dec_right(out, used, 13, ' ');
	put_str(out, " of ");
	put_dec(out, entries);
	if (entries && used <= entries) {
		put_str(out, " (");
		put_percent(out, used, entries);
		put_char(out, ')');
	}
}

static void put_table_levels(struct output *out, const struct map *map)
{
	for (unsigned int i = 0; i < map->geometry->levels; i++) {
		enum level level = path_level(map->geometry, i);

		put_table_line(out, map, level_name(level), map->tables.pages[level]);
		put_used(out, map, level);
		put_char(out, '\n');
	}
	if (map->tables.reserved) {
		put_table_line(out, map, "reserved", map->tables.reserved);
		put_str(out, "               for huge pages that may be split\n");
	}
	put_table_line(out, map, "all", map_table_pages(map));
	put_char(out, '\n');
}

static void put_flat_table(struct output *out, unsigned int bits, unsigned int entry, const char *of)
{
	put_str(out, "  2^");
	put_dec(out, bits);
	put_str(out, " entries of ");
	put_dec(out, entry);
	put_str(out, " bytes = ");
	put_size(out, (uint64_t)entry << bits, 0);
	put_str(out, of);
}

/*
 * What the levels save: a table that is an array needs an entry for each page there could be. 2^20 entries in 32 bits
 * and 2^36 in 48 are what the textbooks compute; half of the latter is a process' own.
 */
static void put_flat(struct output *out, const struct map *map)
{
	unsigned int bits = flat_table_bits(map->geometry);
	uint64_t tables = map_table_bytes(map);

	put_str(out, "One flat table instead would have an entry for each page of the addresses:\n");
	put_flat_table(out, bits, ENTRY_SIZE, " for the user half");
	if (tables) {
		put_str(out, ", ");
		put_dec(out, ((uint64_t)ENTRY_SIZE << bits) / tables);
		put_str(out, " times what the tables take");
	}
	put_char(out, '\n');
	put_flat_table(out, bits + 1, ENTRY_SIZE, " for all addresses");
	put_str(out, map->geometry->levels == 4 ? " of 48 bits\n" : " of 57 bits\n");
	put_flat_table(out, 20, 4, " for the addresses of 32 bits\n");
}

static void put_tables(const struct render *render, const struct map *map)
{
	struct output *out = render->out;

	put_colour(out, BOLD);
	put_str(out, "TABLES         PAGES  BYTES  ENTRIES USED");
	put_colour(out, PLAIN);
	put_char(out, '\n');
	put_table_levels(out, map);
	put_flat(out, map);
}

/* ---- the picture ---- */

/* Nothing is mapped there: as wide as it is, it takes a line. */
static void put_gap(struct output *out, uint64_t bytes)
{
	if (!bytes)
		return;
	put_colour(out, DIM);
	put_str(out, "                     ");
	put_size(out, bytes, WIDTH_SIZE);
	put_str(out, " nothing mapped");
	put_colour(out, PLAIN);
	put_char(out, '\n');
}

/* The last cell may reach beyond the end. */
static uint64_t cell_size(const struct cluster *cluster, unsigned int i)
{
	uint64_t at = cluster->start + ((uint64_t)i << cluster->shift);
	uint64_t size = 1ULL << cluster->shift;

	return cluster->end - at < size ? cluster->end - at : size;
}

static void put_cluster(const struct render *render, const struct cluster *cluster)
{
	struct output *out = render->out;
	unsigned int i, n = cluster_cells(cluster);
	size_t mark = put_mark(out);

	put_hex(out, cluster->start);
	put_fill(out, mark, 18);
	put_char(out, ' ');
	put_size(out, 1ULL << cluster->shift, 5);
	put_str(out, "/cell |");
	for (i = 0; i < n; i++)
		put_grade(render, fill_grade(cluster->cells[i], cell_size(cluster, i)));
	put_str(out, "|\n");
}

static void put_picture(const struct render *render, const struct map *map)
{
	const struct picture *picture = &map->picture;
	struct output *out = render->out;
	uint64_t at = map->start;

	put_colour(out, BOLD);
	put_str(out, "ADDRESS              CELL       POPULATED");
	put_colour(out, PLAIN);
	put_char(out, '\n');
	for (unsigned int i = 0; i < picture->n; i++) {
		put_gap(out, picture->cluster[i].start - at);
		put_cluster(render, &picture->cluster[i]);
		at = picture->cluster[i].end;
	}
	put_gap(out, map->end - at);
}

void text_map_end(const struct render *render, const struct map *map)
{
	struct output *out = render->out;

	put_colour(out, BOLD);
	put_str(out, "\nPID ");
	put_dec(out, map->pid);
	put_str(out, "  ");
	put_range(out, map->start, map->end);
	put_colour(out, PLAIN);
	put_str(out, "  ");
	put_dec(out, map->vmas);
	put_str(out, map->vmas == 1 ? " mapping of " : " mappings of ");
	put_size(out, map->totals.size, 0);
	put_str(out, ", pages in ");
	put_size(out, map->totals.mapped, 0);
	put_char(out, '\n');
	put_totals(out, map->geometry, &map->totals);
	put_char(out, '\n');
	put_tables(render, map);
	put_char(out, '\n');
	put_picture(render, map);
}
