// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * exec_thread COMMAND ARGS...: says "exec_thread PID", and on a line on standard input a thread that is not the
 * process' first executes COMMAND: the others end, and it takes the number of the first.
 */
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static void *execute(void *argv)
{
	execvp(((char **)argv)[0], argv);
	perror("exec_thread");
	_exit(1);
}

int main(int argc, char **argv)
{
	pthread_t thread;
	char c = 0;

	if (argc < 2)
		return 1;
	printf("exec_thread %d\n", getpid());
	fflush(stdout);
	while (c != '\n' && read(STDIN_FILENO, &c, 1) == 1)
		;
	if (pthread_create(&thread, NULL, execute, argv + 1))
		return 1;
	for (;;)
		pause();
}
