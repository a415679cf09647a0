/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/* A log2 histogram of times: bucket i has those of 2^i to 2^(i+1) - 1 ns; the first one that of 0, too. */
#ifndef PFWATCH_HISTOGRAM_H
#define PFWATCH_HISTOGRAM_H

#include <stdint.h>

#define BUCKETS 64

struct histogram {
	uint64_t n, sum, min, max;	/* min and max: only where n is not 0 */
	uint64_t bucket[BUCKETS];
};

static inline unsigned int histogram_bucket(uint64_t ns)
{
	return ns ? 63 - __builtin_clzll(ns) : 0;
}

static inline void histogram_add(struct histogram *histogram, uint64_t ns)
{
	if (!histogram->n || ns < histogram->min)
		histogram->min = ns;
	if (ns > histogram->max)
		histogram->max = ns;
	histogram->n++;
	histogram->sum += ns;
	histogram->bucket[histogram_bucket(ns)]++;
}

/* 0 for the first one: what is in it is at least that. */
uint64_t histogram_low(unsigned int bucket);

/*
 * The value of rank ceil(n * percent / 100), 0 if there is none. Within its bucket it is interpolated, as if the values
 * there were spread evenly, and kept between min and max: the true one lies in the same bucket, so it is more than
 * half and less than twice as much.
 */
uint64_t histogram_percentile(const struct histogram *histogram, unsigned int percent);

#endif
