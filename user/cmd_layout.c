// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <getopt.h>
#include <string.h>

#include "cmd.h"
#include "log.h"
#include "options.h"
#include "render.h"
#include "walker.h"

const char usage_layout[] =
	"pfwatch layout [--json]\n"
	"\n"
	"The paging geometry of this kernel: levels, shifts, masks, table sizes, the bases of its address ranges.\n"
	"\n"
	"  --json   one JSON object\n";

int cmd_layout(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' }, { "help", no_argument, NULL, 'h' }, { 0 }
	};
	const struct form *form = &form_text;
	struct render render = { 0 };
	struct walker *walker;
	char why[512];
	int option, err;

	opterr = 0;
	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		if (option == 'h')
			return print_usage(usage_layout);
		if (option != 'j')
			return unknown_option("layout", argv[optind - 1]);
		form = &form_json;
	}
	if (optind < argc)
		return usage_error("layout", "layout takes no argument: '%s'", argv[optind]);

	walker = walker_open(WALKER_KMOD, why, sizeof(why));
	if (!walker) {
		log_error("%s", why);
		return EXIT_FAILED;
	}
	render.out = output_open(NULL);
	render.geometry = walker_geometry(walker);
	if (!render.out) {
		log_error("out of memory");
		walker_close(walker);
		return EXIT_FAILED;
	}
	form->layout(&render);
	err = output_close(render.out);
	walker_close(walker);
	if (err)
		log_error("cannot write to standard output: %s", strerror(err));
	return err ? EXIT_FAILED : EXIT_OK;
}
