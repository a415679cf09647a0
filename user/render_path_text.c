// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The answers of `pfwatch resolve` for people: a line each, or with -v a block. */
#include "render_levels.h"
#include "render_text.h"
#include "text.h"

enum { WIDTH_PAGE = 4, WIDTH_KIND = 7 };

static void put_vma(struct output *out, const struct vma *vma)
{
	put_str(out, vma->perm);
	if (*vma->name)
		put_char(out, ' ');
	put_safe(out, vma->name);
}

/* ---- a line ---- */

void text_path_header(const struct render *render)
{
	put_colour(render->out, BOLD);
	put_path_header(render);
	put_column(render->out, "PAGE", WIDTH_PAGE);
	put_column(render->out, "PHYSICAL", WIDTH_PHYS);
	put_column(render->out, "KIND", WIDTH_KIND);
	put_str(render->out, "VMA");
	put_header_end(render->out);
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

void text_path(const struct render *render, const struct answer *answer)
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

/* ---- a block ---- */

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

void verbose_path(const struct render *render, const struct answer *answer)
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
