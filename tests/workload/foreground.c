// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * foreground COMMAND ARGS...: executes COMMAND as a shell does in the foreground of a terminal. What a shell runs in the
 * background, a script's with &, has SIGINT and SIGQUIT ignored, and no shell can take that back.
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	if (argc < 2)
		return 1;
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	execvp(argv[1], argv + 1);
	perror("foreground");
	return 127;
}
