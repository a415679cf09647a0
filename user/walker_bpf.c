// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The walker that needs no module: page tables read by BPF. The only place that knows bpf/resolve.bpf.c. */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/types.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bpf_util.h"
#include "decode.h"
#include "direct_map.h"
#include "page_mark.h"
#include "proc_vmas.h"
#include "resolve.h"
#include "resolve.skel.h"
#include "walker_ops.h"

/* Tables that go on changing under the walk are told as changed. */
#define ATTEMPTS 3

struct bpf_walker {
	struct walker base;
	struct page_tables tables;
	struct resolve_bpf *bpf;
	struct page_marks *marks;
	struct bpf_link *link;
	uint32_t linked;	/* the process that the link's iterators look for; 0: all, the kernel can't choose */
};

static int fail(struct bpf_walker *walker, int err, const char *what)
{
	snprintf(walker->base.error, sizeof(walker->base.error), "%s: %s", what, strerror(-err));
	return err;
}

/* ---- the iterator ---- */

/*
 * Since Linux 6.1 (commit f0d74c4da1f0) an iterator can be told which process to show; before, it shows each there is,
 * and the program picks the one.
 */
static int link_to(struct bpf_walker *walker, uint32_t pid)
{
	union bpf_iter_link_info info = { .task.pid = pid };
	LIBBPF_OPTS(bpf_iter_attach_opts, options, .link_info = &info, .link_info_len = sizeof(info));
	const struct bpf_program *program = walker->bpf->progs.resolve_task;

	if (walker->link && (walker->linked == pid || !walker->linked))
		return 0;
	bpf_link__destroy(walker->link);
	walker->linked = pid;
	walker->link = bpf_program__attach_iter(program, &options);
	if (walker->link)
		return 0;
	walker->linked = 0;
	walker->link = bpf_program__attach_iter(program, NULL);
	return walker->link ? 0 : -errno;
}

/* It writes nothing: to be read is to be run. EAGAIN: there is more to do of the same, or many tasks to pass over. */
static int run(struct bpf_walker *walker)
{
	int fd = bpf_iter_create(bpf_link__fd(walker->link));
	ssize_t got;
	char byte;

	if (fd < 0)
		return fd;
	do
		got = read(fd, &byte, sizeof(byte));
	while (got < 0 && (errno == EAGAIN || errno == EINTR));
	got = got < 0 ? -errno : 0;
	close(fd);
	return got;
}

/* ---- a request ---- */

static int refuse(struct bpf_walker *walker, int err, const char *why)
{
	snprintf(walker->base.error, sizeof(walker->base.error), "%s", why);
	return err;
}

static int explain_status(struct bpf_walker *walker, uint32_t status)
{
	switch (status) {
	case RESOLVE_DONE:	  return 0;
	case RESOLVE_NO_PROCESS:  return refuse(walker, -ESRCH, "there is no such process");
	case RESOLVE_OTHER_SPACE: return refuse(walker, -ESTALE, "the process has another address space by now");
	default:		  return refuse(walker, -ENXIO, "the process has no address space");
	}
}

/* One that executes a program between two chunks, and was asked for what it has now, has no single answer: again. */
static int ask(struct bpf_walker *walker, uint32_t pid, const uint64_t *space, const uint64_t *addrs, size_t n)
{
	struct resolve *shared = &walker->bpf->bss->resolve;
	int err, attempts = ATTEMPTS;

	memcpy(shared->addr, addrs, n * sizeof(*addrs));
	shared->pid = pid;
	shared->n = n;
	err = link_to(walker, pid);
	if (err)
		return fail(walker, err, "cannot attach to the kernel's task iterator");
	do {
		shared->space = space ? *space : 0;
		shared->status = RESOLVE_NO_PROCESS;
		shared->done = 0;
		err = run(walker);
		if (err)
			return fail(walker, err, "cannot read the kernel's task iterator");
	} while (!space && shared->status == RESOLVE_OTHER_SPACE && --attempts);
	return explain_status(walker, shared->status);
}

static void take(struct bpf_walker *walker, size_t i, struct path *path)
{
	const struct resolve *shared = &walker->bpf->bss->resolve;
	const struct resolved_path *from = &shared->path[i];

	if (decode_half(&walker->tables, shared->addr[i]) == HALF_NONE) {
		*path = (struct path){ .state = STATE_BAD_ADDRESS };
		return;
	}
	decode_path(&walker->tables, shared->addr[i], (const uint64_t *)from->entry, from->n, path);
	if (from->changed && !path->kernel) {
		path->changed = true;
		path->state = STATE_UNKNOWN;
	}
}

/* Those whose tables changed are asked for again, the others have their answer. */
static int resolve_some(struct bpf_walker *walker, uint32_t pid, uint64_t *space, const uint64_t *addrs, size_t n,
			struct path *paths, uint64_t *time)
{
	const struct resolve *shared = &walker->bpf->bss->resolve;
	bool again = true;

	for (unsigned int attempt = 0; again && attempt < ATTEMPTS; attempt++) {
		int err = ask(walker, pid, *space ? space : NULL, addrs, n);

		if (err)
			return err;
		*space = shared->space;
		*time = shared->time;
		again = false;
		for (size_t i = 0; i < n; i++) {
			if (attempt && !paths[i].changed)
				continue;
			take(walker, i, &paths[i]);
			again |= paths[i].changed;
		}
	}
	return 0;
}

static int bpf_resolve(struct walker *base, uint32_t pid, const uint64_t *space, const uint64_t *addrs, size_t n,
		       struct path *paths, struct vma *vmas, uint64_t *time)
{
	struct bpf_walker *walker = (struct bpf_walker *)base;
	uint64_t meant = space ? *space : 0;

	for (size_t done = 0; done < n; ) {
		size_t some = n - done < RESOLVE_MAX ? n - done : RESOLVE_MAX;
		int err = resolve_some(walker, pid, &meant, addrs + done, some, paths + done, time);

		if (err)
			return err;
		done += some;
	}
	for (size_t i = 0; i < n; i++)
		page_marks_apply(walker->marks, &base->geometry, addrs[i], &paths[i]);
	proc_vmas_apply(pid, addrs, n, paths, vmas);
	return 0;
}

/* ---- opening ---- */

static int load(struct bpf_walker *walker, char *why, size_t size)
{
	uint32_t pid_ns;
	int err = bpf_pid_namespace(&pid_ns, why, size);

	if (err)
		return err;
	walker->bpf = resolve_bpf__open();
	if (!walker->bpf) {
		err = -errno;
		bpf_explain(why, size, "cannot open the BPF program", -err);
		return err;
	}
	walker->bpf->rodata->pid_ns = pid_ns;
	walker->bpf->rodata->direct_map = walker->tables.direct_map;
	walker->bpf->rodata->entry_mask = walker->tables.entry_mask;
	walker->bpf->rodata->paging_levels = walker->tables.levels;
	err = resolve_bpf__load(walker->bpf);
	if (err)
		bpf_explain(why, size, "the kernel refused the BPF program", -err);
	return err;
}

static void bpf_close(struct walker *base)
{
	struct bpf_walker *walker = (struct bpf_walker *)base;

	bpf_link__destroy(walker->link);
	resolve_bpf__destroy(walker->bpf);
	page_marks_close(walker->marks);
	free(walker);
}

static struct walker *bpf_open(char *why, size_t size)
{
	struct bpf_walker *walker = calloc(1, sizeof(*walker));

	if (!walker) {
		snprintf(why, size, "out of memory");
		return NULL;
	}
	walker->marks = page_marks_open("/proc");
	if (!direct_map_find(&walker->tables, why, size) && !load(walker, why, size)) {
		walker->base.geometry = decode_geometry(&walker->tables);
		return &walker->base;
	}
	bpf_close(&walker->base);
	return NULL;
}

const struct walker_ops walker_bpf = {
	.name = "bpf",
	.lacks = "a path and its mapping are not of one instant, and what a page is comes from /proc",
	.open = bpf_open, .close = bpf_close, .resolve = bpf_resolve,
};
