// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* A page that needs no other file: of each demonstration its picture, and what was claimed and measured. */
#include "render_demo.h"
#include "svg.h"

void html_begin(const struct render *render)
{
	put_str(render->out,
		"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
		"<title>pfwatch demo</title>\n<style>\n"
		"body { font: 16px/1.4 \"DejaVu Sans\", Verdana, Arial, sans-serif; max-width: 1280px;\n"
		"margin: 1em auto; color: black; background: white }\n"
		"svg { max-width: 100%; height: auto }\n"
		"table { border-collapse: collapse; margin: 0 40px 3em; font-size: 14px }\n"
		"th, td { text-align: left; padding: 3px 14px 3px 0; border-bottom: 1px solid #888 }\n"
		"td.failed { font-weight: bold }\n"
		"@media print { section { break-after: page } }\n"
		"</style></head><body>\n");
}

static void put_cell(struct output *out, const char *text)
{
	put_str(out, "<td>");
	put_xml(out, text);
	put_str(out, "</td>");
}

static void put_claim(struct output *out, const struct demo_claim *claim)
{
	put_str(out, "<tr><td class=\"");
	put_str(out, verdict_name(claim->verdict));
	put_str(out, "\">");
	put_str(out, verdict_name(claim->verdict));
	put_str(out, "</td>");
	put_cell(out, claim->text);
	put_cell(out, claim->expected);
	put_cell(out, claim->verdict == VERDICT_SKIPPED ? claim->why : claim->measured);
	put_str(out, "</tr>\n");
}

void html_demo(const struct render *render, const struct demo_result *result)
{
	struct output *out = render->out;

	put_str(out, "<section id=\"");
	put_xml(out, result->name);
	put_str(out, "\">\n");
	svg_demo(render, result);
	if (result->claims)
		put_str(out, "<table><tr><th></th><th>claim</th><th>expected</th><th>measured</th></tr>\n");
	for (unsigned int i = 0; i < result->claims; i++)
		put_claim(out, &result->claim[i]);
	put_str(out, result->claims ? "</table></section>\n" : "</section>\n");
}

void html_end(const struct render *render)
{
	put_str(render->out, "</body></html>\n");
}
