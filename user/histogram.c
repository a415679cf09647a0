// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "histogram.h"

uint64_t histogram_low(unsigned int bucket)
{
	return bucket ? 1ULL << bucket : 0;
}

/* The value of rank (from 1 on) of those in a bucket, in the middle of its share of the bucket's width. */
static uint64_t interpolate(const struct histogram *histogram, unsigned int bucket, uint64_t rank)
{
	double width = bucket ? 1ULL << bucket : 2;
	uint64_t value = histogram_low(bucket) + (uint64_t)(width * (rank - 0.5) / histogram->bucket[bucket]);

	if (value < histogram->min)
		return histogram->min;
	return value > histogram->max ? histogram->max : value;
}

uint64_t histogram_percentile(const struct histogram *histogram, unsigned int percent)
{
	uint64_t rank = histogram->n / 100 * percent + (histogram->n % 100 * percent + 99) / 100;

	if (!histogram->n)
		return 0;
	rank = rank ? rank : 1;
	for (unsigned int i = 0; i < BUCKETS; i++) {
		if (rank <= histogram->bucket[i])
			return interpolate(histogram, i, rank);
		rank -= histogram->bucket[i];
	}
	return histogram->max;
}
