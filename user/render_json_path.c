// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "render_json_path.h"

#include "json.h"
#include "known_text.h"
#include "slow.h"

/* ---- the levels ---- */

/* {"level":"pgd","index": */
static void put_level_head(const struct render *render, unsigned int i)
{
	put_str(render->out, "{\"level\":\"");
	put_str(render->out, level_short_name(path_level(render->geometry, i)));
	put_str(render->out, "\",\"index\":");
}

/* "kind":…,"flags":[…]}, behind the entry */
static void put_level_end(const struct render *render, const struct path *path, unsigned int i)
{
	const char *flags[MAX_FLAGS];

	put_str(render->out, "\",\"kind\":\"");
	put_str(render->out, kind_name(path_kind(path, i)));
	put_str(render->out, "\",\"flags\":");
	put_json_words(render->out, flags, path_flags(render->geometry, path, i, flags));
	put_char(render->out, '}');
}

static inline void put_index_and_entry(const struct render *render, const struct path *path, unsigned int i,
				       uint64_t addr)
{
	char *at = output_room(render->out, 3 * STORE_NUMBER);

	at = store_dec(at, level_index(render->geometry, path_level(render->geometry, i), addr));
	at = store_str(at, ",\"entry\":\"");
	output_put_to(render->out, store_hex(at, path->entry[i]));
}

/* "levels":[, the tables, and the head of the last level */
static SLOW void put_tables_anew(const struct render *render, const struct path *path, uint64_t addr,
				 struct known_text *known, struct text_key key)
{
	size_t mark = put_mark(render->out);
	unsigned int i;

	put_str(render->out, "\"levels\":[");
	for (i = 0; i + 1 < path->levels; i++) {
		put_level_head(render, i);
		put_index_and_entry(render, path, i, addr);
		put_level_end(render, path, i);
		put_char(render->out, ',');
	}
	put_level_head(render, i);
	learn_text(render->out, known, key, mark);
}

/*
 * All levels but the last are tables. What is put of them is decided by their entries and their indices, which the
 * address has above its bits for the last level; the number of levels that there are tells where.
 */
static struct text_key key_of_tables(const struct geometry *geometry, const struct path *path, uint64_t addr)
{
	unsigned int last = path->levels - 1, shift = last ? geometry->shift[path_level(geometry, last - 1)] : 48;

	return (struct text_key){
		addr >> shift | (uint64_t)path->levels << 48 | (uint64_t)geometry->levels << 56,
		last > 0 ? path->entry[0] : 0, last > 1 ? path->entry[1] : 0,
		last > 2 ? path->entry[2] : 0, last > 3 ? path->entry[3] : 0,
	};
}

/* They are the same from one fault to the next, before and after it. */
static void put_tables(const struct render *render, const struct path *path, uint64_t addr)
{
	static struct known_texts tables;
	const struct text_key key = key_of_tables(render->geometry, path, addr);
	struct known_text *known = known_slot(&tables, key);

	if (!put_known(render->out, known, key))
		put_tables_anew(render, path, addr, known, key);
}

/* And of all levels. */
static SLOW void put_last_end_anew(const struct render *render, const struct path *path, struct known_text *known,
				   struct text_key key)
{
	size_t mark = put_mark(render->out);

	put_level_end(render, path, path->levels - 1);
	put_char(render->out, ']');
	learn_text(render->out, known, key, mark);
}

/* Of these there are few: of an entry only the flags decide. */
static void put_last_end(const struct render *render, const struct path *path)
{
	static struct known_texts ends;
	unsigned int last = path->levels - 1;
	enum level level = path_level(render->geometry, last);
	const struct text_key key = {
		path->entry[last] & path_flag_bits(level),
		path->kind | path->page << 8 | path->kernel << 16 | level << 24, 0, 0, 0,
	};
	struct known_text *known = known_slot(&ends, key);

	if (!put_known(render->out, known, key))
		put_last_end_anew(render, path, known, key);
}

void put_json_levels(const struct render *render, const struct path *path, uint64_t addr)
{
	if (!path->levels) {
		put_str(render->out, "\"levels\":[]");
		return;
	}
	put_tables(render, path, addr);
	put_index_and_entry(render, path, path->levels - 1, addr);
	put_last_end(render, path);
}

/* ---- the state ---- */

static void put_swap(struct output *out, const struct path *path, const char *name)
{
	put_str(out, ",\"swap\":{\"type\":");
	put_dec(out, path->swap_type);
	put_key_dec(out, "offset", path->value);
	if (name)
		put_key_str(out, "name", name);
	put_char(out, '}');
}

static void put_markers(struct output *out, const struct path *path)
{
	const char *names[MAX_MARKERS];

	put_key(out, "marker");
	put_json_words(out, names, path_markers(path, names));
}

/* ,"phys":"0x…","page_size":… */
static void put_page(const struct render *render, const struct path *path, uint64_t addr)
{
	uint64_t size = path_page_size(render->geometry, path);
	char *at = output_room(render->out, 3 * STORE_NUMBER);

	at = store_str(at, ",\"phys\":\"");
	at = store_hex(at, path_phys(render->geometry, path, addr));
	at = store_str(at, "\"");
	if (size) {
		at = store_str(at, ",\"page_size\":");
		at = store_dec(at, size);
	}
	output_put_to(render->out, at);
}

static bool is_plainly_mapped(const struct path *path)
{
	return path->state == STATE_MAPPED && !path->kernel && !path->changed && !path->numa_hint;
}

static void put_state(struct output *out, const struct path *path)
{
	if (is_plainly_mapped(path)) {
		put_str(out, "\"state\":\"mapped\"");
		return;
	}
	put_str(out, "\"state\":\"");
	put_str(out, state_name(path->state));
	put_char(out, '"');
	if (path->kernel)
		put_str(out, ",\"best_effort\":true");
	if (path->changed)
		put_str(out, ",\"changed\":true");
	if (path->numa_hint)
		put_str(out, ",\"numa_hint\":true");
}

void put_json_path(const struct render *render, const struct path *path, uint64_t addr, const char *swap_name)
{
	struct output *out = render->out;

	put_state(out, path);
	if (path_has_page(path))
		put_page(render, path, addr);
	if (path->state == STATE_SWAP)
		put_swap(out, path, swap_name);
	if (path->state == STATE_MARKER)
		put_markers(out, path);
	put_char(out, ',');
	put_json_levels(render, path, addr);
}
