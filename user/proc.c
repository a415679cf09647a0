// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "proc.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct vmas {
	struct vma *vma;	/* its name is that of the one before where both are equal */
	size_t n, room;
	size_t bytes;		/* of the names */
};

struct status {
	char letter;
	uint32_t tgid;
	bool has_memory;
};

static bool read_status(uint32_t pid, uint32_t tid, struct status *status)
{
	char file[64], line[256];
	FILE *stream;

	*status = (struct status){ .letter = '?' };
	snprintf(file, sizeof(file), "/proc/%u/task/%u/status", pid, tid);
	stream = fopen(file, "re");
	if (!stream)
		return false;
	while (fgets(line, sizeof(line), stream)) {
		sscanf(line, "State: %c", &status->letter);
		sscanf(line, "Tgid: %u", &status->tgid);
		if (!strncmp(line, "VmSize:", 7))
			status->has_memory = true;
	}
	fclose(stream);
	return status->tgid;
}

/* A thread of the process that still has its memory: its leader may have ended before the others. 0: there is none. */
static uint32_t live_thread(uint32_t pid)
{
	struct status status;
	struct dirent *entry;
	uint32_t found = 0;
	char name[64];
	DIR *tasks;

	if (read_status(pid, pid, &status) && status.has_memory)
		return pid;
	snprintf(name, sizeof(name), "/proc/%u/task", pid);
	tasks = opendir(name);
	while (tasks && !found && (entry = readdir(tasks))) {
		uint32_t tid = strtoul(entry->d_name, NULL, 10);

		if (tid && read_status(pid, tid, &status) && status.has_memory)
			found = tid;
	}
	if (tasks)
		closedir(tasks);
	return found;
}

enum proc_state proc_look(uint32_t pid, uint32_t *tgid)
{
	struct status status;

	*tgid = pid;
	if (!read_status(pid, pid, &status))
		return PROC_MISSING;
	*tgid = status.tgid;
	if (live_thread(status.tgid))
		return PROC_ALIVE;
	return status.letter == 'Z' || status.letter == 'X' ? PROC_EXITED : PROC_KERNEL_THREAD;
}

void proc_explain(enum proc_state state, uint32_t pid, char *why, size_t size)
{
	switch (state) {
	case PROC_ALIVE:
		snprintf(why, size, "PID %u is there", pid);
		break;
	case PROC_MISSING:
		snprintf(why, size, "no process with PID %u", pid);
		break;
	case PROC_KERNEL_THREAD:
		snprintf(why, size, "PID %u has no address space (kernel thread)", pid);
		break;
	case PROC_EXITED:
		snprintf(why, size, "PID %u has no address space (it has exited, and waits for its parent)", pid);
		break;
	}
}

static bool parse_vma(struct vma *vma, const char *line, int *name)
{
	unsigned long long start, end, offset, inode;

	*name = 0;
	if (sscanf(line, "%llx-%llx %4s %llx %x:%x %llu %n", &start, &end, vma->perm, &offset, &vma->major,
		   &vma->minor, &inode, name) < 7 || !*name)
		return false;
	vma->start = start;
	vma->end = end;
	vma->offset = inode ? offset : 0;
	vma->inode = inode;
	vma->flags = inode ? VMA_FILE : 0;
	return true;
}

static bool shares_name(const struct vmas *vmas, size_t i)
{
	return i && vmas->vma[i].name == vmas->vma[i - 1].name;
}

/* Most mappings are of the file that the one before is of. */
static const char *keep_name(struct vmas *vmas, const char *name)
{
	const char *before = vmas->n ? vmas->vma[vmas->n - 1].name : NULL;

	if (before && !strcmp(before, name))
		return before;
	vmas->bytes += strlen(name) + 1;
	return strdup(name);
}

static bool make_room(struct vmas *vmas)
{
	size_t room = vmas->room * 2 + 64;
	struct vma *grown;

	if (vmas->n < vmas->room)
		return true;
	grown = realloc(vmas->vma, room * sizeof(*grown));
	if (!grown)
		return false;
	vmas->vma = grown;
	vmas->room = room;
	return true;
}

static bool add_vma(struct vmas *vmas, const char *line)
{
	struct vma vma = { 0 };
	int name;

	if (!parse_vma(&vma, line, &name))
		return true;	/* not a mapping: nothing to take */
	if (!make_room(vmas))
		return false;
	vma.name = keep_name(vmas, line + name);
	if (!vma.name)
		return false;
	vmas->vma[vmas->n++] = vma;
	return true;
}

struct vmas *vmas_read(uint32_t pid)
{
	struct vmas *vmas = calloc(1, sizeof(*vmas));
	char file[64], *line = NULL;
	size_t room = 0;
	ssize_t len;
	FILE *stream;
	bool ok = vmas;

	snprintf(file, sizeof(file), "/proc/%u/task/%u/maps", pid, live_thread(pid));
	stream = ok ? fopen(file, "re") : NULL;
	if (!stream) {
		free(vmas);
		return NULL;
	}
	while (ok && (len = getline(&line, &room, stream)) > 0) {
		if (line[len - 1] == '\n')
			line[len - 1] = '\0';
		ok = add_vma(vmas, line);
	}
	free(line);
	fclose(stream);
	if (ok && vmas->n)
		return vmas;
	vmas_free(vmas);
	return NULL;
}

void vmas_free(struct vmas *vmas)
{
	if (!vmas)
		return;
	for (size_t i = vmas->n; i--;)
		if (!shares_name(vmas, i))
			free((char *)vmas->vma[i].name);
	free(vmas->vma);
	free(vmas);
}

size_t vmas_bytes(const struct vmas *vmas)
{
	return vmas ? sizeof(*vmas) + vmas->room * sizeof(*vmas->vma) + vmas->bytes : 0;
}

static int compare(const void *key, const void *element)
{
	const struct vma *vma = element;
	uint64_t addr = *(const uint64_t *)key;

	if (addr < vma->start)
		return -1;
	return addr >= vma->end;
}

const struct vma *vmas_find(const struct vmas *vmas, uint64_t addr)
{
	return vmas ? bsearch(&addr, vmas->vma, vmas->n, sizeof(*vmas->vma), compare) : NULL;
}

void vmas_each(const struct vmas *vmas, void (*take)(void *data, const struct vma *vma), void *data)
{
	for (size_t i = 0; i < vmas->n; i++)
		take(data, &vmas->vma[i]);
}
