// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "log.h"
#include "options.h"
#include "proc.h"
#include "render.h"
#include "tasks.h"

const char usage_tasks[] =
	"pfwatch tasks [OPTIONS]\n"
	"\n"
	"Every process: TASK_SIZE (the end of its user addresses), the kernel address of its PGD, how many page tables it\n"
	"has below that and their bytes, what of its memory is resident (RSS) and in swap, the size of all its mappings.\n"
	"Needs no module.\n"
	"\n"
	"  -p PID[,PID...]  these processes only; may be repeated\n"
	"  --user           only what has an address space: no kernel threads, and none that have exited\n"
	"  --sort KEY       pid (as it is without this option), comm; or the largest first: rss, pagetables, swap, vm\n"
	"  --json           one JSON object a line\n"
	"  -o FILE          write to FILE (readable by its owner alone) instead of standard output\n"
	"\n"
	"Exit status: 0; 1 if it failed, or one of the processes isn't there; 2 if the command line is wrong.\n";

typedef int compare_fn(const void *a, const void *b);

struct options {
	const struct form *form;
	const char *file;
	struct pid_list pids;
	compare_fn *order;
	bool user;
	bool help;
};

/* ---- orders; where two are equal, that of their PID ---- */

static int by_pid(const void *a, const void *b)
{
	const struct task *one = a, *other = b;

	return one->pid < other->pid ? -1 : one->pid > other->pid;
}

static int by_comm(const void *a, const void *b)
{
	const struct task *one = a, *other = b;
	int result = strcmp(one->comm, other->comm);

	return result ? result : by_pid(a, b);
}

static int largest_first(uint64_t one, uint64_t other, const void *a, const void *b)
{
	if (one != other)
		return one > other ? -1 : 1;
	return by_pid(a, b);
}

static int by_rss(const void *a, const void *b)
{
	return largest_first(((const struct task *)a)->rss_bytes, ((const struct task *)b)->rss_bytes, a, b);
}

static int by_pagetables(const void *a, const void *b)
{
	return largest_first(((const struct task *)a)->pgtables_bytes, ((const struct task *)b)->pgtables_bytes, a, b);
}

static int by_swap(const void *a, const void *b)
{
	return largest_first(((const struct task *)a)->swap_bytes, ((const struct task *)b)->swap_bytes, a, b);
}

static int by_vm(const void *a, const void *b)
{
	return largest_first(((const struct task *)a)->vm_bytes, ((const struct task *)b)->vm_bytes, a, b);
}

static compare_fn *find_order(const char *key)
{
	static const struct { const char *key; compare_fn *order; } orders[] = {
		{ "pid", by_pid }, { "comm", by_comm }, { "rss", by_rss }, { "pagetables", by_pagetables },
		{ "swap", by_swap }, { "vm", by_vm },
	};

	for (size_t i = 0; i < sizeof(orders) / sizeof(*orders); i++)
		if (!strcmp(orders[i].key, key))
			return orders[i].order;
	return NULL;
}

/* ---- the processes that are wanted ---- */

/* Among n, which are in the order of their PID. */
static const struct task *find(const struct task *tasks, size_t n, uint32_t pid)
{
	const struct task key = { .pid = pid };

	return bsearch(&key, tasks, n, sizeof(*tasks), by_pid);
}

/* A thread's number stands for its process. */
static uint32_t process_of(const struct task *tasks, size_t n, uint32_t pid)
{
	char why[256];
	uint32_t tgid;

	if (find(tasks, n, pid))
		return pid;
	proc_look(pid, &tgid);
	if (find(tasks, n, tgid))
		return tgid;
	proc_explain(PROC_MISSING, pid, why, sizeof(why));
	log_error("%s", why);
	return 0;
}

/* Replaces each number by that of its process. Whether all are there. */
static bool look_up(struct pid_list *pids, const struct task *tasks, size_t n)
{
	bool all = true;

	for (size_t i = 0; i < pids->n; i++) {
		pids->pid[i] = process_of(tasks, n, pids->pid[i]);
		all = all && pids->pid[i];
	}
	return all;
}

static bool is_wanted(const struct options *options, const struct task *task)
{
	if (options->user && task->kind != TASK_PROCESS)
		return false;
	for (size_t i = 0; i < options->pids.n; i++)
		if (options->pids.pid[i] == task->pid)
			return true;
	return !options->pids.n;
}

static size_t keep_wanted(const struct options *options, struct task *tasks, size_t n)
{
	size_t kept = 0, i;

	for (i = 0; i < n; i++)
		if (is_wanted(options, &tasks[i]))
			tasks[kept++] = tasks[i];
	return kept;
}

/* ---- the command ---- */

/* 0, or the errno of the output. */
static int print(const struct options *options, const struct task *tasks, size_t n)
{
	struct render render = { .out = output_open(options->file) };
	const char *name = options->file ? options->file : "standard output";
	int err;

	if (!render.out) {
		err = errno;
		log_error("cannot open %s: %s", name, strerror(err));
		return err;
	}
	options->form->task_header(&render);
	for (size_t i = 0; i < n; i++)
		options->form->task(&render, &tasks[i]);
	err = output_close(render.out);
	if (err)
		log_error("cannot write to %s: %s", name, strerror(err));
	return err;
}

static int run(struct options *options)
{
	struct task *tasks;
	char why[512];
	bool all;
	size_t n;
	int err;

	tasks = tasks_read(&n, why, sizeof(why));
	if (!tasks) {
		log_error("%s", why);
		return EXIT_FAILED;
	}
	all = look_up(&options->pids, tasks, n);
	n = keep_wanted(options, tasks, n);
	qsort(tasks, n, sizeof(*tasks), options->order);
	err = print(options, tasks, n);
	free(tasks);
	return err || !all ? EXIT_FAILED : EXIT_OK;
}

static int parse_option(struct options *options, int option, const char *word)
{
	switch (option) {
	case 'p':
		if (!parse_pids(optarg, &options->pids))
			return usage_error("tasks", "-p takes PIDs separated by commas, not '%s'", optarg);
		return EXIT_OK;
	case 's':
		options->order = find_order(optarg);
		if (!options->order)
			return usage_error("tasks", "--sort takes pid, comm, rss, pagetables, swap or vm, not '%s'",
					   optarg);
		return EXIT_OK;
	case 'u':
		options->user = true;
		return EXIT_OK;
	case 'j':
		options->form = &form_json;
		return EXIT_OK;
	case 'o':
		options->file = optarg;
		return EXIT_OK;
	case 'h':
		options->help = true;
		return EXIT_OK;
	case ':':
		return usage_error("tasks", "option '%s' needs a value", word);
	default:
		return unknown_option("tasks", word);
	}
}

static int parse(struct options *options, int argc, char **argv)
{
	static const struct option longs[] = {
		{ "sort", required_argument, NULL, 's' }, { "user", no_argument, NULL, 'u' },
		{ "json", no_argument, NULL, 'j' }, { "help", no_argument, NULL, 'h' }, { 0 }
	};
	int status = EXIT_OK, option;

	opterr = 0;
	while (status == EXIT_OK && !options->help &&
	       (option = getopt_long(argc, argv, ":p:o:", longs, NULL)) != -1)
		status = parse_option(options, option, argv[optind - 1]);
	if (status == EXIT_OK && !options->help && optind < argc)
		return usage_error("tasks", "tasks takes no argument: '%s' (-p PID selects a process)", argv[optind]);
	return status;
}

int cmd_tasks(int argc, char **argv)
{
	struct options options = { .form = &form_text, .order = by_pid };
	int status = parse(&options, argc, argv);

	if (status == EXIT_OK)
		status = options.help ? print_usage(usage_tasks) : run(&options);
	free(options.pids.pid);
	return status;
}
