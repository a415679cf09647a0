// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The walk as Intel's manual has it (SDM vol. 3, 4.5), with the names that Linux has for the levels. */
#include "render_explain.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "render_levels.h"
#include "text.h"
#include "translate.h"

static void put_line(struct output *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void put_line(struct output *out, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	put_str(out, text);
	put_char(out, '\n');
}

void explain_bits(uint64_t value, unsigned int high, unsigned int low, char *text)
{
	unsigned int n = 0;

	for (unsigned int bit = high + 1; bit-- > low;)
		text[n++] = '0' + (value >> bit & 1);
	text[n] = '\0';
}

unsigned int level_high_bit(const struct geometry *geometry, enum level level)
{
	return geometry->shift[level] + __builtin_ctz(geometry->entries[level]) - 1;
}

const char *flag_meaning(const char *flag, enum kind kind)
{
	static const struct {
		const char *flag, *page, *table;
	} meanings[] = {
		{ "present", N_("the entry is valid: the processor goes on with it"), NULL },
		{ "write", N_("may be written"), N_("what is below may be written, if the lower levels say so, too") },
		{ "user", N_("user mode may use it"),
		  N_("what is below is user mode's, if the lower levels say so, too") },
		{ "pwt", N_("writes go through the cache (or a part of the memory type, with PAT)"), NULL },
		{ "pcd", N_("not cached (or a part of the memory type, with PAT)"), NULL },
		{ "accessed", N_("set by the processor when it used the entry"), NULL },
		{ "dirty", N_("set by the processor when the page was written"),
		  N_("means nothing in a table's entry; Linux sets it") },
		{ "huge", N_("the page is here: no further table"), NULL },
		{ "pat", N_("a part of the memory type"), NULL },
		{ "global", N_("stays in the TLB when another process runs"), NULL },
		{ "special", N_("Linux: the page isn't counted, as the zero page isn't"), NULL },
		{ "soft-dirty", N_("Linux: written since somebody cleared it (/proc/PID/clear_refs)"), NULL },
		{ "uffd-wp", N_("Linux: a userfaultfd is asked before a write"), NULL },
		{ "uffd", N_("Linux: a userfaultfd's mark"), NULL },
		{ "saved-dirty", N_("Linux: was dirty when it became read-only"), NULL },
		{ "exclusive", N_("Linux: the page was this process's alone when it was swapped out"), NULL },
		{ "nx", N_("no code may be executed from it"), NULL },
	};

	for (size_t i = 0; i < sizeof(meanings) / sizeof(*meanings); i++)
		if (!strcmp(meanings[i].flag, flag))
			return _(kind == KIND_TABLE && meanings[i].table ? meanings[i].table : meanings[i].page);
	return strncmp(flag, "pkey", 4) ? "" : _("the protection key, whose rights the PKRU register has");
}

/* ---- the address ---- */

static void put_trimmed(struct output *out, char *line)
{
	size_t length = strlen(line);

	while (length && line[length - 1] == ' ')
		line[--length] = '\0';
	put_line(out, "  %s", line);
}

/* A column of a line: what it is, and blanks up to its width. */
static void add_column(char *line, size_t size, const char *text, unsigned int width)
{
	unsigned int used = translated_width(text);
	size_t at = strlen(line);

	snprintf(line + at, size - at, "%s%*s", text, used < width ? width - used + 1 : 1, "");
}

/* A part of the address: the sign, an index, the offset. */
struct part {
	const char *name;
	unsigned int high, low;
	bool in_hex;
};

static struct part part_of(const struct geometry *g, unsigned int i)
{
	enum level level;

	if (!i)
		return (struct part){ _("sign"), 63, level_high_bit(g, LEVEL_PGD) + 1, true };
	if (i > g->levels)
		return (struct part){ _("offset"), g->page_shift - 1, 0, true };
	level = path_level(g, i - 1);
	return (struct part){ level_name(level), level_high_bit(g, level), g->shift[level], false };
}

/* Lines below one another: what a part is called, which bits it is, these bits, their value. */
static void put_parts(const struct render *render, uint64_t addr)
{
	char names[160] = "", numbers[160] = "", bits[160] = "", values[160] = "", text[80];

	for (unsigned int i = 0; i <= render->geometry->levels + 1; i++) {
		struct part part = part_of(render->geometry, i);
		unsigned int n = part.high - part.low + 1, width = n > 9 ? n : 9;
		unsigned long long value = addr >> part.low & ((1ULL << n) - 1);

		add_column(names, sizeof(names), part.name, width);
		snprintf(text, sizeof(text), "%u..%u", part.high, part.low);
		add_column(numbers, sizeof(numbers), text, width);
		explain_bits(addr, part.high, part.low, text);
		add_column(bits, sizeof(bits), text, width);
		snprintf(text, sizeof(text), part.in_hex ? "0x%llx" : "%llu", value);
		add_column(values, sizeof(values), text, width);
	}
	put_trimmed(render->out, names);
	put_trimmed(render->out, numbers);
	put_trimmed(render->out, bits);
	put_trimmed(render->out, values);
}

static void put_address(const struct render *render, uint64_t addr)
{
	const struct geometry *g = render->geometry;
	unsigned int top = level_high_bit(g, LEVEL_PGD);

	put_line(render->out, _("The address 0x%llx, cut into indices: 9 bits for each of %u levels, 12 for the page."),
		 (unsigned long long)addr, g->levels);
	put_parts(render, addr);
	put_line(render->out, _("  Bits 63..%u repeat bit %u, which is the sign: %s."), top + 1, top,
		 addr >> 63 ? _("the kernel's half") : _("the user's half"));
}

/* ---- the levels ---- */

static void put_flags(const struct render *render, const struct path *path, unsigned int i)
{
	const char *flags[MAX_FLAGS];
	size_t n = path_flags(render->geometry, path, i, flags);

	for (size_t j = 0; j < n; j++)
		put_line(render->out, "      %-11s %s", flags[j], flag_meaning(flags[j], path_kind(path, i)));
}

static void put_where(const struct render *render, const struct path *path, unsigned int i, uint64_t addr)
{
	const struct geometry *g = render->geometry;
	enum level level = path_level(g, i);
	unsigned int index = level_index(g, level, addr);
	uint64_t table;

	put_line(render->out, _("%s: bits %u..%u are %u = 0x%x, the index"), level_name(level),
		 level_high_bit(g, level), g->shift[level], index, index);
	if (!i) {
		put_line(render->out, _("  the table: the process's own, at the physical address in the register CR3"));
		put_line(render->out, _("  the entry: 8 bytes each, so %u * 8 = 0x%x bytes behind its start"), index,
			 index * 8);
		return;
	}
	table = path->entry[i - 1] & g->pfn_mask;
	put_line(render->out, _("  the table: 0x%llx, from the entry above"), (unsigned long long)table);
	put_line(render->out, _("  the entry: 0x%llx + %u * 8 = 0x%llx"), (unsigned long long)table, index,
		 (unsigned long long)table + index * 8);
}

static void put_next(const struct render *render, const struct path *path, unsigned int i)
{
	const struct geometry *g = render->geometry;
	unsigned long long points = path->entry[i] & g->pfn_mask;
	struct output *out = render->out;

	switch (path_kind(path, i)) {
	case KIND_TABLE:
		put_line(out, _("  holds 0x%016llx: the next table is at 0x%llx"), (unsigned long long)path->entry[i],
			 points);
		break;
	case KIND_PAGE:
	case KIND_PROTNONE:
		put_line(out, _("  holds 0x%016llx: a page of %s at 0x%llx"), (unsigned long long)path->entry[i],
			 page_size_name(1ULL << g->shift[path_level(g, i)]), (unsigned long long)path->value);
		break;
	case KIND_NONE:
		put_line(out, _("  holds 0: nothing is there, and the walk ends; an access raises a page fault"));
		break;
	default:
		put_line(out, _("  holds 0x%016llx: not present (%s); an access raises a page fault"),
			 (unsigned long long)path->entry[i], kind_name(path_kind(path, i)));
	}
	put_flags(render, path, i);
}

static void put_end(const struct render *render, const struct path *path, uint64_t addr)
{
	const struct geometry *g = render->geometry;
	unsigned long long phys = path_has_page(path) ? path_phys(g, path, addr) : 0;
	uint64_t size = path_page_size(g, path);

	if (path->state == STATE_SWAP)
		put_line(render->out,
			 _("The page is swapped out: area %u, slot %llu (type and offset in the entry's bits)."),
			 path->swap_type, (unsigned long long)path->value);
	if (!path_has_page(path)) {
		put_line(render->out, _("There is no physical address behind it."));
		return;
	}
	put_line(render->out, _("Physical address: page 0x%llx + offset 0x%llx (bits %u..0) = 0x%llx"),
		 (unsigned long long)path->value, phys - (unsigned long long)path->value,
		 (size ? (unsigned int)__builtin_ctzll(size) : g->page_shift) - 1, phys);
}

void put_explanation(const struct render *render, const struct path *path, uint64_t addr)
{
	put_address(render, addr);
	for (unsigned int i = 0; i < path->levels; i++) {
		put_where(render, path, i, addr);
		put_next(render, path, i);
	}
	if (!path->levels)
		put_line(render->out, _("The walker sees no tables: the entries on the way are not known."));
	put_end(render, path, addr);
}

static void explain_nothing(const struct render *render)
{
	(void)render;
}

static void explain_path(const struct render *render, const struct answer *answer)
{
	if (state_is_error(answer->path->state))
		put_line(render->out, _("0x%llx: there is no answer (%s)"), (unsigned long long)answer->addr,
			 state_name(answer->path->state));
	else
		put_explanation(render, answer->path, answer->addr);
	put_char(render->out, '\n');
}

const struct form form_explain = { .path_header = explain_nothing, .path = explain_path };
