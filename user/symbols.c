// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "symbols.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "budget.h"
#include "mapped_file.h"
#include "program_file.h"

#define MAX_FILES	64
#define MAX_BYTES	(256UL << 20)	/* of them all */
#define OPENINGS	4096		/* a power of two */
#define PLACES		16384		/* a power of two */
/* Looking up takes half of the time at most, and a second that was saved up; then there is no name. */
#define SHARE		2
#define BURST		1000000000LL

struct known_file {
	struct file_key key;
	struct program_file *file;	/* NULL: it is none that tells anything */
	uint64_t used;
};

/* What was mapped when the file was opened: so it is known where that can no longer be done, with the process gone. */
struct opening {
	uint64_t version;		/* of the address space; 0: nothing */
	uint64_t inode;			/* with major and minor: as in /proc/PID/maps */
	uint32_t major, minor;
	struct file_key key;
};

struct known_place {
	uint64_t ip, version;		/* version 0: nothing */
	bool returns;
	struct code_place place;
};

struct symbols {
	struct strings *strings;
	struct known_file file[MAX_FILES];
	size_t n;
	uint64_t clock;
	struct budget budget;
	/* Both by a hash; a newer one takes the place of an older one. */
	struct opening *opening;
	struct known_place *place;
};

struct symbols *symbols_new(struct strings *strings)
{
	struct symbols *symbols = calloc(1, sizeof(*symbols));

	if (!symbols)
		return NULL;
	symbols->strings = strings;
	symbols->budget = (struct budget){ .share = SHARE, .burst = BURST };
	symbols->opening = calloc(OPENINGS, sizeof(*symbols->opening));
	symbols->place = calloc(PLACES, sizeof(*symbols->place));
	if (symbols->opening && symbols->place)
		return symbols;
	symbols_free(symbols);
	return NULL;
}

void symbols_free(struct symbols *symbols)
{
	if (!symbols)
		return;
	for (size_t i = 0; i < symbols->n; i++)
		program_file_close(symbols->file[i].file);
	free(symbols->opening);
	free(symbols->place);
	free(symbols);
}

/* ---- files ---- */

static bool is_same(const struct file_key *one, const struct file_key *other)
{
	return one->inode == other->inode && one->major == other->major && one->minor == other->minor &&
	       one->size == other->size && one->changed == other->changed;
}

static struct known_file *find_known(struct symbols *symbols, const struct file_key *key)
{
	for (size_t i = 0; i < symbols->n; i++)
		if (is_same(&symbols->file[i].key, key))
			return &symbols->file[i];
	return NULL;
}

/* That was not asked for the longest. */
static void forget_oldest(struct symbols *symbols)
{
	struct known_file *oldest = &symbols->file[0], *last = &symbols->file[--symbols->n];

	for (struct known_file *known = oldest; known <= last; known++)
		if (known->used < oldest->used)
			oldest = known;
	program_file_close(oldest->file);
	*oldest = *last;
}

static struct known_file *make_known(struct symbols *symbols, const struct file_key *key)
{
	if (symbols->n == MAX_FILES)
		forget_oldest(symbols);
	symbols->file[symbols->n] = (struct known_file){ .key = *key };
	return &symbols->file[symbols->n++];
}

static struct opening *opening_of(struct symbols *symbols, const struct code_query *query)
{
	uint64_t hash = (query->vma->inode ^ query->version << 32) * 0x9e3779b97f4a7c15;

	return &symbols->opening[hash >> 40 & (OPENINGS - 1)];
}

static void remember(struct symbols *symbols, const struct code_query *query, const struct file_key *key)
{
	const struct vma *vma = query->vma;

	*opening_of(symbols, query) = (struct opening){
		.version = query->version, .inode = vma->inode, .major = vma->major, .minor = vma->minor, .key = *key,
	};
}

/* What a number says alone is not enough: another process may have mapped the file before it was written anew. */
static bool recall(struct symbols *symbols, const struct code_query *query, struct file_key *key)
{
	const struct opening *opening = opening_of(symbols, query);
	const struct vma *vma = query->vma;

	*key = opening->key;
	return opening->version && opening->version == query->version && opening->inode == vma->inode &&
	       opening->major == vma->major && opening->minor == vma->minor;
}

/* fd is the file's, and goes. */
static struct known_file *know(struct symbols *symbols, const struct code_query *query, const struct file_key *key, int fd)
{
	struct known_file *known = find_known(symbols, key);
	char root[64];

	remember(symbols, query, key);
	if (known) {
		close(fd);
		return known;
	}
	known = make_known(symbols, key);
	snprintf(root, sizeof(root), "/proc/%u/root", query->pid);
	known->file = program_file_open(fd, root, query->vma->name);
	return known;
}

static struct program_file *find_file(struct symbols *symbols, const struct code_query *query)
{
	struct file_key key;
	int fd = mapped_file_open(query->pid, query->vma, &key);
	struct known_file *known = NULL;

	if (fd >= 0)
		known = know(symbols, query, &key, fd);
	else if (recall(symbols, query, &key))
		known = find_known(symbols, &key);
	if (!known)
		return NULL;
	known->used = ++symbols->clock;
	return known->file;
}

static uint64_t sum_bytes(const struct symbols *symbols)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < symbols->n; i++)
		bytes += program_file_bytes(symbols->file[i].file);
	return bytes;
}

/* ---- places ---- */

static void look_into_file(struct symbols *symbols, const struct code_query *query, uint64_t at,
			   struct code_place *place)
{
	struct program_file *file = find_file(symbols, query);
	const char *name;

	if (!file)
		return;
	if (program_file_symbol(file, at, &name, &place->past)) {
		place->symbol = strings_keep(symbols->strings, name);
		place->past += query->returns;
	}
	if (program_file_source(file, at, &name, &place->line))
		place->source = strings_keep(symbols->strings, name);
	while (symbols->n > 1 && sum_bytes(symbols) > MAX_BYTES)
		forget_oldest(symbols);
}

/* False: there is no time to look, now. */
static bool look_up(struct symbols *symbols, const struct code_query *query, struct code_place *place)
{
	const struct vma *vma = query->vma;
	uint64_t at = query->ip - query->returns - vma->start + vma->offset;

	if (!(vma->flags & VMA_FILE) && !mapped_file_is_vdso(vma))
		return true;
	place->module = strings_keep(symbols->strings, vma->name);
	place->offset = at + query->returns;
	if (budget_begin(&symbols->budget) <= 0)
		return false;
	look_into_file(symbols, query, at, place);
	budget_end(&symbols->budget);
	return true;
}

bool symbols_find(struct symbols *symbols, const struct code_query *query, struct code_place *place)
{
	uint64_t hash = (query->ip ^ query->version << 32) * 0x9e3779b97f4a7c15;
	struct known_place *known = &symbols->place[hash >> 40 & (PLACES - 1)];

	if (known->version != query->version || known->ip != query->ip || known->returns != query->returns) {
		*known = (struct known_place){ .ip = query->ip, .returns = query->returns };
		if (look_up(symbols, query, &known->place))
			known->version = query->version;
	}
	*place = known->place;
	return known->version;
}
