// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "render_origin.h"

#include <string.h>

#include "text.h"

void put_code(struct output *out, const struct code_place *code)
{
	if (code->symbol || code->module) {
		put_str(out, "  ");
		put_safe(out, code->symbol ? code->symbol : code->module);
		put_char(out, '+');
		put_hex(out, code->symbol ? code->past : code->offset);
	}
	if (code->source) {
		put_str(out, "  ");
		put_safe(out, code->source);
		put_char(out, ':');
		put_dec(out, code->line);
	}
	if (code->symbol && code->module) {
		put_str(out, "  in ");
		put_safe(out, code->module);
	}
}

/* Of a number as it is written in this base; 0 takes a digit, too. */
static unsigned int digits(uint64_t value, unsigned int base)
{
	unsigned int n = 1;

	while (value /= base)
		n++;
	return n;
}

/* What stands around a name that is cut: two blanks before it, how far behind its beginning after it. */
static unsigned int width_beside_name(const struct code_place *code)
{
	return strlen("  +0x") + digits(code->symbol ? code->past : code->offset, 16);
}

static unsigned int code_width(const struct code_place *code)
{
	const char *name = code->symbol ? code->symbol : code->module;
	unsigned int width = name ? width_beside_name(code) + text_width(name) : 0;

	if (code->source)
		width += strlen("  :") + text_width(code->source) + digits(code->line, 10);
	if (code->symbol && code->module)
		width += strlen("  in ") + text_width(code->module);
	return width;
}

void put_code_within(struct output *out, const struct code_place *code, unsigned int room)
{
	struct code_place part = *code;
	const char **name = part.symbol ? &part.symbol : &part.module;

	if (part.symbol && code_width(&part) > room)
		part.module = NULL;
	if (code_width(&part) > room)
		part.source = NULL;
	if (code_width(&part) <= room) {
		put_code(out, &part);
		return;
	}
	put_str(out, "  ");
	put_cut(out, *name, room - width_beside_name(&part));
	put_char(out, '+');
	put_hex(out, part.symbol ? part.past : part.offset);
}

/* A file whose name isn't known has its number. */
static void put_file(struct output *out, const struct vma *vma, uint64_t addr)
{
	if (!vma->name) {
		put_str(out, "  inode ");
		put_dec(out, vma->inode);
		put_str(out, " of device ");
		put_dec(out, vma->major);
		put_char(out, ':');
		put_dec(out, vma->minor);
	}
	put_str(out, "  file offset ");
	put_hex(out, vma->offset + (addr - vma->start));
}

static void put_vma(struct output *out, const struct vma *vma, uint64_t addr)
{
	put_str(out, "  in ");
	put_hex(out, vma->start);
	put_char(out, '-');
	put_hex(out, vma->end);
	put_str(out, "  ");
	put_str(out, vma->perm);
	if (vma->name && *vma->name) {
		put_str(out, "  ");
		put_safe(out, vma->name);
	}
	if (vma->flags & VMA_FILE)
		put_file(out, vma, addr);
	put_char(out, '\n');
}

static void put_nodes(struct output *out, const struct fault *fault)
{
	if (fault->has_cpu_node) {
		put_str(out, "  NUMA node ");
		put_dec(out, fault->cpu_node);
		put_str(out, " of the CPU");
	}
	if (fault->has_page_node) {
		put_str(out, fault->has_cpu_node ? ", " : "  NUMA node ");
		put_dec(out, fault->page_node);
		put_str(out, " of the page");
	}
	if (fault->has_cpu_node || fault->has_page_node)
		put_char(out, '\n');
}

void put_stack(struct output *out, const struct fault *fault)
{
	static const char *const ends[] = {
		[STACK_ENDS] = "ends here: no further frame pointer",
		[STACK_NO_CODE] = "ends here: what follows is no code, so that was no frame pointer",
		[STACK_CUT] = "cut off after 64 frames", [STACK_LOST] = "lost: there was no room for it",
	};

	_Static_assert(MAX_FRAMES == 64, "the words say so");
	if (fault->stack_end == STACK_NOT_TAKEN)
		return;
	for (size_t i = 0; i < fault->frames; i++) {
		put_str(out, "    ");
		put_hex16(out, fault->stack[i].ip);
		put_code(out, &fault->stack[i].code);
		put_char(out, '\n');
	}
	put_str(out, "    ");
	put_str(out, ends[fault->stack_end]);
	put_char(out, '\n');
}

void put_origin(struct output *out, const struct fault *fault)
{
	if (fault->code.symbol || fault->code.module) {
		put_str(out, "  at");
		put_code(out, &fault->code);
		put_char(out, '\n');
	}
	if (fault->has_vma && fault->vma.end)
		put_vma(out, &fault->vma, fault->addr);
	put_nodes(out, fault);
	if (fault->stack_end != STACK_NOT_TAKEN)
		put_str(out, fault->kernel_mode ? "  user stack at the system call:\n" : "  user stack:\n");
	put_stack(out, fault);
}
