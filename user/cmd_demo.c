// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "cmd.h"
#include "demo.h"
#include "log.h"
#include "options.h"
#include "render_demo.h"
#include "translate.h"
#include "utf8.h"
#include "walker_log.h"

const char usage_demo[] =
	"pfwatch demo\n"
	"pfwatch demo [OPTIONS] NAME...\n"
	"pfwatch demo [OPTIONS] --all\n"
	"\n"
	"The demonstrations. Without a name, which there are. Each starts a program that does something to its\n"
	"memory, watches its faults and its page tables, shows what was measured beside what was expected, and checks\n"
	"what it claims of it. What this machine can't do is skipped, and said.\n"
	"\n"
	"  --all        all of them, one after another\n"
	"  --json       one JSON object each, on a line\n"
	"  --svg FILE   a picture of the one demonstration, for a browser or a printer\n"
	"  --html FILE  a page with text, numbers and pictures of all that were run; it needs no other file\n"
	"  -o FILE      write to FILE (readable by its owner alone) instead of standard output\n"
	"  --walker kmod|bpf|pagemap   what is to read the page tables; default: the first of these that works\n"
	"\n"
	"Exit status: 0 if all claims hold; 1 if one doesn't, or what was asked for by name can't be done here; 2 if\n"
	"the command line is wrong.\n";

struct demo_command {
	bool help, all, json;
	const char *svg, *html, *file;
	enum walker_choice choice;
	char **names;

	struct walker *walker;
	struct render render, svg_render, html_render;
	const struct demo_form *form;
	struct demo_result *result;
	unsigned int failed, skipped;
};

static int list_demos(void)
{
	for (const struct demo *demo = demos; demo->name; demo++)
		printf("%-13s %s\n", demo->name, demo->title);
	return print_usage("");
}

/* ---- one after another ---- */

/* Nothing, once nobody can see it any more: that is said when the output is closed. */
static void run_demo(struct demo_command *c, const struct demo *demo)
{
	struct demo_result *result = c->result;

	if (output_error(c->render.out))
		return;
	c->render.start = clock_now();
	demo_prepare(demo, c->walker, result);
	if (c->form->begin)
		c->form->begin(&c->render, result);
	output_flush(c->render.out);
	demo_play(demo, c->walker, c->form->begin ? &c->render : NULL, result);
	c->form->end(&c->render, result);
	output_flush(c->render.out);
	if (c->svg_render.out)
		svg_demo(&c->svg_render, result);
	if (c->html_render.out)
		html_demo(&c->html_render, result);
	c->failed += result->verdict == VERDICT_FAILED;
	c->skipped += result->verdict == VERDICT_SKIPPED;
	if (*result->why)
		log_error("%s %s: %s", demo->name, verdict_name(result->verdict), result->why);
}

static void run_demos(struct demo_command *c)
{
	if (c->html_render.out)
		html_begin(&c->html_render);
	if (c->all)
		for (const struct demo *demo = demos; demo->name; demo++)
			run_demo(c, demo);
	else
		for (char **name = c->names; *name; name++)
			run_demo(c, demo_find(*name));
	if (c->html_render.out)
		html_end(&c->html_render);
}

/* ---- what is written where ---- */

static bool open_render(struct demo_command *c, struct render *render, const char *file)
{
	render->geometry = walker_geometry(c->walker);
	render->walker = walker_name(c->walker);
	render->utf8 = utf8_is_wanted();
	render->out = output_open(file);
	if (!render->out)
		log_error("cannot open %s: %s", file ? file : "standard output", strerror(errno));
	return render->out;
}

static bool close_render(struct render *render)
{
	const char *name = render->out ? output_name(render->out) : NULL;
	int err = render->out ? output_close(render->out) : 0;

	if (err)
		log_error("cannot write to %s: %s", name, strerror(err));
	return !err;
}

static bool open_all(struct demo_command *c)
{
	char why[512];

	c->result = malloc(sizeof(*c->result));
	c->walker = walker_open(c->choice, why, sizeof(why));
	if (!c->result || !c->walker) {
		log_error("%s", c->result ? why : "out of memory");
		return false;
	}
	log_walker(c->walker);
	return open_render(c, &c->render, c->file) && (!c->svg || open_render(c, &c->svg_render, c->svg)) &&
	       (!c->html || open_render(c, &c->html_render, c->html));
}

static int run(struct demo_command *c)
{
	bool ok = open_all(c);

	if (ok)
		run_demos(c);
	ok &= close_render(&c->render);
	ok &= close_render(&c->svg_render);
	ok &= close_render(&c->html_render);
	if (c->walker)
		walker_close(c->walker);
	free(c->result);
	return ok && !c->failed && (c->all || !c->skipped) ? EXIT_OK : EXIT_FAILED;
}

/* ---- the command line ---- */

static int check_names(const struct demo_command *c)
{
	if (c->all && *c->names)
		return usage_error("demo", "either --all or names, not both");
	if (c->svg && (c->all || !*c->names || c->names[1]))
		return usage_error("demo", "--svg takes one demonstration: a picture has one of them");
	for (char **name = c->names; *name; name++)
		if (!demo_find(*name))
			return usage_error("demo", "there is no demonstration '%s'", *name);
	return EXIT_OK;
}

static int parse(struct demo_command *c, int argc, char **argv)
{
	static const struct option options[] = {
		{ "all", no_argument, NULL, 'a' }, { "json", no_argument, NULL, 'j' },
		{ "svg", required_argument, NULL, 's' }, { "html", required_argument, NULL, 'H' },
		{ "walker", required_argument, NULL, 'w' }, { "help", no_argument, NULL, 'h' }, { 0 }
	};
	int option;

	c->choice = WALKER_BEST;
	c->form = &demo_form_text;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":o:", options, NULL)) != -1) {
		switch (option) {
		case 'a': c->all = true; break;
		case 'j': c->form = &demo_form_json; break;
		case 's': c->svg = optarg; break;
		case 'H': c->html = optarg; break;
		case 'o': c->file = optarg; break;
		case 'w':
			if (!walker_parse(optarg, &c->choice))
				return usage_error("demo", "--walker takes kmod, bpf or pagemap, not '%s'", optarg);
			break;
		case ':':
			return usage_error("demo", "option '%s' needs a value", argv[optind - 1]);
		case 'h':
			c->help = true;
			return EXIT_OK;
		default:
			return unknown_option("demo", argv[optind - 1]);
		}
	}
	c->names = argv + optind;
	return check_names(c);
}

int cmd_demo(int argc, char **argv)
{
	struct demo_command c = { 0 };
	int status;

	/* What a demonstration watches: see demo_stage.c. */
	if (argc == 3 && !strcmp(argv[1], "--act"))
		return actor_main(atoi(argv[2]));
	status = parse(&c, argc, argv);
	if (status != EXIT_OK)
		return status;
	translate_begin();
	if (c.help)
		return print_usage(usage_demo);
	return c.all || *c.names ? run(&c) : list_demos();
}
