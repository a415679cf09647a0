// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The lines of faults are put together from text that was put before. A fault must look the same whatever came before
 * it: each is rendered by a process that has rendered nothing yet, and by one that has rendered all those before. The
 * faults are drawn from few values, so that most differ from one before them in a thing or two.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "render_fixture.h"

#define FAULTS	1200
#define MAX_LINE 16384

static uint64_t state_of_chance = 88172645463325252;

static uint64_t chance(uint64_t n)
{
	state_of_chance ^= state_of_chance << 13;
	state_of_chance ^= state_of_chance >> 7;
	state_of_chance ^= state_of_chance << 17;
	return (state_of_chance >> 11) % n;
}

static bool one_in(unsigned int n)
{
	return !chance(n);
}

/* A bit of it is another one, now and then. */
static uint64_t blur(uint64_t value)
{
	return one_in(8) ? value ^ 1ULL << chance(64) : value;
}

static uint64_t some_entry(void)
{
	static const uint64_t entries[] = {
		0, 0x237a97067, 0x237a98067, 0x237a99067, 0x80000002358a4867, 0x80000002358a5867, 0x2358a4025,
		0x8000000237a97067, 0x7ffffffffe0000a, 0x800000023580187,
	};

	return blur(entries[chance(sizeof(entries) / sizeof(*entries))]);
}

static struct path some_path(unsigned int levels)
{
	struct path path = {
		.levels = one_in(3) ? chance(levels + 1) : levels, .kind = one_in(2) ? KIND_PAGE : chance(KIND_BAD + 1),
		.state = one_in(2) ? STATE_MAPPED : chance(STATE_BAD_ADDRESS + 1), .swap_type = chance(2),
		.page = one_in(2) ? PAGE_ANON : chance(PAGE_KERNEL + 1), .kernel = one_in(10), .changed = one_in(10),
		.numa_hint = one_in(10), .value = blur(0x2358a4000),
	};

	for (unsigned int i = 0; i < levels; i++)
		path.entry[i] = some_entry();
	return path;
}

/* What goes with an origin goes with it always. */
static void give_origin(struct fault *fault)
{
	static const char *const modules[] = { NULL, "/usr/bin/a\"b", "/usr/lib/libc.so.6" };
	uint64_t n = one_in(4) ? 0 : 1 + chance(6), of = n ? n : chance(100);

	fault->origin = n;
	fault->space = of;
	fault->pid = n ? 2621 + of % 3 : 2621 + chance(3);
	fault->ip = 0x555555555189 + of;
	fault->code = (struct code_place){
		.symbol = of % 2 ? "main" : NULL, .past = of, .source = of % 3 ? "a.c" : NULL, .line = of,
		.module = modules[of % 3], .offset = of,
	};
	fault->has_vma = n || one_in(2);
	fault->vma = (struct vma){
		.start = 0x7ffff7eec000 + (of << 12), .end = 0x7ffff7fec000, .offset = of << 12, .inode = of,
		.major = 8, .flags = VMA_READ | VMA_ANON | (of % 2 ? VMA_FILE : 0) | (of % 5 ? VMA_HUGEPAGE : 0),
		.perm = "rw-p", .name = of % 4 ? "[heap]" : NULL,
	};
	strcpy(fault->comm, n % 2 ? "a.out" : "b\033");
	if (!n && one_in(2))
		fault->comm[chance(5)] = 'x';
}

static struct fault some_fault(unsigned int levels)
{
	static const uint64_t addrs[] = { 0x7ffff7eec010, 0x7ffff7eed010, 0x7ffff80ec010, 0x1000, 0xffffffffff600000 };
	struct fault fault = {
		.ts = 1000000000 + chance(4) * chance(100000000000), .addr = blur(addrs[chance(5)]), .cpu = chance(3),
		.tid = one_in(10) ? chance(5000000) : 2621 + chance(3), .error_code = one_in(2) ? 6 : chance(32),
		.result = chance(RESULTS), .walk_status = one_in(2) ? WALK_OK : chance(WALK_STATUSES),
		.kernel_mode = one_in(4), .has_before = !one_in(4), .has_left = !one_in(4), .has_latency = !one_in(4),
		.latency = chance(2) * chance(10000000), .age = chance(100000), .has_cpu_node = one_in(2),
		.has_page_node = one_in(2), .cpu_node = chance(2), .page_node = chance(2),
		.cause = { .word = chance(CAUSES), .facts = 1ULL << chance(FACTS) | 1ULL << chance(3) },
		.stack_end = one_in(8) ? STACK_LOST : STACK_NOT_TAKEN,
	};

	fault.left = some_path(levels);
	fault.after = one_in(2) ? fault.left : some_path(levels);
	fault.before = some_path(levels);
	if (one_in(2)) {
		fault.before = fault.left;
		fault.before.entry[levels - 1] = some_entry();
		fault.before.kind = one_in(2) ? KIND_NONE : KIND_PAGE;
	}
	give_origin(&fault);
	return fault;
}

struct scene {
	bool five_levels, utf8, colour;
	unsigned int one_in;
	struct fault fault;
};

static struct scene scenes[FAULTS];

/* One thing of it is another one: not what its origin is alike in. */
static void vary(struct scene *scene)
{
	struct fault *fault = &scene->fault, other = some_fault(scene->five_levels ? 5 : 4);

	if (!fault->origin && one_in(2)) {
		fault->ip = other.ip;
		fault->code = other.code;
		return;
	}
	switch (chance(22)) {
	case 0: scene->utf8 = !scene->utf8; break;
	case 1: scene->colour = !scene->colour; break;
	case 2: scene->one_in = 17 - scene->one_in; break;
	case 3: fault->kernel_mode = !fault->kernel_mode; break;
	case 4: fault->has_cpu_node = !fault->has_cpu_node; break;
	case 5: fault->has_page_node = !fault->has_page_node; break;
	case 6: fault->cpu_node ^= 1; break;
	case 7: fault->page_node ^= 1; break;
	case 8: fault->result = other.result; break;
	case 9: fault->error_code = other.error_code; break;
	case 10: fault->cause.word = other.cause.word; break;
	case 11: fault->cause.facts = other.cause.facts; break;
	case 12: fault->has_latency = !fault->has_latency; break;
	case 13: fault->stack_end = other.stack_end; break;
	case 14: fault->tid = other.tid; break;
	case 15: fault->addr = blur(fault->addr); break;
	case 16: fault->after.traits = other.after.traits; break;
	case 17: fault->before.entry[chance(MAX_LEVELS)] = some_entry(); break;
	case 18: fault->cpu = other.cpu; break;
	case 19: fault->before.levels = other.before.levels; break;
	case 20: memset(fault->before.entry, 0, sizeof(fault->before.entry)); break;
	default: fault->ts = other.ts; break;
	}
}

static void draw(void)
{
	for (size_t i = 0; i < FAULTS; i++) {
		struct scene *scene = &scenes[i];

		if (i && !one_in(4)) {
			*scene = scenes[i - 1];
			vary(scene);
			continue;
		}
		scene->five_levels = one_in(2);
		scene->utf8 = one_in(4);
		scene->colour = one_in(8);
		scene->one_in = one_in(8) ? 16 : 1;
		scene->fault = some_fault(scene->five_levels ? 5 : 4);
	}
}

/* The line of a scene, into memory that is the parent's, too. */
static void render_to(struct output *out, const struct form *form, const struct scene *scene, char *line)
{
	struct render render = {
		.out = out, .geometry = scene->five_levels ? &five_levels : &four_levels, .walker = "kmod",
		.start = 1000000000, .one_in = scene->one_in, .utf8 = scene->utf8,
	};
	size_t begin;

	if (!output_has_room(out, MAX_LINE))
		output_flush(out);
	begin = out->len;
	out->colour = scene->colour;
	form->fault(&render, &scene->fault);
	memcpy(line, out->buf + begin, out->len - begin);
	line[out->len - begin] = '\0';
}

/* Those from begin on, by a process of their own. */
static void render_apart(const struct form *form, size_t begin, size_t n, char (*lines)[MAX_LINE])
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		int null = open("/dev/null", O_WRONLY);
		struct output *out = output_to(null);

		for (size_t i = 0; out && i < n; i++)
			render_to(out, form, &scenes[begin + i], lines[i]);
		_exit(out && null >= 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void assert_as_if_first(const struct form *form)
{
	const size_t size = (FAULTS + 1) * (size_t)MAX_LINE;
	char (*lines)[MAX_LINE] = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(lines, MAP_FAILED);
	render_apart(form, 0, FAULTS, lines);
	for (size_t i = 0; i < FAULTS; i++) {
		render_apart(form, i, 1, &lines[FAULTS]);
		assert_true(*lines[i]);
		assert_string_equal(lines[i], lines[FAULTS]);
	}
	munmap(lines, size);
}

static void a_line_of_text_is_as_if_it_were_the_first(void **state)
{
	(void)state;
	assert_as_if_first(&form_text);
}

static void an_object_is_as_if_it_were_the_first(void **state)
{
	(void)state;
	assert_as_if_first(&form_json);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_of_text_is_as_if_it_were_the_first),
		cmocka_unit_test(an_object_is_as_if_it_were_the_first),
	};

	draw();
	return cmocka_run_group_tests_name("known text", tests, NULL, NULL);
}
