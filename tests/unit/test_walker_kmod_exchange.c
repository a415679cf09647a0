// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * How a reply of the module ends, well or with words why not, against ends that no kernel sends. The inside of the
 * exchange is tested, so it is included.
 */
#include "../../user/walker_kmod_exchange.c"

#include "edge.h"

struct message {
	struct nlmsghdr *nlh;
	char buf[16384];
};

static struct kmod_walker walker;

static int end_with(mnl_cb_t callback, const struct nlmsghdr *nlh, size_t len)
{
	struct exchange exchange = { .walker = &walker };

	errno = 0;
	snprintf(walker.base.error, sizeof(walker.base.error), "what was before");
	return callback((void *)at_the_edge(nlh, len), &exchange);
}

static struct nlmsghdr *put_end(struct message *message, int error, const char *words)
{
	memset(message->buf, 0, sizeof(message->buf));
	message->nlh = mnl_nlmsg_put_header(message->buf);
	*(int *)mnl_nlmsg_put_extra_header(message->nlh, sizeof(int)) = error;
	if (words) {
		message->nlh->nlmsg_flags |= NLM_F_ACK_TLVS;
		mnl_attr_put_strz(message->nlh, NLMSGERR_ATTR_MSG, words);
	}
	return message->nlh;
}

static void the_end_of_a_dump_may_be_an_error(void **state)
{
	struct message message;

	(void)state;
	put_end(&message, 0, NULL);
	assert_int_equal(end_with(on_done, message.nlh, message.nlh->nlmsg_len), MNL_CB_STOP);
	put_end(&message, -ESRCH, NULL);
	assert_int_equal(end_with(on_done, message.nlh, message.nlh->nlmsg_len), MNL_CB_ERROR);
	assert_int_equal(errno, ESRCH);
	assert_string_equal(walker.base.error, strerror(ESRCH));
}

/* The kernel's own words are better than those of the errno. */
static void the_words_of_the_kernel_are_kept(void **state)
{
	struct message message;

	(void)state;
	put_end(&message, -ENXIO, "the process has no address space");
	assert_int_equal(end_with(on_done, message.nlh, message.nlh->nlmsg_len), MNL_CB_ERROR);
	assert_int_equal(errno, ENXIO);
	assert_string_equal(walker.base.error, "the process has no address space");
}

static void long_words_are_cut(void **state)
{
	struct message message;
	char words[4000];

	(void)state;
	memset(words, 'w', sizeof(words) - 1);
	words[sizeof(words) - 1] = '\0';
	put_end(&message, -EINVAL, words);
	assert_int_equal(end_with(on_done, message.nlh, message.nlh->nlmsg_len), MNL_CB_ERROR);
	assert_int_equal(strlen(walker.base.error), sizeof(walker.base.error) - 1);
}

/* A string without its NUL is none. */
static void words_without_an_end_are_not_read(void **state)
{
	struct message message;

	(void)state;
	put_end(&message, -EINVAL, NULL);
	message.nlh->nlmsg_flags |= NLM_F_ACK_TLVS;
	mnl_attr_put(message.nlh, NLMSGERR_ATTR_MSG, 8, "abcdefgh");
	assert_int_equal(end_with(on_done, message.nlh, message.nlh->nlmsg_len), MNL_CB_ERROR);
	assert_string_equal(walker.base.error, strerror(EINVAL));
}

/* capped: the kernel sent the head of the request alone; otherwise all of it stands before its words. */
static void put_error(struct message *message, int error, const char *words, bool capped)
{
	struct nlmsgerr *body;

	memset(message->buf, 0, sizeof(message->buf));
	message->nlh = mnl_nlmsg_put_header(message->buf);
	body = mnl_nlmsg_put_extra_header(message->nlh, sizeof(*body));
	body->error = error;
	body->msg.nlmsg_len = sizeof(body->msg) + 64;
	if (capped)
		message->nlh->nlmsg_flags |= NLM_F_CAPPED;
	else
		mnl_nlmsg_put_extra_header(message->nlh, 64);
	if (words) {
		message->nlh->nlmsg_flags |= NLM_F_ACK_TLVS;
		mnl_attr_put_strz(message->nlh, NLMSGERR_ATTR_MSG, words);
	}
}

static void an_error_has_its_words_behind_the_request(void **state)
{
	struct message message;

	(void)state;
	for (int capped = 0; capped < 2; capped++) {
		put_error(&message, -EPERM, "not for you", capped);
		assert_int_equal(end_with(on_error, message.nlh, message.nlh->nlmsg_len), MNL_CB_ERROR);
		assert_int_equal(errno, EPERM);
		assert_string_equal(walker.base.error, "not for you");
		put_error(&message, -EPERM, NULL, capped);
		assert_int_equal(end_with(on_error, message.nlh, message.nlh->nlmsg_len), MNL_CB_ERROR);
		assert_string_equal(walker.base.error, strerror(EPERM));
	}
}

static void an_acknowledgement_ends_well(void **state)
{
	struct message message;

	(void)state;
	put_error(&message, 0, NULL, true);
	assert_int_equal(end_with(on_error, message.nlh, message.nlh->nlmsg_len), MNL_CB_STOP);
}

static void a_cut_off_error_is_an_error(void **state)
{
	struct message message;

	(void)state;
	put_error(&message, 0, NULL, true);
	message.nlh->nlmsg_len -= 4;
	assert_int_equal(end_with(on_error, message.nlh, message.nlh->nlmsg_len), MNL_CB_ERROR);
	assert_int_equal(errno, EBADMSG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_end_of_a_dump_may_be_an_error),
		cmocka_unit_test(the_words_of_the_kernel_are_kept),
		cmocka_unit_test(long_words_are_cut),
		cmocka_unit_test(words_without_an_end_are_not_read),
		cmocka_unit_test(an_error_has_its_words_behind_the_request),
		cmocka_unit_test(an_acknowledgement_ends_well),
		cmocka_unit_test(a_cut_off_error_is_an_error),
	};

	return cmocka_run_group_tests_name("walker_kmod_exchange", tests, make_room, free_room);
}
