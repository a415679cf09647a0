// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE
#include "mapped_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "open_regular.h"

#define MAX_VDSO	(1UL << 20)

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

static int open_file(uint32_t pid, const struct vma *vma, struct file_key *key)
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
static int copy_vdso(uint32_t pid, const struct vma *vma, struct file_key *key)
{
	size_t size = vma->end - vma->start;
	char name[64], *image = size <= MAX_VDSO ? malloc(size) : NULL;
	int fd = -1, memory;

	snprintf(name, sizeof(name), "/proc/%u/mem", pid);
	memory = image ? open(name, O_RDONLY | O_CLOEXEC) : -1;
	if (memory >= 0 && pread(memory, image, size, vma->start) == (ssize_t)size) {
		*key = (struct file_key){ .size = size, .inode = 0xcbf29ce484222325 };
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

bool mapped_file_is_vdso(const struct vma *vma)
{
	return !strcmp(vma->name, "[vdso]");
}

int mapped_file_open(uint32_t pid, const struct vma *vma, struct file_key *key)
{
	*key = (struct file_key){ .inode = vma->inode, .major = vma->major, .minor = vma->minor };
	return mapped_file_is_vdso(vma) ? copy_vdso(pid, vma, key) : open_file(pid, vma, key);
}
