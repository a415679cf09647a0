// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * calls: faults whose function, line and callers are known. For each it prints a line: what it was, its address, the
 * line of the source. Then it waits for a line on standard input, writes to one more page of its data, reports that as
 * again, and waits for one more line: who is gone has no names.
 *
 *   touch ADDR LINE    a write by touch(), which main() calls by outer() and inner()
 *   fill ADDR LINE     a system call of fill(), which main() calls, writes there
 *   deep ADDR LINE     a write by touch() under 100 calls of deep()
 *   wild ADDR LINE     a write by wild(), with what is no frame pointer in its register
 *   heap, data ADDR LINE    writes to what is called so
 *
 * Compiled with frame pointers, and without optimization, which moves a write in front of a frame.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE	4096UL

static volatile char data[4 * PAGE] = { 1 };

enum { TOUCH_LINE = __LINE__ + 3 };
static void touch(volatile char *page)
{
	*page = 1;
}

static void inner(volatile char *page)
{
	touch(page);
}

static void outer(volatile char *page)
{
	inner(page);
}

static void deep(volatile char *page, unsigned int n)
{
	if (n)
		deep(page, n - 1);
	else
		touch(page);
}

/* clock_gettime() by its number: a function of the C library has no frame. */
enum { FILL_LINE = __LINE__ + 5 };
static void fill(volatile char *page)
{
	long result = SYS_clock_gettime;

	asm volatile("syscall" : "+a"(result) : "D"(0L), "S"(page) : "rcx", "r11", "memory");
}

/* Nothing is mapped where the next frame would be. */
enum { WILD_LINE = __LINE__ + 3 };
static void wild(volatile char *page)
{
	asm volatile("push %%rbp; mov $0x5000, %%ebp; movb $1, (%0); pop %%rbp" : : "r"(page) : "memory");
}

static volatile char *new_page(void)
{
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		exit(1);
	return page;
}

static volatile char *of_page(volatile char *address)
{
	return (volatile char *)(((unsigned long)address + PAGE) & ~(PAGE - 1));
}

static void wait_for_input(void)
{
	char c;

	fflush(stdout);
	if (read(STDIN_FILENO, &c, 1) < 0)
		exit(1);
}

static void report(const char *what, volatile char *page, unsigned int line)
{
	printf("%s 0x%lx %u\n", what, (unsigned long)page, line);
}

int main(void)
{
	volatile char *pages[] = {
		new_page(), new_page(), new_page(), new_page(), of_page(sbrk(4 * PAGE)), of_page(data),
	};

	outer(pages[0]);
	report("touch", pages[0], TOUCH_LINE);
	fill(pages[1]);
	report("fill", pages[1], FILL_LINE);
	deep(pages[2], 100);
	report("deep", pages[2], TOUCH_LINE);
	wild(pages[3]);
	report("wild", pages[3], WILD_LINE);
	touch(pages[4]);
	report("heap", pages[4], TOUCH_LINE);
	touch(pages[5]);
	report("data", pages[5], TOUCH_LINE);
	wait_for_input();
	touch(pages[5] + PAGE);
	report("again", pages[5] + PAGE, TOUCH_LINE);
	wait_for_input();
	return 0;
}
