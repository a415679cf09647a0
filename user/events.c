// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE
#include "events.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum { SOURCE_BUFFER, SOURCE_SIGNAL, SOURCE_TIMER, SOURCE_PROCESS };

struct events {
	int epoll, signals, timer;
	struct process {
		uint32_t pid;
		int fd;
	} *processes;
	size_t n;
};

/* Which source it was: its kind, and for a process its place. */
static int watch(struct events *events, int fd, uint32_t kind, uint32_t place)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u64 = (uint64_t)place << 32 | kind };

	/* A buffer is readable as soon as anything is in it; what is to wake us is its writer's call when it fills. */
	if (kind == SOURCE_BUFFER)
		event.events |= EPOLLET;
	return epoll_ctl(events->epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

/*
 * The signals that end a stream. A shell starts what runs in the background with SIGINT ignored; it is meant for us
 * all the same when it comes, and while it is blocked it does (kernel/signal.c: sig_ignored()). Not so SIGHUP:
 * nohup's is to stay.
 */
static void ending_signals(sigset_t *set)
{
	struct sigaction hangup;

	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGQUIT);
	if (!sigaction(SIGHUP, NULL, &hangup) && hangup.sa_handler != SIG_IGN)
		sigaddset(set, SIGHUP);
}

struct events *events_open(sigset_t *mask)
{
	struct events *events = calloc(1, sizeof(*events));
	sigset_t set;

	if (!events)
		return NULL;
	events->timer = -1;
	ending_signals(&set);
	sigprocmask(SIG_BLOCK, &set, mask);
	events->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	events->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (events->epoll >= 0 && events->signals >= 0 && !watch(events, events->signals, SOURCE_SIGNAL, 0))
		return events;
	events_close(events);
	return NULL;
}

void events_close(struct events *events)
{
	if (!events)
		return;
	for (size_t i = 0; i < events->n; i++)
		if (events->processes[i].fd >= 0)
			close(events->processes[i].fd);
	free(events->processes);
	if (events->timer >= 0)
		close(events->timer);
	if (events->signals >= 0)
		close(events->signals);
	if (events->epoll >= 0)
		close(events->epoll);
	free(events);
}

int events_add_buffer(struct events *events, int fd)
{
	return watch(events, fd, SOURCE_BUFFER, 0);
}

int events_add_process(struct events *events, uint32_t pid)
{
	struct process *grown = realloc(events->processes, (events->n + 1) * sizeof(*grown));
	int fd;

	if (!grown)
		return -ENOMEM;
	events->processes = grown;
	fd = syscall(SYS_pidfd_open, pid, 0);	/* readable when all its threads have ended */
	if (fd < 0)
		return -errno;
	grown[events->n] = (struct process){ pid, fd };
	return watch(events, fd, SOURCE_PROCESS, events->n++);
}

int events_set_duration(struct events *events, uint64_t ns)
{
	struct itimerspec time = { .it_value = { ns / 1000000000, ns % 1000000000 } };

	events->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	if (events->timer < 0 || timerfd_settime(events->timer, 0, &time, NULL))
		return -errno;
	return watch(events, events->timer, SOURCE_TIMER, 0);
}

static struct happening take_signal(struct events *events)
{
	struct happening happening = { .kind = EVENT_NONE };
	struct signalfd_siginfo info;

	if (read(events->signals, &info, sizeof(info)) != sizeof(info))
		return happening;
	happening.kind = EVENT_SIGNAL;
	happening.signal = info.ssi_signo;
	happening.from_terminal = info.ssi_code == SI_KERNEL;
	return happening;
}

/* Told once: a process that has ended stays readable. */
static struct happening take_exit(struct events *events, size_t place)
{
	struct process *process = &events->processes[place];

	close(process->fd);	/* leaves the epoll set with it */
	process->fd = -1;
	return (struct happening){ .kind = EVENT_EXIT, .pid = process->pid };
}

/* Told once, too. */
static struct happening take_time(struct events *events)
{
	uint64_t times;

	if (read(events->timer, &times, sizeof(times)) != sizeof(times))
		return (struct happening){ .kind = EVENT_NONE };
	return (struct happening){ .kind = EVENT_TIME };
}

int events_signal_fd(const struct events *events)
{
	return events->signals;
}

struct happening events_wait(struct events *events, int timeout_ms)
{
	struct epoll_event event;

	if (epoll_wait(events->epoll, &event, 1, timeout_ms) != 1)
		return (struct happening){ .kind = EVENT_NONE };
	switch ((uint32_t)event.data.u64) {
	case SOURCE_SIGNAL:
		return take_signal(events);
	case SOURCE_PROCESS:
		return take_exit(events, event.data.u64 >> 32);
	case SOURCE_TIMER:
		return take_time(events);
	default:
		return (struct happening){ .kind = EVENT_NONE };
	}
}
