/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* COMMAND: a child that waits at a gate until it is watched, then executes. */
#ifndef PFWATCH_COMMAND_H
#define PFWATCH_COMMAND_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct command {
	pid_t pid;
	int gate;		/* write end: a byte lets the child execute; closed without one, it exits */
	int report;		/* read end: the errno of a failed execvp(), nothing if it worked */
};

/* mask: the signal mask the command shall start with; out: what is to be its standard output. 0 or a negative errno. */
int command_fork(struct command *command, char *const argv[], const sigset_t *mask, int out);

/* Opens the gate. 0, or the negative errno of the failed execvp(); the child has ended then. */
int command_execute(struct command *command);

/* The gate stays closed for ever: the child ends without having executed anything. */
void command_cancel(struct command *command);

/* Waits for the end. Its exit status, as a shell gives it: 128 + N for signal N. */
int command_wait(struct command *command);

#endif
