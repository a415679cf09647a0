/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * The pieces of the lines that each fault has, stored without asking: who calls these has made sure of the room (see
 * output_room()). Each stores at a place and returns the one behind; up to STORE_SLACK bytes behind that may be written
 * over, so that what is of varying length takes no loop.
 */
#ifndef PFWATCH_STORE_H
#define PFWATCH_STORE_H

#include <emmintrin.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define STORE_SLACK	32
#define STORE_NUMBER	(24 + STORE_SLACK)	/* room for any number */

/* A string whose length the compiler knows. */
static inline char *store_str(char *at, const char *str)
{
	size_t len = strlen(str);

	memcpy(at, str, len);
	return at + len;
}

/* A word with blank bytes behind it: stored as a whole. */
#define STORE_WORD 16

static inline char *store_padded(char *at, const char word[STORE_WORD])
{
	__m128i text = _mm_loadu_si128((const __m128i *)word);

	_mm_storeu_si128((__m128i *)at, text);
	return at + __builtin_ctz(_mm_movemask_epi8(_mm_cmpeq_epi8(text, _mm_setzero_si128())));
}

/* One of our own words, of less than STORE_SLACK characters. */
static inline char *store_word(char *at, const char *word)
{
	while (*word)
		*at++ = *word++;
	return at;
}

/* Less than STORE_SLACK blanks, if any. */
static inline char *store_blanks(char *at, int n)
{
	memset(at, ' ', STORE_SLACK);
	return n > 0 ? at + n : at;
}

/*
 * Eight decimal digits of a number below 10^8, each in a byte of its own, the first one lowest: it is halved into
 * fours, twos and ones, each time in all parts at once. The factors divide what is below 10000 by 100, and what is
 * below 100 by 10.
 */
static inline uint64_t decimals_of(uint32_t value)
{
	uint64_t x = value / 10000 | (uint64_t)(value % 10000) << 32, tens;

	tens = x * 10486 >> 20 & 0x0000007f0000007f;
	x = tens | (x - tens * 100) << 16;
	tens = x * 103 >> 10 & 0x000f000f000f000f;
	return tens | (x - tens * 10) << 8;
}

/* All eight of them. */
static inline char *store_dec8(char *at, uint32_t value)
{
	uint64_t text = decimals_of(value) | 0x3030303030303030;

	memcpy(at, &text, sizeof(text));
	return at + sizeof(text);
}

/* Without the zeros before it, but with one digit at least. */
static inline char *store_dec_short(char *at, uint32_t value)
{
	uint64_t x = decimals_of(value);
	unsigned int zeros = __builtin_ctzll(x | 1ULL << 56) / 8;

	x = (x | 0x3030303030303030) >> (zeros * 8);
	memcpy(at, &x, sizeof(x));
	return at + sizeof(x) - zeros;
}

/* The numbers below 1000, each with its length behind it. */
extern const char small_numbers[1000][4];

char *store_dec_long(char *at, uint64_t value);

static inline char *store_dec(char *at, uint64_t value)
{
	if (value < 1000) {
		memcpy(at, small_numbers[value], 4);
		return at + small_numbers[value][3];
	}
	return value < 100000000 ? store_dec_short(at, value) : store_dec_long(at, value);
}

/* Sixteen hexadecimal digits: each four bits into a byte of its own, and from there to its character. */
static inline char *store_hex_digits(char *at, uint64_t value)
{
	__m128i x = _mm_cvtsi64_si128(__builtin_bswap64(value)), letters;

	x = _mm_unpacklo_epi8(_mm_srli_epi16(x, 4), x);
	x = _mm_and_si128(x, _mm_set1_epi8(15));
	letters = _mm_and_si128(_mm_cmpgt_epi8(x, _mm_set1_epi8(9)), _mm_set1_epi8('a' - '0' - 10));
	x = _mm_add_epi8(_mm_add_epi8(x, _mm_set1_epi8('0')), letters);
	_mm_storeu_si128((__m128i *)at, x);
	return at + 16;
}

/* With 0x. The value's digits are shifted up to the first place; those behind them are written over. */
static inline char *store_hex(char *at, uint64_t value)
{
	unsigned int digits = (67 - __builtin_clzll(value | 1)) / 4;

	memcpy(at, "0x", 2);
	store_hex_digits(at + 2, value << 4 * (16 - digits));
	return at + 2 + digits;
}

#endif
