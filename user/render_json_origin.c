// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "render_json_origin.h"

#include "json.h"

void put_json_dev(struct output *out, const struct vma *vma)
{
	put_key(out, "dev");
	put_char(out, '"');
	put_dec(out, vma->major);
	put_char(out, ':');
	put_dec(out, vma->minor);
	put_char(out, '"');
}

void put_json_vma(struct output *out, const struct vma *vma)
{
	const char *advice[MAX_ADVICE];

	put_str(out, ",\"vma\":{\"start\":\"");
	put_hex(out, vma->start);
	put_char(out, '"');
	put_key_hex(out, "end", vma->end);
	put_key_str(out, "perm", vma->perm);
	if (vma->name)
		put_key_str(out, "name", vma->name);
	if (vma->flags & VMA_FILE) {
		put_key_hex(out, "offset", vma->offset);
		put_key_dec(out, "inode", vma->inode);
		put_json_dev(out, vma);
	}
	put_key(out, "advice");
	put_json_words(out, advice, vma_advice(vma, advice));
	put_char(out, '}');
}

/* "main+0x1f" */
static void put_symbol(struct output *out, const struct code_place *code)
{
	put_key(out, "symbol");
	put_char(out, '"');
	put_json_text(out, code->symbol);
	put_char(out, '+');
	put_hex(out, code->past);
	put_char(out, '"');
}

/* "first_touch.c:33" */
static void put_source(struct output *out, const struct code_place *code)
{
	put_key(out, "source");
	put_char(out, '"');
	put_json_text(out, code->source);
	put_char(out, ':');
	put_dec(out, code->line);
	put_char(out, '"');
}

void put_json_code(struct output *out, const struct code_place *code)
{
	if (code->symbol)
		put_symbol(out, code);
	if (code->source)
		put_source(out, code);
	if (code->module) {
		put_key_str(out, "module", code->module);
		put_key_hex(out, "module_offset", code->offset);
	}
}

static void put_frames(struct output *out, const struct fault *fault)
{
	put_key(out, "stack");
	put_char(out, '[');
	for (size_t i = 0; i < fault->frames; i++) {
		put_str(out, i ? ",{\"ip\":\"" : "{\"ip\":\"");
		put_hex(out, fault->stack[i].ip);
		put_char(out, '"');
		put_json_code(out, &fault->stack[i].code);
		put_char(out, '}');
	}
	put_char(out, ']');
}

static void put_stack(struct output *out, const struct fault *fault)
{
	static const char *const ends[] = {
		[STACK_ENDS] = "no-frame", [STACK_NO_CODE] = "no-code", [STACK_CUT] = "cut", [STACK_LOST] = "lost",
	};

	if (fault->stack_end == STACK_NOT_TAKEN)
		return;
	if (fault->stack_end != STACK_LOST)
		put_frames(out, fault);
	put_key_str(out, "stack_end", ends[fault->stack_end]);
}

void put_json_origin(struct output *out, const struct fault *fault)
{
	if (fault->has_vma && fault->vma.end)
		put_json_vma(out, &fault->vma);
	if (fault->has_cpu_node)
		put_key_dec(out, "cpu_node", fault->cpu_node);
	if (fault->has_page_node)
		put_key_dec(out, "page_node", fault->page_node);
	put_stack(out, fault);
}
