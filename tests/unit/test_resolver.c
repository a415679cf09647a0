// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* The names of mappings: those of this process, which a walker that knows them by heart tells of. */
#include <fcntl.h>
#include <sys/mman.h>

#include "fixture.h"
#include "proc.h"
#include "resolver.h"
#include "walker_ops.h"

#define PAGE		4096UL
#define VSYSCALL	0xffffffffff600000ULL

/* What the walker tells of each address. */
static struct vma told[4];

static int resolve(struct walker *walker, uint32_t pid, const uint64_t *space, const uint64_t *addrs, size_t n,
		   struct path *paths, struct vma *vmas, uint64_t *time)
{
	(void)walker, (void)pid, (void)space;
	for (size_t i = 0; i < n; i++) {
		paths[i] = (struct path){ .levels = 1, .state = STATE_NONE, .kernel = addrs[i] >> 63 };
		vmas[i] = told[i];
		vmas[i].name = "";
	}
	*time = 1;
	return 0;
}

static const struct walker_ops ops = { .name = "test", .resolve = resolve };
static struct walker walker = { .ops = &ops };

/* A file of two pages, mapped at a place, or anywhere. */
static void *map_file(const char *dir, const char *name, void *at)
{
	char path[256];
	void *memory;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_RDWR | O_CREAT, 0600);
	assert_true(fd >= 0 && !ftruncate(fd, 2 * PAGE));
	memory = mmap(at, 2 * PAGE, PROT_READ, MAP_SHARED | (at ? MAP_FIXED : 0), fd, 0);
	assert_true(memory != MAP_FAILED);
	close(fd);
	return memory;
}

/* As the walker would: with all but the name. */
static void tell(size_t i, const void *memory)
{
	struct vmas *vmas = vmas_read(getpid());
	const struct vma *vma = vmas_find(vmas, (uintptr_t)memory);

	assert_non_null(vma);
	told[i] = *vma;
	vmas_free(vmas);
}

static void assert_named(struct resolver *resolver, size_t i, const char *name)
{
	struct answer answer = resolver_answer(resolver, i);
	const char *file = strrchr(answer.vma->name, '/');

	assert_non_null(file);
	assert_string_equal(file + 1, name);
}

static void ask(struct resolver *resolver, const void *memory, const char *name)
{
	const uint64_t addrs[] = { (uintptr_t)memory, (uintptr_t)memory + PAGE };

	tell(0, memory);
	tell(1, memory);
	assert_int_equal(resolver_ask(resolver, getpid(), addrs, 2), 0);
	assert_named(resolver, 0, name);
	assert_named(resolver, 1, name);
}

struct place {
	struct resolver *resolver;
	char dir[64];
};

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	walker.geometry = four_levels;
	strcpy(place->dir, "/tmp/test_resolver.XXXXXX");
	place->resolver = resolver_new(&walker, false);
	*state = place;
	return place->resolver && mkdtemp(place->dir) ? 0 : -1;
}

static int tear_down(void **state)
{
	struct place *place = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -r %s", place->dir);
	resolver_free(place->resolver);
	free(place);
	*state = NULL;
	return system(command);
}

/* What is mapped after the list was read isn't in it. */
static void a_new_mapping_has_its_name(void **state)
{
	struct place *place = *state;

	ask(place->resolver, map_file(place->dir, "one", NULL), "one");
	ask(place->resolver, map_file(place->dir, "two", NULL), "two");
}

static void another_file_in_its_place_has_its_name(void **state)
{
	struct place *place = *state;
	void *memory = map_file(place->dir, "one", NULL);

	ask(place->resolver, memory, "one");
	map_file(place->dir, "two", memory);
	ask(place->resolver, memory, "two");
}

/* The list is read anew for the last of them: no name of the first is left from the one before. */
static void all_names_are_of_one_list(void **state)
{
	struct place *place = *state;
	void *old = map_file(place->dir, "one", NULL), *new;
	uint64_t addrs[] = { (uintptr_t)old, VSYSCALL, 0 };
	const struct vma *vsyscall;

	ask(place->resolver, old, "one");
	new = map_file(place->dir, "two", NULL);
	addrs[2] = (uintptr_t)new;
	told[1] = (struct vma){ 0 };
	tell(2, new);
	assert_int_equal(resolver_ask(place->resolver, getpid(), addrs, 3), 0);
	assert_named(place->resolver, 0, "one");
	assert_named(place->resolver, 2, "two");
	vsyscall = resolver_answer(place->resolver, 1).vma;
	if (vsyscall)
		assert_string_equal(vsyscall->name, "[vsyscall]");
}

/* Its bounds were other ones when the walker saw it. */
static void what_is_another_mapping_has_no_name(void **state)
{
	struct place *place = *state;
	void *memory = map_file(place->dir, "one", NULL);
	uint64_t addr = (uintptr_t)memory;

	tell(0, memory);
	told[0].end += PAGE;
	assert_int_equal(resolver_ask(place->resolver, getpid(), &addr, 1), 0);
	assert_string_equal(resolver_answer(place->resolver, 0).vma->name, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_new_mapping_has_its_name, set_up, tear_down),
		cmocka_unit_test_setup_teardown(another_file_in_its_place_has_its_name, set_up, tear_down),
		cmocka_unit_test_setup_teardown(all_names_are_of_one_list, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_another_mapping_has_no_name, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
