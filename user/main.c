// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* pfwatch: the table of commands, and what they share. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "log.h"
#include "options.h"

static const struct command_entry {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *usage;
} commands[] = {
	{ "trace", cmd_trace, usage_trace },
	{ "resolve", cmd_resolve, usage_resolve },
	{ "map", cmd_map, usage_map },
	{ "layout", cmd_layout, usage_layout },
	{ "tasks", cmd_tasks, usage_tasks },
	{ "top", cmd_top, usage_top },
	{ "demo", cmd_demo, usage_demo },
};

static const char usage[] =
	"pfwatch shows page faults live, and for each one the page-table path of its address.\n"
	"\n"
	"  pfwatch [OPTIONS] -p PID[,PID...]     the faults of running processes (all their threads)\n"
	"  pfwatch [OPTIONS] -- COMMAND ARGS...  start COMMAND, its faults from the first instruction on\n"
	"  pfwatch [OPTIONS] -a                  every process; --cgroup DIR: those of a cgroup\n"
	"  pfwatch resolve -p PID ADDR...        the page-table path of each address\n"
	"  pfwatch map -p PID [START-END]        the whole address space: pages, holes, tables\n"
	"  pfwatch tasks                         every process: TASK_SIZE, page tables, RSS\n"
	"  pfwatch top                           the processes that fault most, and why, again and again\n"
	"  pfwatch layout                        the paging geometry of this kernel\n"
	"  pfwatch demo [NAME]                   the demonstrations (no name: lists them)\n"
	"  pfwatch help [COMMAND], --version     this text, or that of a command (trace: of the first three)\n";

static const struct command_entry *find_command(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

int usage_error(const char *command, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	log_error("%s (see: pfwatch help%s%s)", text, *command ? " " : "", command);
	return EXIT_USAGE;
}

int print_usage(const char *text)
{
	if (fputs(text, stdout) < 0 || fflush(stdout)) {
		log_error("cannot write to standard output: %s", strerror(errno));
		return EXIT_FAILED;
	}
	return EXIT_OK;
}

static int help(int argc, char **argv)
{
	const char *name = argc > 2 && strcmp(argv[2], "help") ? argv[2] : NULL;
	const struct command_entry *command = name ? find_command(name) : NULL;

	if (argc > 3)
		return usage_error("", "help takes one command, '%s' is too much", argv[3]);
	if (name && !command)
		return usage_error("", "there is no command '%s'", name);
	return print_usage(command ? command->usage : usage);
}

/*
 * Were a standard descriptor closed, the next file that is opened would take its number, and our data go there. For
 * reading only: a write to it fails, and is told as what it is.
 */
static void fill_standard_files(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd > STDERR_FILENO)
		close(fd);
}

int main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : NULL;
	const struct command_entry *command;

	fill_standard_files();
	/* A closed pipe, and a file that may not grow: errors of write() like any other. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (!word) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(word, "--version"))
		return print_usage("pfwatch " VERSION "\n");
	if (!strcmp(word, "help") || !strcmp(word, "--help") || !strcmp(word, "-h"))
		return help(argc, argv);
	if (word[0] == '-')
		return cmd_trace(argc, argv);
	command = find_command(word);
	if (!command)
		return usage_error("", "there is no command '%s'", word);
	return command->run(argc - 1, argv + 1);
}
