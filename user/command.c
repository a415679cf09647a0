// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#define _GNU_SOURCE
#include "command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void run_child(int gate, int report, char *const argv[], const sigset_t *mask, int out)
{
	char byte;
	int error;

	/* End of file: pfwatch gave up, or was killed. */
	if (read(gate, &byte, 1) != 1)
		_exit(127);
	if (out != STDOUT_FILENO)
		dup2(out, STDOUT_FILENO);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
	sigprocmask(SIG_SETMASK, mask, NULL);
	execvp(argv[0], argv);
	error = errno;
	if (write(report, &error, sizeof(error)) != sizeof(error))
		_exit(126);
	_exit(127);
}

int command_fork(struct command *command, char *const argv[], const sigset_t *mask, int out)
{
	int gate[2], report[2], error;

	if (pipe2(gate, O_CLOEXEC))
		return -errno;
	if (pipe2(report, O_CLOEXEC)) {
		error = errno;
		goto close_gate;
	}
	command->pid = fork();
	if (command->pid < 0) {
		error = errno;
		goto close_report;
	}
	if (!command->pid) {
		close(gate[1]);		/* else the child would never see our end close */
		run_child(gate[0], report[1], argv, mask, out);
	}
	close(gate[0]);
	close(report[1]);
	command->gate = gate[1];
	command->report = report[0];
	return 0;

close_report:
	close(report[0]);
	close(report[1]);
close_gate:
	close(gate[0]);
	close(gate[1]);
	return -error;
}

int command_execute(struct command *command)
{
	int error = 0;
	ssize_t n;

	if (write(command->gate, "", 1) != 1)
		error = errno;
	close(command->gate);
	/* Both ends are closed by a successful execve(): end of file. */
	do
		n = read(command->report, &error, sizeof(error));
	while (n < 0 && errno == EINTR);
	close(command->report);
	if (error)
		command_wait(command);
	return -error;
}

void command_cancel(struct command *command)
{
	close(command->gate);
	close(command->report);
	command_wait(command);
}

int command_wait(struct command *command)
{
	int status;

	while (waitpid(command->pid, &status, 0) < 0)
		if (errno != EINTR)
			return 1;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
