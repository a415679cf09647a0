// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* For people: aligned columns within 100 characters, or with -v a block that has a line for each level. */
#include <string.h>

#include "cause.h"
#include "render.h"
#include "render_change.h"
#include "render_map.h"
#include "text.h"

/* Widths of columns: a line has at most 100 characters. Those of a fault take all of it, and have no room to spare. */
enum { WIDTH_TIME = 8, WIDTH_ACCESS = 2, WIDTH_ADDR = 14, WIDTH_SIZE = 2, WIDTH_PAGE = 4, WIDTH_PHYS = 12,
       WIDTH_KIND = 7, WIDTH_LATENCY = 5, WIDTH_CAUSE = 11, WIDTH_COMM = 15 };

/* That of the highest indices. */
static unsigned int width_path(const struct render *render)
{
	return render->geometry->levels * 4 - 1;
}

static void put_column_hex(struct output *out, uint64_t value, unsigned int width)
{
	size_t mark = put_mark(out);

	put_hex(out, value);
	put_fill(out, mark, width);
	put_char(out, ' ');
}

static void put_right(struct output *out, const char *text, unsigned int width)
{
	put_fill(out, put_mark(out), width - strlen(text));
	put_str(out, text);
}

/* Seconds, with as many decimals as find room: microseconds for the first ten. */
static void put_time_column(struct output *out, uint64_t ns)
{
	uint64_t seconds = ns / 1000000000, fraction = ns / 1000 % 1000000;
	unsigned int decimals = 6;

	for (uint64_t limit = 10; decimals && seconds >= limit; limit *= 10) {
		fraction /= 10;
		decimals--;
	}
	put_dec_right(out, seconds, decimals ? WIDTH_TIME - 1 - decimals : WIDTH_TIME, ' ');
	if (decimals) {
		put_char(out, '.');
		put_dec_right(out, fraction, decimals, '0');
	}
	put_char(out, ' ');
}

static uint64_t time_of(const struct render *render, const struct fault *fault)
{
	return fault->ts > render->start ? fault->ts - render->start : 0;
}

static const char *access_name(const struct fault *fault)
{
	static const char *const names[2][3] = {
		{ "ur", "uw", "ux" }, { "kr", "kw", "kx" },
	};

	return names[fault->kernel_mode][fault_access(fault)];
}

/* 254.74.293.1: the index at each level that was read. */
static void put_indices(const struct render *render, const struct path *path, uint64_t addr)
{
	size_t mark = put_mark(render->out);
	unsigned int i;

	for (i = 0; i < path->levels; i++) {
		if (i)
			put_char(render->out, '.');
		put_dec(render->out, level_index(render->geometry, path_level(render->geometry, i), addr));
	}
	if (!path->levels)
		put_char(render->out, '-');
	put_fill(render->out, mark, width_path(render));
	put_char(render->out, ' ');
}

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

static void put_markers(struct output *out, const struct path *path)
{
	const char *names[MAX_MARKERS];
	size_t n = path_markers(path, names);

	put_str(out, "marker");
	for (size_t i = 0; i < n; i++) {
		put_str(out, i ? ", " : ": ");
		put_str(out, names[i]);
	}
}

/* What is behind the entry, in words; nothing for a plain mapped page. swap_name: NULL if it isn't known. */
static void put_detail(const struct render *render, const struct path *path, const char *swap_name)
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

/* The columns PAGE and PHYSICAL. */
static void put_page(const struct render *render, const struct path *path, uint64_t addr, const char *swap_name)
{
	struct output *out = render->out;

	if (path_has_page(path)) {
		put_column(out, page_size_name(path_page_size(render->geometry, path)), WIDTH_PAGE);
		put_hex(out, path_phys(render->geometry, path, addr));
		if (path->state == STATE_MAPPED)
			return;
		put_char(out, ' ');
		put_colour(out, YELLOW);
	} else {
		put_colour(out, YELLOW);
		put_column(out, path->state == STATE_NONE || path->state == STATE_SWAP ? state_name(path->state) : "-",
			   WIDTH_PAGE);
	}
	put_detail(render, path, swap_name);
	put_colour(out, PLAIN);
}

static const char *why_no_path(const struct fault *fault)
{
	return fault->walk_status == WALK_GONE ? "gone" : "failed";
}

/* The columns that all paths have. */
static void put_path_header(const struct render *render)
{
	put_column(render->out, "ADDRESS", WIDTH_ADDR);
	put_column(render->out, render->geometry->levels == 5 ? "PGD.P4D.PUD.PMD.PTE" : "PGD.PUD.PMD.PTE",
		   width_path(render));
}

static void put_header_end(const struct render *render)
{
	put_colour(render->out, PLAIN);
	put_char(render->out, '\n');
}

/* ---- faults ---- */

static void put_sample(const struct render *render)
{
	if (render->one_in <= 1)
		return;
	put_str(render->out, "SAMPLE of one in ");
	put_dec(render->out, render->one_in);
	put_str(render->out, " faults, by chance\n");
}

/* From where the address begins to the end of what was found. */
static unsigned int width_found(const struct render *render)
{
	return WIDTH_ADDR + 1 + width_path(render) + 1 + WIDTH_SIZE + 1 + WIDTH_PHYS;
}

/* A fifth level takes its room from here. */
static unsigned int width_thread(const struct render *render)
{
	return render->geometry->levels == 5 ? 9 : 13;
}

static void text_fault_header(const struct render *render)
{
	struct output *out = render->out;

	put_sample(render);
	put_colour(out, BOLD);
	put_right(out, "TIME", WIDTH_TIME);
	put_char(out, ' ');
	put_column(out, "COMM/TID", width_thread(render));
	put_column(out, "AC", WIDTH_ACCESS);
	put_path_header(render);
	put_column(out, "PG", WIDTH_SIZE);
	put_str(out, "PHYSICAL");
	put_right(out, "LATENCY", WIDTH_PHYS - strlen("PHYSICAL") + 1 + WIDTH_LATENCY);
	put_char(out, ' ');
	put_column(out, "CAUSE", WIDTH_CAUSE);
	put_str(out, "CHANGE");
	put_header_end(render);
}

/* The name is cut to what the number leaves of the column. */
static void put_thread(const struct render *render, const struct fault *fault)
{
	unsigned int width = width_thread(render), digits = 1;
	struct output *out = render->out;
	size_t mark = put_mark(out);
	char comm[COMM_LEN];

	for (uint32_t rest = fault->tid; rest >= 10; rest /= 10)
		digits++;
	memcpy(comm, fault->comm, COMM_LEN);
	comm[digits < width ? width - 1 - digits : 0] = '\0';
	put_safe(out, comm);
	put_char(out, '/');
	put_dec(out, fault->tid);
	put_fill(out, mark, width);
	put_char(out, ' ');
}

/* What there is instead of a page; a block has more words for it. */
static void put_no_page(const struct render *render, const struct path *path)
{
	struct output *out = render->out;

	switch (path->state) {
	case STATE_NONE:
		put_str(out, path->levels ? "none at " : "none");
		if (path->levels)
			put_str(out, level_name(path_level(render->geometry, path->levels - 1)));
		break;
	case STATE_SWAP:
		put_str(out, "swap ");
		put_dec(out, path->swap_type);
		put_char(out, ':');
		put_dec(out, path->value);
		break;
	case STATE_MARKER:
		put_markers(out, path);
		break;
	case STATE_UNKNOWN:
		put_str(out, path->changed ? "changed" : "unknown");
		break;
	default:
		put_str(out, state_name(path->state));
	}
}

static void put_fault_page(const struct render *render, const struct path *path, uint64_t addr)
{
	struct output *out = render->out;

	if (path_has_page(path)) {
		put_column(out, page_size_name(path_page_size(render->geometry, path)), WIDTH_SIZE);
		put_hex(out, path_phys(render->geometry, path, addr));
		if (path->state == STATE_MAPPED)
			return;
		put_char(out, ' ');
	}
	put_colour(out, YELLOW);
	put_no_page(render, path);
	put_colour(out, PLAIN);
}

static void put_found(const struct render *render, const struct fault *fault)
{
	const struct path *after = fault_after(fault);
	struct output *out = render->out;

	put_column_hex(out, fault->addr, WIDTH_ADDR);
	if (after) {
		put_indices(render, after, fault->addr);
		put_fault_page(render, after, fault->addr);
		return;
	}
	put_column(out, "-", width_path(render));
	put_colour(out, DIM);
	put_str(out, why_no_path(fault));
	put_colour(out, PLAIN);
}

/* How long it took, why it was, and what it did, as far as that is known. */
static void put_end_columns(const struct render *render, const struct fault *fault, size_t mark)
{
	unsigned int width = width_found(render);
	struct output *out = render->out;

	put_fill(out, mark, width);
	put_char(out, ' ');
	if (fault->has_latency)
		put_duration(out, fault->latency, WIDTH_LATENCY);
	else
		put_right(out, "-", WIDTH_LATENCY);
	put_char(out, ' ');
	put_str(out, cause_name(fault->cause.word));
	if (!fault->has_before || !fault->has_left || fault->result >= RESULT_SEGV)
		return;
	/* A wide address or cause takes the room of narrow columns behind it. */
	put_fill(out, mark, width + 1 + WIDTH_LATENCY + 1 + WIDTH_CAUSE);
	put_char(out, ' ');
	put_change(render, fault);
}

static void text_fault(const struct render *render, const struct fault *fault)
{
	struct output *out = render->out;
	size_t mark;

	put_time_column(out, time_of(render, fault));
	put_thread(render, fault);
	put_column(out, access_name(fault), WIDTH_ACCESS);
	mark = put_mark(out);
	put_found(render, fault);
	put_end_columns(render, fault, mark);
	put_char(out, '\n');
}

/* The faults that are missing at this place. */
static void text_lost(const struct render *render, uint64_t n)
{
	put_colour(render->out, YELLOW);
	put_str(render->out, "LOST ");
	put_dec(render->out, n);
	put_str(render->out, n == 1 ? " fault" : " faults");
	put_colour(render->out, PLAIN);
	put_char(render->out, '\n');
}

/* ---- blocks: one line a level ---- */

static void put_level(const struct render *render, const struct path *path, unsigned int i, uint64_t addr)
{
	enum level level = path_level(render->geometry, i);
	enum kind kind = path_kind(path, i);
	struct output *out = render->out;
	const char *flags[MAX_FLAGS];
	size_t n = path_flags(render->geometry, path, i, flags), j;

	put_str(out, "  ");
	put_str(out, level_name(level));
	put_char(out, ' ');
	put_dec_right(out, level_index(render->geometry, level, addr), 3, ' ');
	put_str(out, "  ");
	put_hex16(out, path->entry[i]);
	put_str(out, "  ");
	if (kind == KIND_PAGE) {
		put_str(out, page_size_name(1ULL << render->geometry->shift[level]));
		put_str(out, " page ");
	} else {
		put_column(out, kind_name(kind), 7);
	}
	for (j = 0; j < n; j++) {
		put_char(out, ' ');
		put_str(out, flags[j]);
	}
	put_char(out, '\n');
}

/* The last line of a block: the page and the offset in it, or what there is instead. */
static void put_end(const struct render *render, const struct path *path, uint64_t addr, const char *swap_name)
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

static void put_block(const struct render *render, const struct path *path, uint64_t addr, const char *swap_name)
{
	for (unsigned int i = 0; i < path->levels; i++)
		put_level(render, path, i, addr);
	put_end(render, path, addr, swap_name);
}

static void put_cause(struct output *out, const struct cause *cause)
{
	bool first = true;

	put_str(out, "  cause ");
	put_str(out, cause_name(cause->word));
	for (unsigned int i = 0; i < FACTS; i++) {
		if (!cause_has(cause, i))
			continue;
		put_str(out, first ? ": " : ", ");
		put_str(out, fact_phrase(i));
		first = false;
	}
	put_char(out, '\n');
}

static void put_result(struct output *out, const struct fault *fault)
{
	const char *result = fault_result_name(fault->result);

	if (!result && !fault->has_latency)
		return;
	put_str(out, "  ");
	put_str(out, result ? result : "ended");
	if (fault->signal_code > 0) {
		put_str(out, ", code ");
		put_dec(out, fault->signal_code);
	}
	if (fault->has_latency) {
		put_str(out, ", ");
		put_dec(out, fault->latency);
		put_str(out, " ns");
	}
	put_char(out, '\n');
}

/* Where it differs from what the fault left, the walker's answer stands by itself. */
static void put_walker_found(const struct render *render, const struct fault *fault)
{
	struct output *out = render->out;

	put_str(out, "  ");
	put_str(out, render->walker);
	put_str(out, " found, ");
	put_duration(out, fault->age, 0);
	put_str(out, " after it began:\n");
	put_block(render, &fault->after, fault->addr, NULL);
}

static void put_paths(const struct render *render, const struct fault *fault)
{
	const struct path *after = fault_after(fault);
	struct output *out = render->out;

	if (fault->has_before && fault->has_left)
		put_change_block(render, fault);
	else if (after)
		put_block(render, after, fault->addr, NULL);
	if (fault->walk_status == WALK_STALE)
		put_walker_found(render, fault);
	else if (after && fault->has_before && fault->has_left)
		put_end(render, after, fault->addr, NULL);
	if (!after) {
		put_str(out, "  ");
		put_str(out, why_no_path(fault));
		put_char(out, '\n');
	} else if (fault->walk_status == WALK_GONE) {
		put_str(out, "  gone since\n");
	}
}

static void verbose_fault(const struct render *render, const struct fault *fault)
{
	static const char *const access[] = { "read", "write", "execute" };
	uint64_t time = time_of(render, fault);
	struct output *out = render->out;

	put_colour(out, BOLD);
	put_dec(out, time / 1000000000);
	put_char(out, '.');
	put_dec_right(out, time / 1000 % 1000000, 6, '0');
	put_str(out, "  PID ");
	put_dec(out, fault->pid);
	put_str(out, "  TID ");
	put_dec(out, fault->tid);
	put_str(out, "  ");
	put_safe(out, fault->comm);
	put_str(out, fault->kernel_mode ? "  kernel " : "  user ");
	put_str(out, access[fault_access(fault)]);
	put_str(out, "  ");
	put_hex(out, fault->addr);
	put_colour(out, PLAIN);
	put_str(out, "  ip ");
	put_hex(out, fault->ip);
	put_str(out, "  cpu ");
	put_dec(out, fault->cpu);
	put_str(out, "  error ");
	put_hex(out, fault->error_code);
	put_char(out, '\n');
	put_cause(out, &fault->cause);
	put_result(out, fault);
	put_paths(render, fault);
}

/* ---- resolve ---- */

static void put_vma(struct output *out, const struct vma *vma)
{
	put_str(out, vma->perm);
	if (*vma->name)
		put_char(out, ' ');
	put_safe(out, vma->name);
}

static void text_path_header(const struct render *render)
{
	put_colour(render->out, BOLD);
	put_path_header(render);
	put_column(render->out, "PAGE", WIDTH_PAGE);
	put_column(render->out, "PHYSICAL", WIDTH_PHYS);
	put_column(render->out, "KIND", WIDTH_KIND);
	put_str(render->out, "VMA");
	put_header_end(render);
}

/* What the page is. The words for what is no plain page take this column, too. */
static void put_kind(const struct render *render, const struct answer *answer, size_t mark, bool last)
{
	unsigned int width = WIDTH_ADDR + 1 + width_path(render) + 1 + WIDTH_PAGE + 1 + WIDTH_PHYS;
	const char *kind = NULL;

	if (answer->path->state == STATE_MAPPED && answer->page)
		kind = page_kind_name(answer->page->kind);
	if (kind) {
		put_fill(render->out, mark, width);
		put_char(render->out, ' ');
		put_str(render->out, kind);
	}
	if (!last) {
		put_fill(render->out, mark, width + 1 + WIDTH_KIND);
		put_char(render->out, ' ');
	}
}

static void text_path(const struct render *render, const struct answer *answer)
{
	struct output *out = render->out;
	size_t mark = put_mark(out);

	put_column_hex(out, answer->addr, WIDTH_ADDR);
	put_indices(render, answer->path, answer->addr);
	put_page(render, answer->path, answer->addr, answer->swap_name);
	put_kind(render, answer, mark, !answer->vma && !answer->path->kernel);
	if (answer->path->kernel)
		put_str(out, answer->vma ? "kernel, best effort: " : "kernel, best effort");
	if (answer->vma)
		put_vma(out, answer->vma);
	put_char(out, '\n');
}

/* ---- resolve -v: what there is to tell behind the block ---- */

/* A power of two of pages. */
static void put_folio_size(struct output *out, uint64_t size)
{
	static const char units[] = "KMG";
	unsigned int unit = 0;

	for (size >>= 10; size >= 1024 && unit < 2; unit++)
		size >>= 10;
	put_dec(out, size);
	put_char(out, units[unit]);
}

static void put_words(struct output *out, const char *separator, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		put_str(out, i ? separator : "");
		put_str(out, words[i]);
	}
}

static void put_rights(struct output *out, const struct path *path)
{
	struct access_rights rights;

	if (!path_rights(path, &rights))
		return;
	put_str(out, rights.user ? "  user mode may read" : "  kernel mode alone may read");
	put_str(out, rights.write ? ", write" : "");
	put_str(out, rights.exec ? ", execute" : "");
	put_char(out, '\n');
}

static void put_page_flags(struct output *out, const struct page_info *page)
{
	const char *names[MAX_PAGE_FLAGS];
	size_t n = page_info_flags(page, names);

	if (!page->has_flags)
		return;
	put_str(out, "  page flags ");
	put_words(out, " ", names, n);
	put_str(out, n ? "\n" : "none\n");
}

static void put_page_info(struct output *out, const struct page_info *page)
{
	const char *kind = page_kind_name(page->kind);

	put_str(out, kind ? "  page is " : "  page");
	put_str(out, kind ? kind : "");
	if (page->node >= 0) {
		put_str(out, "  node ");
		put_dec(out, page->node);
	}
	if (page->folio_size) {
		put_str(out, "  folio of ");
		put_folio_size(out, page->folio_size);
	}
	if (page->has_mapcount) {
		put_str(out, "  mapcount ");
		put_dec(out, page->mapcount);
	}
	put_char(out, '\n');
	put_page_flags(out, page);
}

/* The place of the address in the file, and what was asked for the mapping. */
static void put_vma_details(struct output *out, const struct vma *vma, uint64_t addr)
{
	const char *advice[MAX_ADVICE];
	size_t n = vma_advice(vma, advice);

	if (vma->flags & VMA_FILE) {
		put_str(out, "  file offset ");
		put_hex(out, vma->offset + (addr - vma->start));
		put_str(out, "  inode ");
		put_dec(out, vma->inode);
		put_str(out, "  device ");
		put_dec(out, vma->major);
		put_char(out, ':');
		put_dec(out, vma->minor);
		put_char(out, '\n');
	}
	if (n) {
		put_str(out, "  advice ");
		put_words(out, " ", advice, n);
		put_char(out, '\n');
	}
}

static void put_details(const struct render *render, const struct answer *answer)
{
	struct output *out = render->out;

	put_rights(out, answer->path);
	if (answer->page)
		put_page_info(out, answer->page);
	if (answer->vma)
		put_vma_details(out, answer->vma, answer->addr);
	if (answer->path->kernel) {
		put_str(out, "  best effort: the kernel half, by the PGD of PID ");
		put_dec(out, answer->pid);
		put_char(out, '\n');
	}
}

static void verbose_path(const struct render *render, const struct answer *answer)
{
	struct output *out = render->out;

	put_colour(out, BOLD);
	put_hex(out, answer->addr);
	put_colour(out, PLAIN);
	put_str(out, "  PID ");
	put_dec(out, answer->pid);
	if (answer->vma) {
		put_str(out, "  in ");
		put_hex(out, answer->vma->start);
		put_char(out, '-');
		put_hex(out, answer->vma->end);
		put_str(out, "  ");
		put_vma(out, answer->vma);
	}
	put_char(out, '\n');
	put_block(render, answer->path, answer->addr, answer->swap_name);
	put_details(render, answer);
}

/* Those that there were. */
static void put_causes(struct output *out, const struct totals *totals)
{
	const char *separator = "pfwatch: causes: ";

	for (unsigned int i = 0; i < CAUSES; i++) {
		if (!totals->causes[i])
			continue;
		put_str(out, separator);
		put_dec(out, totals->causes[i]);
		put_char(out, ' ');
		put_str(out, cause_name(i));
		separator = ", ";
	}
	put_str(out, totals->printed ? "\n" : "");
}

static void text_summary(const struct render *render, const struct totals *totals)
{
	struct output *out = render->out;
	unsigned int i;

	if (render->one_in > 1)
		put_str(out, "pfwatch: ");
	put_sample(render);
	put_str(out, "pfwatch: ");
	put_dec(out, totals->seen);
	put_str(out, " faults seen = ");
	put_dec(out, totals->printed);
	put_str(out, " printed + ");
	put_dec(out, totals->filtered);
	put_str(out, " filtered + ");
	put_dec(out, totals->lost);
	put_str(out, " lost\npfwatch: walks by ");
	put_str(out, render->walker);
	put_char(out, ':');
	for (i = 0; i < WALK_STATUSES; i++) {
		put_str(out, i ? ", " : " ");
		put_dec(out, totals->walks[i]);
		put_char(out, ' ');
		put_str(out, walk_status_name(i));
	}
	put_char(out, '\n');
	put_causes(out, totals);
}

static void put_named(struct output *out, const char *name, const char *suffix)
{
	size_t mark = put_mark(out);

	put_str(out, name);
	put_str(out, suffix);
	put_fill(out, mark, 16);
}

static void put_named_hex(struct output *out, const char *name, const char *suffix, uint64_t value)
{
	put_named(out, name, suffix);
	put_hex16(out, value);
	put_char(out, '\n');
}

static void put_named_dec(struct output *out, const char *name, const char *suffix, uint64_t value)
{
	put_named(out, name, suffix);
	put_dec(out, value);
	put_char(out, '\n');
}

/* With the names that the kernel's headers have. */
static void text_layout(const struct render *render)
{
	static const char *const prefix[] = { "PGDIR", "P4D", "PUD", "PMD", "PAGE" };
	const struct geometry *g = render->geometry;
	struct output *out = render->out;
	unsigned int i;

	put_named_dec(out, "LEVELS", "", g->levels);
	put_named_hex(out, "PAGE_OFFSET", "", g->page_offset);
	put_named_hex(out, "VMALLOC_START", "", g->vmalloc_start);
	put_named_hex(out, "VMEMMAP_START", "", g->vmemmap_start);
	put_named_hex(out, "TASK_SIZE_MAX", "", g->task_size_max);
	put_named_hex(out, "PTE_PFN_MASK", "", g->pfn_mask);
	for (i = 0; i < g->levels; i++)
		put_named_dec(out, prefix[path_level(g, i)], "_SHIFT", g->shift[path_level(g, i)]);
	for (i = 0; i < g->levels; i++)
		put_named_hex(out, prefix[path_level(g, i)], "_MASK", ~((1ULL << g->shift[path_level(g, i)]) - 1));
	for (i = 0; i < g->levels; i++)
		put_named_dec(out, "PTRS_PER_", level_name(path_level(g, i)), g->entries[path_level(g, i)]);
}

/* ---- processes ---- */

/* Widths of the columns of `pfwatch tasks`; those of a process that has no address space hold a '-'. */
enum { WIDTH_TASK_PID = 7, WIDTH_TASK_SIZE = 16, WIDTH_PGD = 18, WIDTH_COUNT = 7, WIDTH_BYTES = 6 };

static void put_column_right(struct output *out, const char *text, unsigned int width)
{
	put_char(out, ' ');
	put_right(out, text, width);
}

static void text_task_header(const struct render *render)
{
	static const char *const sizes[] = { "BYTES", "RSS", "SWAP", "VM" };
	struct output *out = render->out;

	put_colour(out, BOLD);
	put_right(out, "PID", WIDTH_TASK_PID);
	put_char(out, ' ');
	put_column(out, "COMM", WIDTH_COMM);
	put_column(out, "TASK_SIZE", WIDTH_TASK_SIZE);
	put_column(out, "PGD", WIDTH_PGD);
	put_right(out, "TABLES", WIDTH_COUNT);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
		put_column_right(out, sizes[i], WIDTH_BYTES);
	put_header_end(render);
}

static void put_space(struct output *out, const struct task *task)
{
	put_column_hex(out, task->task_size, WIDTH_TASK_SIZE);
	put_column_hex(out, task->pgd, WIDTH_PGD);
	put_dec_right(out, task->pgtables_pages, WIDTH_COUNT, ' ');
	put_size(out, task->pgtables_bytes, WIDTH_BYTES + 1);
	put_size(out, task->rss_bytes, WIDTH_BYTES + 1);
	put_size(out, task->swap_bytes, WIDTH_BYTES + 1);
	put_size(out, task->vm_bytes, WIDTH_BYTES + 1);
}

static void put_no_space(struct output *out)
{
	put_column(out, "-", WIDTH_TASK_SIZE);
	put_column(out, "-", WIDTH_PGD);
	put_right(out, "-", WIDTH_COUNT);
	for (unsigned int i = 0; i < 4; i++)
		put_column_right(out, "-", WIDTH_BYTES);
}

static void text_task(const struct render *render, const struct task *task)
{
	struct output *out = render->out;

	put_dec_right(out, task->pid, WIDTH_TASK_PID, ' ');
	put_char(out, ' ');
	put_column(out, task->comm, WIDTH_COMM);
	if (task->kind == TASK_PROCESS)
		put_space(out, task);
	else
		put_no_space(out);
	put_char(out, '\n');
}

static void no_header(const struct render *render)
{
	(void)render;
}

const struct form form_text = {
	.fault_header = text_fault_header,
	.fault = text_fault,
	.lost = text_lost,
	.summary = text_summary,
	.path_header = text_path_header,
	.path = text_path,
	.layout = text_layout,
	.task_header = text_task_header,
	.task = text_task,
	.map_header = text_map_header,
	.map_region = no_map_region,
	.map_vma = text_map_vma,
	.map_end = text_map_end,
};

const struct form form_verbose = {
	.fault_header = put_sample,
	.fault = verbose_fault,
	.lost = text_lost,
	.summary = text_summary,
	.path_header = no_header,
	.path = verbose_path,
	.layout = text_layout,
	.task_header = text_task_header,
	.task = text_task,
	.map_header = no_header,
	.map_region = no_map_region,
	.map_vma = verbose_map_vma,
	.map_end = text_map_end,
};
