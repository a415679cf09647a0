/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* The commands. Each parses its arguments, calls the parts, prints what goes wrong, returns the exit status. */
#ifndef PFWATCH_CMD_H
#define PFWATCH_CMD_H

int cmd_trace(int argc, char **argv);
int cmd_resolve(int argc, char **argv);
int cmd_map(int argc, char **argv);
int cmd_layout(int argc, char **argv);
int cmd_tasks(int argc, char **argv);
int cmd_top(int argc, char **argv);
int cmd_demo(int argc, char **argv);

extern const char usage_trace[], usage_resolve[], usage_map[], usage_layout[], usage_tasks[],
	usage_top[], usage_demo[];

/* After getopt_long() has found no such option; word is where it was. */
int unknown_option(const char *command, const char *word);
int print_usage(const char *usage);

/* What each command does with a word it doesn't understand: a line that says so, and EXIT_USAGE. */
int usage_error(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
