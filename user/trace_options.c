// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "trace_options.h"

#include <getopt.h>
#include <string.h>

#include "cause.h"
#include "cmd.h"
#include "filter_options.h"

const char usage_trace[] =
	"pfwatch [OPTIONS] -p PID[,PID...]\n"
	"pfwatch [OPTIONS] -- COMMAND ARGS...\n"
	"pfwatch [OPTIONS] -a [-- COMMAND ARGS...]\n"
	"pfwatch [OPTIONS] --cgroup DIR [-- COMMAND ARGS...]\n"
	"\n"
	"The page faults of running processes, or of COMMAND from its first instruction on, each with the page-table\n"
	"path that its address has right afterwards.\n"
	"\n"
	"  -p PID[,PID...]  these processes, with all their threads; ends when they do\n"
	"  -a               every process but pfwatch itself; with COMMAND: while that runs\n"
	"  --cgroup DIR     the processes of a cgroup (v2) and of those below it: its directory, below /sys/fs/cgroup\n"
	"  -f               with the processes, those that they start, and so on; ends when all of them do\n"
	"  -n COUNT         stop after COUNT faults\n"
	"  -d SECONDS       stop after this time (COMMAND is then ended with SIGTERM)\n"
	"  --source SOURCE  what tells that a fault begins: tracepoint, or kprobe; default: the first of these that works\n"
	"  --ring SIZE      bytes of the buffer between kernel and pfwatch: a power of two from 4K to 1G, 16M by default;\n"
	"                   what finds no room in it is lost, and counted\n"
	"  --cause LIST     only faults of these causes, separated by commas: first-touch, zero-page, thp, cow,\n"
	"                   cow-reuse, shmem, file-minor, file-major, write-notify, swap-in, numa-hint, migration,\n"
	"                   hugetlb, userfault, stack, spurious, segv, sigbus, oom, kernel, unknown\n"
	"  --major          only faults that had to read, or to wait for something\n"
	"  --min-latency T  only faults that took as long: 800ns, 10us, 1.5ms, 2s\n"
	"  --access LIST    only these accesses: read, write, exec, separated by commas\n"
	"  --mode MODE      only faults in this mode: user, or kernel (as by a system call that fills a buffer)\n"
	"  --addr START-END only faults at these addresses\n"
	"  --comm NAME      only faults of threads of this name\n"
	"  --sample N       only one in N faults, by chance; the output says so\n"
	"  --stacks         the user stack of each fault, by its frame pointers\n"
	"  -v               one block a fault, with a line for each level: index, entry, flags; and whose it was:\n"
	"                   function, source line, mapping, NUMA nodes\n"
	"  --json           one JSON object a line\n"
	"  --csv            one line of comma-separated values a fault, under a line of names\n"
	"  --summary        nothing per fault; at the end, counts and times by cause, mapping and page size, the places\n"
	"                   with most faults, and the faults that could have been avoided\n"
	"  -o FILE          write to FILE (readable by its owner alone) instead of standard output\n"
	"  --walker WALKER  what is to read the page tables: kmod (the module), bpf, or pagemap; default: the first of\n"
	"                   these that works\n"
	"\n"
	"Data goes to standard output; COMMAND's own output then goes to standard error, unless there is -o FILE.\n"
	"SIGINT and SIGTERM end the stream with its summary. Exit status: COMMAND's own; else 0 if it worked, 1 if\n"
	"not, 2 if the command line is wrong.\n";

static int wrong_value(const char *what, const char *value)
{
	return usage_error("trace", "%s, not '%s'", what, value);
}

/* What the kernel takes: whole pages, a power of two of them. */
static bool parse_ring(const char *value, uint64_t *bytes)
{
	return parse_size(value, bytes) && *bytes >= 4096 && *bytes <= 1UL << 30 && !(*bytes & (*bytes - 1));
}

static bool parse_causes(const char *list, uint32_t *causes)
{
	uint32_t found = 0;

	for (;; list++) {
		size_t length = strcspn(list, ",");
		enum cause_word word;

		if (!cause_by_name(list, length, &word))
			return false;
		found |= 1U << word;
		list += length;
		if (!*list)
			break;
	}
	*causes = found;
	return true;
}

static bool parse_source(const char *name, enum begin_source *source)
{
	*source = !strcmp(name, "kprobe") ? BEGIN_KPROBE : BEGIN_TRACEPOINT;
	return *source == BEGIN_KPROBE || !strcmp(name, "tracepoint");
}

static int parse_filter(struct trace_options *options, int option, const char *value)
{
	const char *wrong = filter_option_take(&options->tracer.filter, option, value);

	return wrong ? wrong_value(wrong, value) : EXIT_OK;
}

/* What is for programs has all that -v would add. */
static int set_form(struct trace_options *options, const struct form *form)
{
	if (options->form != &form_text && options->form != &form_verbose && options->form != form)
		return usage_error("trace", "either --json or --csv, not both");
	options->form = form;
	return EXIT_OK;
}

static int parse_option(struct trace_options *options, int option, const char *value, const char *word)
{
	if (is_filter_option(option))
		return parse_filter(options, option, value);
	switch (option) {
	case 'p':
		if (!parse_pids(value, &options->pids))
			return wrong_value("-p takes PIDs from 1 on, separated by commas", value);
		break;
	case 'n':
		if (!parse_u64(value, &options->count) || !options->count)
			return wrong_value("-n takes a number of faults, at least 1", value);
		break;
	case 'd':
		if (!parse_seconds(value, &options->duration))
			return wrong_value("-d takes a number of seconds, more than 0", value);
		break;
	case 'r':
		if (!parse_ring(value, &options->tracer.ring))
			return wrong_value("--ring takes a power of two from 4K to 1G", value);
		break;
	case 'c':
		if (!parse_causes(value, &options->causes))
			return wrong_value("--cause takes causes (see --help), separated by commas", value);
		break;
	case 'B':
		if (!parse_source(value, &options->tracer.begin))
			return wrong_value("--source takes tracepoint or kprobe", value);
		break;
	case 'a':
		options->tracer.all = true;
		break;
	case 'f':
		options->tracer.follow = true;
		break;
	case 'g':
		options->tracer.cgroup = value;
		break;
	case 'v':
		if (options->form == &form_text)
			options->form = &form_verbose;
		break;
	case 'j':
		return set_form(options, &form_json);
	case 'C':
		return set_form(options, &form_csv);
	case 's':
		options->summary = true;
		break;
	case 'o':
		options->file = value;
		break;
	case 'w':
		if (!walker_parse(value, &options->walker))
			return wrong_value("--walker takes kmod, bpf or pagemap", value);
		break;
	case 'S':
		options->tracer.stacks = true;
		break;
	case ':':
		return usage_error("trace", "option '%s' needs a value", word);
	case 'h':
		options->help = true;
		break;
	default:
		return unknown_option("trace", word);
	}
	return EXIT_OK;
}

static int check_targets(const struct trace_options *options)
{
	bool all = options->tracer.all, cgroup = options->tracer.cgroup;

	if (options->command && options->pids.n)
		return usage_error("trace", "either -p or a command, not both");
	if (all + cgroup + !!options->pids.n > 1)
		return usage_error("trace", "one of -p, -a and --cgroup, not two of them");
	if (options->tracer.follow && (all || cgroup))
		return usage_error("trace", "-f is for -p and a command: -a and --cgroup watch children by themselves");
	if (!options->command && !options->pids.n && !all && !cgroup)
		return usage_error("trace", "what is to be watched? -p PID, -- COMMAND, -a, or --cgroup DIR");
	return EXIT_OK;
}

int trace_options_parse(struct trace_options *options, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' }, { "csv", no_argument, NULL, 'C' },
		{ "summary", no_argument, NULL, 's' }, { "ring", required_argument, NULL, 'r' },
		{ "cause", required_argument, NULL, 'c' }, { "walker", required_argument, NULL, 'w' },
		{ "cgroup", required_argument, NULL, 'g' }, { "source", required_argument, NULL, 'B' },
		FILTER_LONG_OPTIONS, { "stacks", no_argument, NULL, 'S' }, { "help", no_argument, NULL, 'h' }, { 0 }
	};
	const char *value = NULL;
	int option, status;

	*options = (struct trace_options){ .form = &form_text, .walker = WALKER_BEST, .causes = UINT32_MAX };
	opterr = 0;
	while ((option = getopt_long(argc, argv, "+:p:n:d:vo:af", longs, NULL)) != -1) {
		status = parse_option(options, option, optarg, argv[optind - 1]);
		if (status != EXIT_OK || options->help)
			return status;
		value = optarg;
	}
	if (optind < argc)
		options->command = argv + optind;
	/* A COMMAND stands behind --: without it a misspelt word would be run as root. */
	if (options->command && (strcmp(argv[optind - 1], "--") || argv[optind - 1] == value))
		return usage_error("trace", "unexpected word '%s' (a command to start stands behind --)", argv[optind]);
	if (options->summary && !options->form->report)
		return usage_error("trace", "--summary is text or --json: it has no --csv");
	return check_targets(options);
}
