// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "log.h"
#include "options.h"
#include "proc.h"
#include "render.h"
#include "utf8.h"
#include "walker.h"

const char usage_map[] =
	"pfwatch map [OPTIONS] -p PID [START-END]\n"
	"\n"
	"The whole address space of a process, or that from START to END, as its page tables have it: each mapping and how\n"
	"much of it has a page, the sums, the page tables at each level beside one flat table, and a picture of the populated\n"
	"parts. START and END are decimal, or hexadecimal with 0x.\n"
	"\n"
	"  -p PID    the process (or a thread of it)\n"
	"  -v        one block a mapping: what its entries and its pages are, and how large these are\n"
	"  --json    one JSON object a line: the regions of equal entries and the mapping behind them; at last the sums\n"
	"  -o FILE   write to FILE (readable by its owner alone) instead of standard output\n"
	"\n"
	"Exit status: 0; 1 if it failed (no such process; not a range of the user half); 2 if the command line is wrong.\n";

/* /proc/PID/maps is read again for a mapping it didn't have, but not without end: who maps faster than we read wins. */
#define NAME_READS	8

struct map_command {
	uint32_t pid;
	const char *file;
	const struct form *form;
	bool help, has_range;
	uint64_t start, end;

	struct walker *walker;
	struct render render;
	struct map map;
	bool vma_is_open;	/* map.vma isn't printed yet */
	struct vmas *vmas;
	unsigned int name_reads;
};

/* ---- what the walker tells ---- */

static bool is_known(const struct map_command *m)
{
	const struct vma *vma = vmas_find(m->vmas, m->map.vma.vma.start);

	return vma && vma->start == m->map.vma.vma.start;
}

static const char *name_of(struct map_command *m)
{
	if (!is_known(m) && m->name_reads) {
		m->name_reads--;
		vmas_free(m->vmas);
		m->vmas = vmas_read(m->pid);
	}
	return is_known(m) ? vmas_find(m->vmas, m->map.vma.vma.start)->name : "";
}

static void end_vma(struct map_command *m)
{
	if (m->vma_is_open)
		m->form->map_vma(&m->render, &m->map, name_of(m));
	m->vma_is_open = false;
}

static int on_vma(void *data, const struct vma *vma)
{
	struct map_command *m = data;

	end_vma(m);
	if (!m->map.vmas)
		m->form->map_header(&m->render);
	map_add_vma(&m->map, vma);
	m->vma_is_open = true;
	return output_error(m->render.out);
}

static int on_region(void *data, const struct region *region)
{
	struct map_command *m = data;

	map_add_region(&m->map, region);
	m->form->map_region(&m->render, &m->map, region);
	return output_error(m->render.out);
}

/* ---- the command ---- */

static void explain_failure(struct map_command *m, int err)
{
	enum proc_state state;
	char why[256];
	uint32_t tgid;

	if (output_error(m->render.out))
		return;		/* told when it is closed */
	state = proc_look(m->pid, &tgid);
	proc_explain(state, m->pid, why, sizeof(why));
	if (m->map.vmas && (err == -ESRCH || err == -ENXIO || err == -ESTALE))
		log_error("PID %u has ended, or executed another program, while its map was read", m->pid);
	else if ((err == -ESRCH || err == -ENXIO) && state != PROC_ALIVE)
		log_error("%s", why);
	else
		log_error("PID %u cannot be mapped: %s", m->pid, walker_error(m->walker));
}

/* Which addresses there are is known once the walker has told the geometry. */
static bool check_range(const struct map_command *m)
{
	const struct geometry *g = m->render.geometry;
	uint64_t half = g->task_size_max + (1ULL << g->page_shift);	/* the last page of the user half is a guard */
	uint64_t addr = m->start >= g->task_size_max ? m->start : m->end;

	if (m->start < g->task_size_max && m->end <= half)
		return true;
	if (addr >= -half || addr <= half)
		log_error("0x%llx is not in the user half: pfwatch maps the addresses below 0x%llx",
			  (unsigned long long)addr, (unsigned long long)g->task_size_max);
	else
		log_error("0x%llx is not canonical: with %u paging levels no address lies there",
			  (unsigned long long)addr, g->levels);
	return false;
}

static bool map_all(struct map_command *m)
{
	const struct map_sink sink = { .vma = on_vma, .region = on_region, .data = m };
	const struct geometry *g = m->render.geometry;
	uint64_t page = (1ULL << g->page_shift) - 1;
	int err;

	if (!m->has_range)
		m->end = g->task_size_max;
	if (!check_range(m))
		return false;
	map_begin(&m->map, g, m->pid, m->start & ~page,
		  m->end < g->task_size_max ? (m->end + page) & ~page : g->task_size_max);
	m->vmas = vmas_read(m->pid);
	err = walker_map(m->walker, m->pid, m->map.start, m->map.end, &sink, &m->map.tables);
	if (err) {
		explain_failure(m, err);
		return false;
	}
	end_vma(m);
	m->form->map_end(&m->render, &m->map);
	return true;
}

static int run(struct map_command *m)
{
	char why[512];
	bool ok;
	int err;

	m->walker = walker_open(WALKER_KMOD, why, sizeof(why));
	if (!m->walker) {
		log_error("%s", why);
		return EXIT_FAILED;
	}
	m->render.geometry = walker_geometry(m->walker);
	m->render.walker = walker_name(m->walker);
	m->render.utf8 = utf8_is_wanted();
	m->render.out = output_open(m->file);
	if (!m->render.out) {
		log_error("cannot open %s: %s", m->file ? m->file : "standard output", strerror(errno));
		walker_close(m->walker);
		return EXIT_FAILED;
	}
	ok = map_all(m);
	err = output_close(m->render.out);
	if (err)
		log_error("cannot write to %s: %s", m->file ? m->file : "standard output", strerror(err));
	vmas_free(m->vmas);
	walker_close(m->walker);
	return err || !ok ? EXIT_FAILED : EXIT_OK;
}

static int check_words(struct map_command *m, char **words)
{
	if (!*words)
		return EXIT_OK;
	if (!parse_range(*words, &m->start, &m->end))
		return usage_error("map", "not a range: '%s' (START-END, decimal, or hexadecimal with 0x)", *words);
	if (m->start >= m->end)
		return usage_error("map", "an empty range: '%s' (START is to be below END)", *words);
	m->has_range = true;
	if (words[1])
		return usage_error("map", "map takes one range, '%s' is too much", words[1]);
	return EXIT_OK;
}

static int parse(struct map_command *m, int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' }, { "help", no_argument, NULL, 'h' }, { 0 }
	};
	int option;

	m->form = &form_text;
	m->name_reads = NAME_READS;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":p:vo:", options, NULL)) != -1) {
		switch (option) {
		case 'p':
			if (!parse_pid(optarg, &m->pid))
				return usage_error("map", "not a PID: '%s'", optarg);
			break;
		case 'v':
			if (m->form != &form_json)
				m->form = &form_verbose;
			break;
		case 'j':
			m->form = &form_json;
			break;
		case 'o':
			m->file = optarg;
			break;
		case ':':
			return usage_error("map", "option '%s' needs a value", argv[optind - 1]);
		case 'h':
			m->help = true;
			return EXIT_OK;
		default:
			return unknown_option("map", argv[optind - 1]);
		}
	}
	if (!m->pid)
		return usage_error("map", "map needs a process: -p PID");
	return check_words(m, argv + optind);
}

int cmd_map(int argc, char **argv)
{
	struct map_command *m = calloc(1, sizeof(*m));
	int status;

	if (!m) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	status = parse(m, argc, argv);
	if (status == EXIT_OK)
		status = m->help ? print_usage(usage_map) : run(m);
	free(m);
	return status;
}
