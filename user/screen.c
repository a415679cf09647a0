// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#include "screen.h"

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define ENTER	"\033[?1049h\033[?25l\033[?7l"	/* the other screen, without cursor; what is too wide is cut off */
#define LEAVE	"\033[?7h\033[?25h\033[?1049l"

static struct termios before;
static bool is_begun;

/* Keys come at once and unseen. Signals still do, but for the one that would stop us in the middle of a picture. */
bool screen_begin(struct output *out)
{
	struct termios raw;

	if (!isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &before))
		return false;
	raw = before;
	raw.c_lflag &= ~(ICANON | ECHO);
	raw.c_cc[VMIN] = 0;
	raw.c_cc[VTIME] = 0;
	raw.c_cc[VSUSP] = _POSIX_VDISABLE;
	if (tcsetattr(STDIN_FILENO, TCSANOW, &raw))
		return false;
	is_begun = true;
	put_str(out, ENTER);
	output_flush(out);	/* what fails is told with the next one */
	return true;
}

void screen_end(struct output *out)
{
	if (!is_begun)
		return;
	is_begun = false;
	put_str(out, LEAVE);
	output_flush(out);
	tcsetattr(STDIN_FILENO, TCSANOW, &before);
}

void screen_frame(struct output *out)
{
	put_str(out, "\033[H");
}

void screen_frame_end(struct output *out)
{
	put_str(out, "\033[J");
}

unsigned int screen_height(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row ? 24 : size.ws_row;
}

int screen_key(void)
{
	unsigned char key;

	return read(STDIN_FILENO, &key, 1) == 1 ? key : -1;
}
