// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE
#include "symbols.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "budget.h"
#include "open_regular.h"
#include "program_file.h"

#define MAX_FILES	64
#define MAX_BYTES	(256UL << 20)	/* of them all */
#define OPENINGS	4096		/* a power of two */
#define PLACES		16384		/* a power of two */
/* Looking up takes half of the time at most, and a second that was saved up; then there is no name. */
#define SHARE		2
#define BURST		1000000000LL
#define MAX_VDSO	(1UL << 20)

/*
 * A file by its number; one that was changed since is another one. Of its times, nobody can set this one (ctime).
 * The vDSO has its checksum for a number.
 */
struct key {
	uint64_t inode, size, changed;
	uint32_t major, minor;
};

struct known_file {
	struct key key;
	struct program_file *file;	/* NULL: it is none that tells anything */
	uint64_t used;
};

/* What was mapped when the file was opened: so it is known where that can no longer be done, with the process gone. */
struct opening {
	uint64_t version;		/* of the address space; 0: nothing */
	uint64_t inode;			/* with major and minor: as in /proc/PID/maps */
	uint32_t major, minor;
	struct key key;
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

/*
 * The file that is mapped, whatever has become of its name and wherever that name means something: removed, replaced,
 * in another mount namespace.
 */
static int open_mapped(uint32_t pid, const struct vma *vma)
{
	char name[128];

	snprintf(name, sizeof(name), "/proc/%u/map_files/%llx-%llx", pid, (unsigned long long)vma->start,
		 (unsigned long long)vma->end);
	return open_regular(name);
}

/* Where that is not allowed: by its name in the process' eyes, if it is the same file still. */
static int open_named(uint32_t pid, const struct vma *vma)
{
	struct stat stat;
	char root[64];
	int fd;

	snprintf(root, sizeof(root), "/proc/%u/root", pid);
	fd = open_regular_below(root, vma->name);
	if (fd >= 0 && (fstat(fd, &stat) || stat.st_ino != vma->inode || major(stat.st_dev) != vma->major ||
			minor(stat.st_dev) != vma->minor)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static int open_file(uint32_t pid, const struct vma *vma, struct key *key)
{
	struct stat stat;
	int fd = open_mapped(pid, vma);

	if (fd < 0)
		fd = open_named(pid, vma);
	if (fd < 0)
		return -1;
	if (fstat(fd, &stat)) {
		close(fd);
		return -1;
	}
	key->size = stat.st_size;
	key->changed = stat.st_ctim.tv_sec * 1000000000ULL + stat.st_ctim.tv_nsec;
	return fd;
}

/* The kernel's own code in each process is a complete ELF file; it has to be copied to be one. */
static int copy_vdso(uint32_t pid, const struct vma *vma, struct key *key)
{
	size_t size = vma->end - vma->start;
	char name[64], *image = size <= MAX_VDSO ? malloc(size) : NULL;
	int fd = -1, memory;

	snprintf(name, sizeof(name), "/proc/%u/mem", pid);
	memory = image ? open(name, O_RDONLY | O_CLOEXEC) : -1;
	if (memory >= 0 && pread(memory, image, size, vma->start) == (ssize_t)size) {
		*key = (struct key){ .size = size, .inode = 0xcbf29ce484222325 };
		for (size_t i = 0; i < size; i++)
			key->inode = (key->inode ^ (unsigned char)image[i]) * 0x100000001b3;
		fd = memfd_create("vdso", MFD_CLOEXEC);
	}
	if (fd >= 0 && write(fd, image, size) != (ssize_t)size) {
		close(fd);
		fd = -1;
	}
	if (memory >= 0)
		close(memory);
	free(image);
	return fd;
}

static bool is_vdso(const struct vma *vma)
{
	return !strcmp(vma->name, "[vdso]");
}

/* ---- files that are known ---- */

static bool is_same(const struct key *one, const struct key *other)
{
	return one->inode == other->inode && one->major == other->major && one->minor == other->minor &&
	       one->size == other->size && one->changed == other->changed;
}

static struct known_file *find_known(struct symbols *symbols, const struct key *key)
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

static struct known_file *make_known(struct symbols *symbols, const struct key *key)
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

static void remember(struct symbols *symbols, const struct code_query *query, const struct key *key)
{
	const struct vma *vma = query->vma;

	*opening_of(symbols, query) = (struct opening){
		.version = query->version, .inode = vma->inode, .major = vma->major, .minor = vma->minor, .key = *key,
	};
}

/* What a number says alone is not enough: another process may have mapped the file before it was written anew. */
static bool recall(struct symbols *symbols, const struct code_query *query, struct key *key)
{
	const struct opening *opening = opening_of(symbols, query);
	const struct vma *vma = query->vma;

	*key = opening->key;
	return opening->version && opening->version == query->version && opening->inode == vma->inode &&
	       opening->major == vma->major && opening->minor == vma->minor;
}

/* fd is the file's, and goes. */
static struct known_file *know(struct symbols *symbols, const struct code_query *query, const struct key *key, int fd)
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
	const struct vma *vma = query->vma;
	struct key key = { .inode = vma->inode, .major = vma->major, .minor = vma->minor };
	int fd = is_vdso(vma) ? copy_vdso(query->pid, vma, &key) : open_file(query->pid, vma, &key);
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

	if (!(vma->flags & VMA_FILE) && !is_vdso(vma))
		return true;
	place->module = strings_keep(symbols->strings, vma->name);
	place->offset = at + query->returns;
	if (budget_begin(&symbols->budget) <= 0)
		return false;
	look_into_file(symbols, query, at, place);
	budget_end(&symbols->budget);
	return true;
}

void symbols_find(struct symbols *symbols, const struct code_query *query, struct code_place *place)
{
	uint64_t hash = (query->ip ^ query->version << 32) * 0x9e3779b97f4a7c15;
	struct known_place *known = &symbols->place[hash >> 40 & (PLACES - 1)];

	if (known->version != query->version || known->ip != query->ip || known->returns != query->returns) {
		*known = (struct known_place){ .ip = query->ip, .returns = query->returns };
		if (look_up(symbols, query, &known->place))
			known->version = query->version;
	}
	*place = known->place;
}
