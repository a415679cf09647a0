// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "debug_file.h"

#include <elfutils/libdwelf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#define DEBUG_ROOT "/usr/lib/debug"

/* What is looked for. */
struct wanted {
	const unsigned char *id;	/* the build ID; NULL: the file has none */
	int id_length;
	GElf_Word checksum;
};

static bool has_id(int fd, const struct wanted *wanted)
{
	Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	const void *id;
	ssize_t length = elf ? dwelf_elf_gnu_build_id(elf, &id) : -1;
	bool same = length > 0 && length == wanted->id_length && !memcmp(id, wanted->id, length);

	elf_end(elf);
	return same;
}

static bool has_checksum(int fd, const struct wanted *wanted)
{
	uLong sum = crc32(0, NULL, 0);
	unsigned char buf[65536];
	ssize_t got;

	while ((got = read(fd, buf, sizeof(buf))) > 0)
		sum = crc32(sum, buf, got);
	return !got && sum == wanted->checksum;
}

/* Only a plain file: what is named like one may be a pipe, which would be waited for. */
static int open_if_right(const char *file, const struct wanted *wanted)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat stat;

	if (fd < 0)
		return -1;
	if (!fstat(fd, &stat) && S_ISREG(stat.st_mode) && stat.st_size <= MAX_DEBUG_BYTES &&
	    (wanted->id ? has_id(fd, wanted) : has_checksum(fd, wanted)))
		return fd;
	close(fd);
	return -1;
}

static int find_by_id(const char *root, const struct wanted *wanted, char *file, size_t size)
{
	int at = snprintf(file, size, "%s" DEBUG_ROOT "/.build-id/%02x/", root, wanted->id[0]);

	for (int i = 1; i < wanted->id_length && at < (int)size; i++)
		at += snprintf(file + at, size - at, "%02x", wanted->id[i]);
	if (at + sizeof(".debug") > size)
		return -1;
	strcpy(file + at, ".debug");
	return open_if_right(file, wanted);
}

/* path: of the program, as it is called below root. */
static int find_by_link(const char *root, const char *path, const char *link, const struct wanted *wanted, char *file,
			size_t size)
{
	static const char *const places[][2] = { { "", "" }, { "", ".debug/" }, { DEBUG_ROOT, "" } };
	const char *slash = strrchr(path, '/');
	int directory = slash ? slash + 1 - path : 0;

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		int length = snprintf(file, size, "%s%s%.*s%s%s", root, places[i][0], directory, path, places[i][1],
				      link);
		int fd = length < (int)size ? open_if_right(file, wanted) : -1;

		if (fd >= 0)
			return fd;
	}
	return -1;
}

int debug_file_find(Dwfl_Module *module, void **userdata, const char *name, Dwarf_Addr base, const char *path,
		    const char *link, GElf_Word checksum, char **found)
{
	struct wanted wanted = { .checksum = checksum };
	const char *root = *userdata;
	char file[PATH_MAX];
	GElf_Addr addr;
	int fd = -1;

	(void)name;
	(void)base;
	wanted.id_length = dwfl_module_build_id(module, &wanted.id, &addr);
	if (wanted.id_length <= 0)
		wanted.id = NULL;
	if (wanted.id)
		fd = find_by_id(root, &wanted, file, sizeof(file));
	if (fd < 0 && path && link && *path == '/' && !strchr(link, '/'))
		fd = find_by_link(root, path, link, &wanted, file, sizeof(file));
	if (fd < 0)
		return -1;
	*found = strdup(file);
	return fd;
}
