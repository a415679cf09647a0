// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "tally.h"

#include <stdlib.h>
#include <string.h>

#include "chains.h"
#include "slow.h"

struct tally {
	uint32_t capacity, n;
	bool is_full;		/* and a key has come that found no room: the heap is in use */
	struct chains chains;
	struct tally_entry *entries;
	uint32_t *heap;		/* entries, the rarest at the top */
};

struct tally *tally_new(uint32_t capacity)
{
	struct tally *tally = calloc(1, sizeof(*tally));

	if (!tally)
		return NULL;
	tally->capacity = capacity;
	tally->entries = calloc(capacity, sizeof(*tally->entries));
	tally->heap = calloc(capacity, sizeof(*tally->heap));
	if (chains_init(&tally->chains, capacity) && tally->entries && tally->heap)
		return tally;
	tally_free(tally);
	return NULL;
}

void tally_free(struct tally *tally)
{
	if (!tally)
		return;
	for (uint32_t i = 0; i < tally->n; i++)
		free((char *)tally->entries[i].origin.vma.name);
	chains_free(&tally->chains);
	free(tally->entries);
	free(tally->heap);
	free(tally);
}

/* ---- the heap ---- */

static uint64_t count_at(const struct tally *tally, uint32_t place)
{
	return tally->entries[tally->heap[place]].count;
}

static void put_at(struct tally *tally, uint32_t place, uint32_t entry)
{
	tally->heap[place] = entry;
	tally->entries[entry].place = place;
}

/* Its count has grown. */
static SLOW void sink(struct tally *tally, uint32_t place)
{
	uint32_t entry = tally->heap[place], child;

	while ((child = 2 * place + 1) < tally->n) {
		if (child + 1 < tally->n && count_at(tally, child + 1) < count_at(tally, child))
			child++;
		if (tally->entries[entry].count <= count_at(tally, child))
			break;
		put_at(tally, place, tally->heap[child]);
		place = child;
	}
	put_at(tally, place, entry);
}

static void make_heap(struct tally *tally)
{
	for (uint32_t i = 0; i < tally->n; i++)
		put_at(tally, i, i);
	for (uint32_t i = tally->n / 2; i--;)
		sink(tally, i);
	tally->is_full = true;
}

/* ---- keys ---- */

static uint64_t hash_of(const struct tally_key *key)
{
	return chains_hash(key->a, key->b, key->c);
}

static bool is_at(const struct tally_entry *entry, const struct tally_key *key)
{
	return entry->key.b == key->b && entry->key.a == key->a && entry->key.c == key->c;
}

static struct tally_entry *find(const struct tally *tally, const struct tally_key *key, uint64_t hash)
{
	uint32_t i = chains_first(&tally->chains, hash);

	for (; i != CHAIN_END; i = chains_next(&tally->chains, i))
		if (is_at(&tally->entries[i], key))
			return &tally->entries[i];
	return NULL;
}

/* The rarest key goes, its count stays. */
static struct tally_entry *replace(struct tally *tally)
{
	struct tally_entry *entry;

	if (!tally->is_full)
		make_heap(tally);
	entry = &tally->entries[tally->heap[0]];
	chains_remove(&tally->chains, hash_of(&entry->key), tally->heap[0]);
	entry->error = entry->count;
	entry->time = 0;
	free((char *)entry->origin.vma.name);
	entry->origin = (struct origin){ 0 };
	return entry;
}

/* The names are the first ones that were known. */
static SLOW void set_origin(struct origin *origin, const struct fault *fault)
{
	const char *known = origin->vma.name, *name = fault->has_vma ? fault->vma.name : NULL;

	*origin = (struct origin){
		.number = fault->origin, .addr = fault->addr, .pid = fault->pid, .has_vma = fault->has_vma,
		.vma = fault->vma, .code = origin->code.module ? origin->code : fault->code,
	};
	memcpy(origin->comm, fault->comm, COMM_LEN);
	origin->vma.name = known || !name || !*name ? known : strdup(name);
}

static SLOW struct tally_entry *enter(struct tally *tally, const struct tally_key *key, uint64_t hash)
{
	struct tally_entry *entry;

	entry = tally->n < tally->capacity ? &tally->entries[tally->n++] : replace(tally);
	entry->key = *key;
	chains_insert(&tally->chains, hash, entry - tally->entries);
	return entry;
}

static void count(struct tally *tally, struct tally_entry *entry, const struct fault *fault, uint64_t ns)
{
	if (fault->origin && fault->origin == entry->origin.number)
		entry->origin.addr = fault->addr;
	else
		set_origin(&entry->origin, fault);
	entry->count++;
	entry->time += ns;
	if (tally->is_full)
		sink(tally, entry->place);
}

struct tally_entry *tally_add(struct tally *tally, const struct tally_key *key, const struct fault *fault, uint64_t ns)
{
	uint64_t hash = hash_of(key);
	struct tally_entry *entry = find(tally, key, hash);

	if (!entry)
		entry = enter(tally, key, hash);
	count(tally, entry, fault, ns);
	return entry;
}

void tally_add_at(struct tally *tally, struct tally_entry *entry, const struct tally_key *key,
		  const struct fault *fault, uint64_t ns)
{
	if (is_at(entry, key))
		count(tally, entry, fault, ns);
	else
		tally_add(tally, key, fault, ns);
}

/* ---- what it tells ---- */

static int by_key(const struct tally_key *one, const struct tally_key *other)
{
	if (one->a != other->a)
		return one->a < other->a ? -1 : 1;
	if (one->b != other->b)
		return one->b < other->b ? -1 : 1;
	return (one->c > other->c) - (one->c < other->c);
}

/* Among equals the one that took longer, and then by key, so that the order is always the same. */
static int by_count(const void *a, const void *b)
{
	const struct tally_entry *one = *(const struct tally_entry *const *)a;
	const struct tally_entry *other = *(const struct tally_entry *const *)b;

	if (one->count != other->count)
		return one->count < other->count ? 1 : -1;
	if (one->time != other->time)
		return one->time < other->time ? 1 : -1;
	return by_key(&one->key, &other->key);
}

size_t tally_top(const struct tally *tally, const struct tally_entry **entries, size_t n)
{
	const struct tally_entry **all = calloc(tally->n ? tally->n : 1, sizeof(*all));

	if (!all)
		return 0;
	for (uint32_t i = 0; i < tally->n; i++)
		all[i] = &tally->entries[i];
	qsort(all, tally->n, sizeof(*all), by_count);
	n = n < tally->n ? n : tally->n;
	memcpy(entries, all, n * sizeof(*entries));
	free(all);
	return n;
}

uint32_t tally_keys(const struct tally *tally)
{
	return tally->n;
}

bool tally_is_exact(const struct tally *tally)
{
	return !tally->is_full;
}
