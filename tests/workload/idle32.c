// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * idle32: a 32-bit program that does nothing until its standard input ends. Without any library: those of 32 bits are
 * not installed everywhere.
 */

static int system_call(int number, int first, void *second, int third)
{
	int result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(first), "c"(second), "d"(third)
			 : "memory");
	return result;
}

enum { CALL_EXIT = 1, CALL_READ = 3 };	/* arch/x86/entry/syscalls/syscall_32.tbl */

void _start(void)
{
	char byte;

	while (system_call(CALL_READ, 0, &byte, 1) > 0)
		;
	system_call(CALL_EXIT, 0, (void *)0, 0);
	__builtin_unreachable();
}
