// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "render_change.h"

#include <string.h>

#include "render_levels.h"

static const char *name_of(const struct render *render, unsigned int i)
{
	return level_name(path_level(render->geometry, i));
}

/* What the last entry of a path is: of a page what it allows. Short words, a line has no room for others. */
static const char *leaf_word(const struct path *path)
{
	_Static_assert(PADDED_NAME == STORE_WORD, "names are stored whole");
	static const char rights[][STORE_WORD] = { "RO", "RX", "RW", "RWX" };
	static const char migration[STORE_WORD] = "migr", denied[STORE_WORD] = "NA";

	switch (path->kind) {
	case KIND_PAGE: return rights[path_allows(path, true, false) << 1 | path_allows(path, false, true)];
	case KIND_MIGRATION: return migration;
	case KIND_PROTNONE: return denied;
	default: return kind_name(path->kind);
	}
}

static bool is_other_page(const struct path *before, const struct path *left)
{
	return path_has_page(before) && path_has_page(left) && before->value != left->value;
}

char *store_change(char *at, const struct render *render, const struct fault *fault)
{
	const struct path *before = &fault->before, *left = &fault->left;

	if (before->levels < left->levels) {
		/* Tables where there was nothing: the first one. It goes on down to the last entry. */
		at = store_str(store_padded(at, name_of(render, before->levels)), "+ ");
		return store_padded(at, leaf_word(left));
	}
	if (path_is_same(before, left))
		return store_str(at, "none");
	at = store_padded(at, leaf_word(before));
	at = render->utf8 ? store_str(at, "→") : store_str(at, ">");
	at = store_padded(at, leaf_word(left));
	return is_other_page(before, left) ? store_str(at, " new") : at;
}

/* ---- level by level ---- */

static bool is_among(const char *name, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

/* Those names that are not among the others. */
static void put_names(struct output *out, const char *before, const char *const *names, size_t n,
		      const char *const *others, size_t others_n)
{
	for (size_t i = 0; i < n; i++) {
		if (is_among(names[i], others, others_n))
			continue;
		put_str(out, before);
		put_str(out, names[i]);
	}
}

/* Entry i of a path, and the flags that differ from another one's: of no other one, all. */
static void put_flags(const struct render *render, const struct path *path, const struct path *other, unsigned int i)
{
	const char *flags[MAX_FLAGS], *others[MAX_FLAGS];
	size_t n = path_flags(render->geometry, path, i, flags);
	size_t others_n = other ? path_flags(render->geometry, other, i, others) : 0;

	put_names(render->out, other ? " +" : " ", flags, n, others, others_n);
	put_names(render->out, " -", others, others_n, flags, n);
	put_char(render->out, '\n');
}

static bool is_other_entry(const struct fault *fault, unsigned int i)
{
	return i < fault->before.levels &&
	       (fault->before.entry[i] != fault->left.entry[i] ||
		path_kind(&fault->before, i) != path_kind(&fault->left, i));
}

static void put_change_level(const struct render *render, const struct fault *fault, unsigned int i)
{
	struct output *out = render->out;
	bool is_other = is_other_entry(fault, i);

	put_level_head(render, i, fault->addr);
	if (is_other) {
		put_level_entry(render, &fault->before, i);
		put_flags(render, &fault->before, NULL, i);
		put_str(out, "     now  ");
	} else if (i >= fault->before.levels) {
		put_str(out, "in a new table\n     now  ");
	}
	put_level_entry(render, &fault->left, i);
	put_flags(render, &fault->left, is_other && fault->before.entry[i] ? &fault->before : NULL, i);
}

void put_change_block(const struct render *render, const struct fault *fault)
{
	unsigned int i;

	for (i = 0; i < fault->left.levels; i++)
		put_change_level(render, fault, i);
	for (; i < fault->before.levels; i++) {
		put_level_head(render, i, fault->addr);
		put_level_entry(render, &fault->before, i);
		put_str(render->out, "\n     now  no table\n");
	}
}
