// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "render_levels.h"

#include "text.h"

unsigned int width_path(const struct render *render)
{
	return render->geometry->levels * 4 - 1;
}

void put_path_header(const struct render *render)
{
	put_column(render->out, "ADDRESS", WIDTH_ADDR);
	put_column(render->out, render->geometry->levels == 5 ? "PGD.P4D.PUD.PMD.PTE" : "PGD.PUD.PMD.PTE",
		   width_path(render));
}

/* Those above the last one, each with its dot, as they were last time: the address decides, and how many levels. */
static char *store_upper_indices(char *at, const struct geometry *geometry, unsigned int n, uint64_t addr)
{
	static uint64_t known_key;
	static unsigned int known_len;
	static char known[STORE_WORD];
	uint64_t key = addr >> geometry->shift[path_level(geometry, n - 1)] | (uint64_t)n << 48 |
		       (uint64_t)geometry->levels << 56;
	char *begin = at;

	if (known_key == key) {
		memcpy(at, known, STORE_WORD);
		return at + known_len;
	}
	for (unsigned int i = 0; i < n; i++) {
		at = store_dec(at, level_index(geometry, path_level(geometry, i), addr));
		*at++ = '.';
	}
	known_key = key;
	known_len = at - begin;
	memcpy(known, begin, STORE_WORD);
	return at;
}

char *store_indices(char *at, const struct render *render, const struct path *path, uint64_t addr)
{
	const struct geometry *geometry = render->geometry;
	unsigned int width = width_path(render), last = path->levels - 1;
	char *begin = at;

	if (!path->levels) {
		at = store_str(at, "-");
	} else {
		if (last)
			at = store_upper_indices(at, geometry, last, addr);
		at = store_dec(at, level_index(geometry, path_level(geometry, last), addr));
	}
	at = store_blanks(at, begin + width - at);
	return store_str(at, " ");
}

void put_indices(const struct render *render, const struct path *path, uint64_t addr)
{
	output_put_to(render->out, store_indices(output_room(render->out, 2 * STORE_NUMBER), render, path, addr));
}

/* ---- what there is instead of a page ---- */

static void put_swap(struct output *out, const struct path *path, const char *name)
{
	put_str(out, "area ");
	put_dec(out, path->swap_type);
	put_str(out, " offset ");
	put_dec(out, path->value);
	if (name) {
		put_str(out, " in ");
		put_safe(out, name);
	}
}

void put_markers(struct output *out, const struct path *path)
{
	const char *names[MAX_MARKERS];
	size_t n = path_markers(path, names);

	put_str(out, "marker");
	for (size_t i = 0; i < n; i++) {
		put_str(out, i ? ", " : ": ");
		put_str(out, names[i]);
	}
}

void put_detail(const struct render *render, const struct path *path, const char *swap_name)
{
	struct output *out = render->out;

	switch (path->state) {
	case STATE_MAPPED:
		break;
	case STATE_NONE:
		put_str(out, path->levels ? "nothing at the " : "nothing there");
		if (path->levels)
			put_str(out, level_name(path_level(render->geometry, path->levels - 1)));
		break;
	case STATE_SWAP:
		put_swap(out, path, swap_name);
		break;
	case STATE_MARKER:
		put_markers(out, path);
		break;
	case STATE_PROTNONE:
		put_str(out, path->numa_hint ? "protnone (NUMA hint)" : "protnone");
		break;
	case STATE_BAD_ADDRESS:
		put_str(out, "not canonical");
		break;
	case STATE_UNKNOWN:
		put_str(out, path->changed ? "changed meanwhile" : "unknown");
		break;
	default:
		put_str(out, state_name(path->state));
	}
}

/* ---- a block ---- */

void put_level_head(const struct render *render, unsigned int i, uint64_t addr)
{
	enum level level = path_level(render->geometry, i);
	struct output *out = render->out;

	put_str(out, "  ");
	put_str(out, level_name(level));
	put_char(out, ' ');
	put_dec_right(out, level_index(render->geometry, level, addr), 3, ' ');
	put_str(out, "  ");
}

void put_level_entry(const struct render *render, const struct path *path, unsigned int i)
{
	enum kind kind = path_kind(path, i);
	struct output *out = render->out;

	put_hex16(out, path->entry[i]);
	put_str(out, "  ");
	if (kind == KIND_PAGE) {
		put_str(out, page_size_name(1ULL << render->geometry->shift[path_level(render->geometry, i)]));
		put_str(out, " page ");
	} else {
		put_column(out, kind_name(kind), 7);
	}
}

static void put_level(const struct render *render, const struct path *path, unsigned int i, uint64_t addr)
{
	const char *flags[MAX_FLAGS];
	size_t n = path_flags(render->geometry, path, i, flags);

	put_level_head(render, i, addr);
	put_level_entry(render, path, i);
	for (size_t j = 0; j < n; j++) {
		put_char(render->out, ' ');
		put_str(render->out, flags[j]);
	}
	put_char(render->out, '\n');
}

void put_block_end(const struct render *render, const struct path *path, uint64_t addr, const char *swap_name)
{
	struct output *out = render->out;
	uint64_t phys;

	put_str(out, "  ");
	if (path_has_page(path)) {
		phys = path_phys(render->geometry, path, addr);
		put_str(out, "physical page ");
		put_hex(out, path->value);
		put_str(out, " + offset ");
		put_hex(out, phys - path->value);
		put_str(out, " = ");
		put_hex(out, phys);
	}
	if (path->state == STATE_NONE) {
		put_str(out, "not mapped: ");
	} else if (path->state != STATE_MAPPED) {
		put_str(out, path_has_page(path) ? "  " : "");
		put_str(out, path->state == STATE_SWAP ? "swap: " : "");
	}
	put_detail(render, path, swap_name);
	put_char(out, '\n');
}

void put_block(const struct render *render, const struct path *path, uint64_t addr, const char *swap_name)
{
	for (unsigned int i = 0; i < path->levels; i++)
		put_level(render, path, i, addr);
	put_block_end(render, path, addr, swap_name);
}
