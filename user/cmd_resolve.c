// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "log.h"
#include "options.h"
#include "proc.h"
#include "render.h"
#include "render_explain.h"
#include "resolver.h"
#include "translate.h"
#include "walker.h"
#include "walker_log.h"

const char usage_resolve[] =
	"pfwatch resolve [OPTIONS] -p PID ADDR...\n"
	"\n"
	"The page-table path of each address of a process, in the order asked. ADDR is decimal, or hexadecimal with\n"
	"0x; '-' reads addresses from standard input, separated by blanks or newlines.\n"
	"\n"
	"  -p PID    the process (or a thread of it)\n"
	"  -v        one block an address, with a line for each level (index, entry, flags), the mapping and the page\n"
	"  --explain each address explained: its bits, the arithmetic of each level, what each bit of an entry means\n"
	"  --json    one JSON object a line\n"
	"  --csv     one line of comma-separated values an address, under a line of names\n"
	"  -o FILE   write to FILE (readable by its owner alone) instead of standard output\n"
	"  --walker kmod|bpf|pagemap   what is to read the page tables; default: the first of these that works\n"
	"\n"
	"Exit status: 0; 1 if an address could not be resolved (not canonical; no such process); 2 if the command line\n"
	"is wrong. An address where nothing is mapped is resolved: the path shows where it ends. A kernel address is\n"
	"resolved by the PGD of the process, as far as its tables can be read.\n";

struct resolve {
	uint32_t pid;
	enum walker_choice choice;
	const char *file;
	const struct form *form;
	struct walker *walker;
	struct resolver *resolver;
	struct render render;
	bool help;
	bool explained;		/* why there is no answer for the process */
	bool failed;		/* an address ended in an error state, or was no address */

	size_t n;
	uint64_t addrs[RESOLVER_BATCH];
};

/* All addresses have the same answer: there is none. Said once. */
static void explain_failure(struct resolve *r, int err)
{
	enum state state = err == -ESRCH ? STATE_NO_PROCESS : err == -ENXIO ? STATE_NO_MM : STATE_UNKNOWN;
	enum proc_state proc;
	char why[256];
	uint32_t tgid;

	resolver_give_up(r->resolver, r->pid, r->addrs, r->n, state);
	if (!r->explained) {
		proc = proc_look(r->pid, &tgid);
		proc_explain(proc, r->pid, why, sizeof(why));
		if (state == STATE_UNKNOWN || proc == PROC_ALIVE)
			log_error("PID %u cannot be walked: %s", r->pid, walker_error(r->walker));
		else
			log_error("%s", why);
	}
	r->failed = r->explained = true;
}

static void explain_bad_address(struct resolve *r, uint64_t addr)
{
	log_error("0x%llx is not canonical: with %u paging levels no address lies there", (unsigned long long)addr,
		  r->render.geometry->levels);
	r->failed = true;
}

/* Resolves and prints what has been gathered. 0, or the errno of the output. */
static int answer_all(struct resolve *r)
{
	int err = resolver_ask(r->resolver, r->pid, r->addrs, r->n);

	if (err)
		explain_failure(r, err);
	for (size_t i = 0; i < r->n; i++) {
		struct answer answer = resolver_answer(r->resolver, i);

		r->form->path(&r->render, &answer);
		if (answer.path->state == STATE_BAD_ADDRESS)
			explain_bad_address(r, answer.addr);
	}
	r->n = 0;
	return output_flush(r->render.out);
}

static int add(struct resolve *r, uint64_t addr)
{
	r->addrs[r->n++] = addr;
	return r->n == RESOLVER_BATCH ? answer_all(r) : 0;
}

static int add_word(struct resolve *r, const char *word)
{
	uint64_t addr;

	if (parse_u64(word, &addr))
		return add(r, addr);
	log_error("not an address: '%s' (decimal, or hexadecimal with 0x)", word);
	r->failed = true;
	return 0;
}

static int not_a_word(struct resolve *r)
{
	log_error("standard input holds a word that is longer than an address can be");
	r->failed = true;
	return 0;
}

/* A NUL is as good a separator as any: what is no text is no address. */
static bool is_separator(char c)
{
	return c <= ' ' && (c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0');
}

/* A word that is put together from what read() brings. An over-long one is dropped to its end. */
struct word {
	char text[64];
	size_t len;
};

static int end_word(struct resolve *r, struct word *word)
{
	size_t len = word->len;

	word->len = 0;
	if (!len)
		return 0;
	if (len >= sizeof(word->text))
		return not_a_word(r);
	word->text[len] = '\0';
	return add_word(r, word->text);
}

static void add_to_word(struct word *word, const char *text, size_t len)
{
	size_t room = sizeof(word->text) - word->len;

	memcpy(word->text + word->len, text, len < room ? len : room);
	word->len += len < room ? len : room;
}

static size_t count_to_separator(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && !is_separator(text[n]))
		n++;
	return n;
}

/* The words that some text brings, but for the end of one that it breaks off in. */
static int add_words(struct resolve *r, struct word *word, const char *text, size_t len)
{
	int err = 0;

	for (size_t i = 0; !err && i < len; i++) {
		size_t n = count_to_separator(text + i, len - i);

		add_to_word(word, text + i, n);
		i += n;
		if (i < len)
			err = end_word(r, word);
	}
	return err;
}

/*
 * Words as they come: what a pipe has delivered is answered before more is waited for, so that another program can ask
 * and read the answer in turn.
 */
static int resolve_stdin(struct resolve *r)
{
	struct word word = { .len = 0 };
	char buf[65536];
	ssize_t got = 1;
	int err = 0;

	while (!err && got) {
		if (r->n)
			err = answer_all(r);
		got = read(STDIN_FILENO, buf, sizeof(buf));
		if (got < 0 && errno != EINTR) {
			log_error("cannot read standard input: %s", strerror(errno));
			r->failed = true;
			break;
		}
		if (got > 0 && !err)
			err = add_words(r, &word, buf, got);
	}
	return err ? err : end_word(r, &word);
}

static int resolve_all(struct resolve *r, char **words)
{
	int err = 0;

	r->form->path_header(&r->render);
	for (; !err && *words; words++)
		err = strcmp(*words, "-") ? add_word(r, *words) : resolve_stdin(r);
	return !err && r->n ? answer_all(r) : err;
}

static bool open_output(struct resolve *r)
{
	r->render.geometry = walker_geometry(r->walker);
	r->render.walker = walker_name(r->walker);
	r->render.out = output_open(r->file);
	if (!r->render.out)
		log_error("cannot open %s: %s", r->file ? r->file : "standard output", strerror(errno));
	return r->render.out;
}

static bool open_walker(struct resolve *r)
{
	char why[512];

	r->walker = walker_open(r->choice, why, sizeof(why));
	if (!r->walker) {
		log_error("%s", why);
		return false;
	}
	log_walker(r->walker);
	r->resolver = resolver_new(r->walker, r->form->shows_page);
	if (!r->resolver)
		log_error("out of memory");
	return r->resolver;
}

static int run(struct resolve *r, char **words)
{
	int err = 0;

	if (!open_walker(r) || !open_output(r)) {
		r->failed = true;
	} else {
		resolve_all(r, words);
		err = output_close(r->render.out);
		if (err)
			log_error("cannot write to %s: %s", r->file ? r->file : "standard output", strerror(err));
	}
	resolver_free(r->resolver);
	walker_close(r->walker);
	return err || r->failed ? EXIT_FAILED : EXIT_OK;
}

static int check_words(char **words)
{
	uint64_t addr;

	if (!*words)
		return usage_error("resolve", "resolve needs an address, or '-' to read them from standard input");
	for (; *words; words++)
		if (strcmp(*words, "-") && !parse_u64(*words, &addr))
			return usage_error("resolve", "not an address: '%s' (decimal, or hexadecimal with 0x)", *words);
	return EXIT_OK;
}

/* What is for programs has all that -v would add. */
static bool set_form(struct resolve *r, const struct form *form)
{
	bool is_free = r->form == &form_text || r->form == &form_verbose || r->form == form;

	r->form = is_free ? form : r->form;
	return is_free;
}

static int parse(struct resolve *r, int argc, char **argv)
{
	static const struct option options[] = {
		{ "json", no_argument, NULL, 'j' }, { "csv", no_argument, NULL, 'C' },
		{ "explain", no_argument, NULL, 'e' },
		{ "walker", required_argument, NULL, 'w' },
		{ "help", no_argument, NULL, 'h' }, { 0 }
	};
	int option;

	r->form = &form_text;
	r->choice = WALKER_BEST;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":p:vo:", options, NULL)) != -1) {
		switch (option) {
		case 'p':
			if (!parse_pid(optarg, &r->pid))
				return usage_error("resolve", "not a PID: '%s'", optarg);
			break;
		case 'v':
			if (r->form == &form_text)
				r->form = &form_verbose;
			break;
		case 'j':
		case 'C':
		case 'e':
			if (!set_form(r, option == 'j' ? &form_json : option == 'C' ? &form_csv : &form_explain))
				return usage_error("resolve", "only one of --json, --csv and --explain");
			break;
		case 'o':
			r->file = optarg;
			break;
		case 'w':
			if (!walker_parse(optarg, &r->choice))
				return usage_error("resolve", "--walker takes kmod, bpf or pagemap, not '%s'", optarg);
			break;
		case ':':
			return usage_error("resolve", "option '%s' needs a value", argv[optind - 1]);
		case 'h':
			r->help = true;
			return EXIT_OK;
		default:
			return unknown_option("resolve", argv[optind - 1]);
		}
	}
	if (!r->pid)
		return usage_error("resolve", "resolve needs a process: -p PID");
	return check_words(argv + optind);
}

int cmd_resolve(int argc, char **argv)
{
	struct resolve *r = calloc(1, sizeof(*r));
	int status;

	if (!r) {
		log_error("out of memory");
		return EXIT_FAILED;
	}
	status = parse(r, argc, argv);
	if (r->form == &form_explain)
		translate_begin();
	if (status == EXIT_OK)
		status = r->help ? print_usage(usage_resolve) : run(r, argv + optind);
	free(r);
	return status;
}
