// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * PID 1 of the test machine. Sets the machine up, loads the module under test,
 * runs one command, passes what it writes and the kernel log on to the host
 * while it happens (channel.h), and reports how it ended.
 *
 * What the host wants stands in files of the initramfs, gone before the command
 * starts: /.vm/token (a nonce: only who knows it can report success),
 * /.vm/command, or /.vm/shell ("ROWS COLUMNS TERM") for an interactive shell.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "channel.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define LEAKS "/sys/kernel/debug/kmemleak"

enum { FROM_OUT, FROM_ERR, FROM_LOG, FROM_SIGNALS, SOURCES };

static int channel = -1;
static int kernel_log = -1;
static char token[128];

/* --- telling the host ---------------------------------------------------------- */

static void __attribute__((noreturn)) power_off(void)
{
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

static void write_full(int fd, const char *p, size_t length)
{
	while (length) {
		ssize_t n = write(fd, p, length);

		if (n < 0 && errno != EINTR)
			power_off();	/* no channel: the host sees that it ended */
		if (n > 0) {
			p += n;
			length -= n;
		}
	}
}

/* Header and payload in one write: fewer trips to the host. */
static void send_frame(enum channel_stream stream, const char *payload, size_t length)
{
	static char frame[sizeof(struct channel_header) + CHANNEL_MAX];
	struct channel_header head = { .stream = stream, .length = length };

	memcpy(frame, &head, sizeof(head));
	memcpy(frame + sizeof(head), payload, length);
	write_full(channel, frame, sizeof(head) + length);
}

/* One record of /dev/kmsg, "PRIO,SEQ,USEC,FLAGS;TEXT\n KEY=VALUE\n...", as dmesg prints it. */
static void send_record(char *record)
{
	unsigned long long usec = 0;
	char line[8300], *text = strchr(record, ';');

	if (!text || sscanf(record, "%*u,%*u,%llu", &usec) != 1)
		return;
	text[strcspn(text, "\n")] = '\0';
	snprintf(line, sizeof(line), "[%5llu.%06llu] %s\n", usec / 1000000, usec % 1000000, text + 1);
	send_frame(CHANNEL_LOG, line, strlen(line));
}

/* Everything the kernel has logged so far; each read gives one record. */
static void relay_log(void)
{
	char record[8192];

	for (;;) {
		ssize_t n = read(kernel_log, record, sizeof(record) - 1);

		if (n < 0 && (errno == EPIPE || errno == EINTR))
			continue;	/* EPIPE: overwritten before it was read; go on with the next */
		if (n <= 0)
			return;
		record[n] = '\0';
		send_record(record);
	}
}

/*
 * The last word. The host turns the machine off once it has read it: doing that
 * from here could overtake what still waits in the port's queue.
 */
static void __attribute__((noreturn)) send_end(const char *verdict)
{
	char text[512];

	sync();
	relay_log();
	snprintf(text, sizeof(text), "%s %s\n", token, verdict);
	send_frame(CHANNEL_END, text, strlen(text));
	sleep(60);
	power_off();
}

/* The machine is not as it must be; without a channel the console's log says so. */
static void __attribute__((noreturn, format(printf, 1, 2))) fail(const char *format, ...)
{
	char reason[256], verdict[300];
	int saved = errno, n;
	va_list args;

	va_start(args, format);
	n = vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	if (saved && n >= 0 && (size_t)n < sizeof(reason))
		snprintf(reason + n, sizeof(reason) - n, ": %s", strerror(saved));
	snprintf(verdict, sizeof(verdict), "failed %s", reason);
	if (channel >= 0)
		send_end(verdict);
	dprintf(STDERR_FILENO, "test machine: %s\n", reason);
	power_off();
}

/* --- the machine --------------------------------------------------------------- */

static const struct {
	const char *type, *path, *options;
	bool needed;
} mounts[] = {
	{ "proc",	"/proc",		NULL,		true },
	{ "sysfs",	"/sys",			NULL,		true },
	{ "devtmpfs",	"/dev",			"mode=755",	true },
	{ "devpts",	"/dev/pts",		"mode=620,ptmxmode=666", true },
	{ "tmpfs",	"/dev/shm",		"mode=1777",	true },
	{ "hugetlbfs",	"/dev/hugepages",	NULL,		false },
	{ "debugfs",	"/sys/kernel/debug",	NULL,		false },
	{ "tracefs",	"/sys/kernel/tracing",	NULL,		false },
	{ "bpf",	"/sys/fs/bpf",		"mode=700",	false },
	{ "cgroup2",	"/sys/fs/cgroup",	NULL,		false },
};

/* /tmp and /run stay on the root, a tmpfs already: the host may have put files there. */
static void mount_all(void)
{
	for (size_t i = 0; i < COUNT(mounts); i++) {
		mkdir(mounts[i].path, 0755);
		if (mount(mounts[i].type, mounts[i].path, mounts[i].type,
			  MS_NOSUID, mounts[i].options) && mounts[i].needed)
			fail("can't mount %s", mounts[i].path);
	}
}

/* devtmpfs has been mounted over what the initramfs had for a console. */
static void open_console(void)
{
	int fd = open("/dev/console", O_RDWR);

	for (int to = 0; fd >= 0 && to <= STDERR_FILENO; to++)
		dup2(fd, to);
	if (fd > STDERR_FILENO)
		close(fd);
}

static void link_descriptors(void)
{
	symlink("/proc/self/fd", "/dev/fd");
	symlink("/proc/self/fd/0", "/dev/stdin");
	symlink("/proc/self/fd/1", "/dev/stdout");
	symlink("/proc/self/fd/2", "/dev/stderr");
}

static void set_environment(void)
{
	clearenv();
	setenv("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
	setenv("HOME", "/root", 1);
	setenv("USER", "root", 1);
	setenv("LOGNAME", "root", 1);
	setenv("SHELL", "/bin/sh", 1);
}

static void bring_up_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return;		/* a kernel without networking */
	ioctl(fd, SIOCSIFFLAGS, &request);
	close(fd);
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* Best effort: in some kernels these are built in, and then there is no such module. */
static void modprobe(const char *module)
{
	pid_t pid = fork();

	if (!pid) {
		execl("/sbin/modprobe", "modprobe", "-q", module, NULL);
		_exit(127);
	}
	if (pid > 0)
		wait_for(pid);
}

static void load_module_under_test(void)
{
	struct utsname kernel;
	char path[256];
	int fd;

	uname(&kernel);
	snprintf(path, sizeof(path), "/lib/modules/%s/extra/pfwalk.ko", kernel.release);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	if (syscall(SYS_finit_module, fd, "", 0))
		fail("the kernel refused pfwalk.ko");
	close(fd);
}

/* --- what the host wants ------------------------------------------------------- */

/* Reads and removes a file; NULL if there is none. */
static char *take_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *text;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st))
		return NULL;
	text = malloc(st.st_size + 1);
	n = text ? read(fd, text, st.st_size) : -1;
	if (n < 0)
		fail("can't read %s", path);
	text[n] = '\0';
	close(fd);
	unlink(path);
	return text;
}

static void take_token(void)
{
	char *text = take_file("/.vm/token");

	if (text)
		snprintf(token, sizeof(token), "%.*s", (int)strcspn(text, "\n"), text);
	free(text);
}

/* --- the channel --------------------------------------------------------------- */

static bool port_is_ours(const char *port)
{
	char path[300], name[64] = "";
	int fd;

	snprintf(path, sizeof(path), "/sys/class/virtio-ports/%s/name", port);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (read(fd, name, sizeof(name) - 1) < 0)
		name[0] = '\0';
	close(fd);
	name[strcspn(name, "\n")] = '\0';
	return !strcmp(name, CHANNEL_NAME);
}

static int open_port(void)
{
	DIR *ports = opendir("/sys/class/virtio-ports");
	struct dirent *entry;
	char path[300];
	int fd = -1;

	while (ports && fd < 0 && (entry = readdir(ports))) {
		if (!port_is_ours(entry->d_name))
			continue;
		snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
		fd = open(path, O_WRONLY | O_CLOEXEC);
	}
	if (ports)
		closedir(ports);
	return fd;
}

/* The host announces the port some time after the driver has found the device. */
static void open_channel(void)
{
	modprobe("virtio_pci");
	modprobe("virtio_console");
	for (int tries = 0; tries < 1000 && channel < 0; tries++) {
		channel = open_port();
		if (channel < 0)
			usleep(10000);
	}
	if (channel < 0)
		fail("there is no virtio port '%s'", CHANNEL_NAME);
}

/* --- relaying ------------------------------------------------------------------ */

/* Passes on what is there, `limit` bytes at most; 0 at the end or if nothing is there. */
static size_t relay_some(int fd, enum channel_stream stream, size_t limit)
{
	static char buffer[CHANNEL_MAX];
	ssize_t n = read(fd, buffer, limit < sizeof(buffer) ? limit : sizeof(buffer));

	if (n <= 0)
		return 0;
	send_frame(stream, buffer, n);
	return n;
}

/*
 * What the command left in a pipe when it ended, and no more: a process it left
 * behind may hold the other end and go on writing for ever.
 */
static void drain(int fd, enum channel_stream stream)
{
	int left;

	if (fd < 0 || ioctl(fd, FIONREAD, &left))
		return;
	while (left > 0) {
		size_t n = relay_some(fd, stream, left);

		if (!n)
			return;
		left -= n;
	}
}

/* Reaps whatever has ended; true once the command is among it. */
static bool reap(int signals, pid_t command, int *status)
{
	struct signalfd_siginfo info;
	bool ended = false;
	int one;
	pid_t pid;

	while (read(signals, &info, sizeof(info)) > 0)
		;
	while ((pid = waitpid(-1, &one, WNOHANG)) > 0) {
		if (pid != command)
			continue;
		*status = one;
		ended = true;
	}
	return ended;
}

static void relay_pipe(struct pollfd *source, enum channel_stream stream)
{
	if (!source->revents || relay_some(source->fd, stream, CHANNEL_MAX))
		return;
	close(source->fd);
	source->fd = -1;	/* poll() skips it */
}

/* Until the command has ended. */
static int relay(struct pollfd *sources, pid_t command)
{
	int status = 0;

	for (;;) {
		if (poll(sources, SOURCES, -1) < 0 && errno != EINTR)
			fail("poll");
		if (sources[FROM_LOG].revents)
			relay_log();
		if (sources[FROM_SIGNALS].revents &&
		    reap(sources[FROM_SIGNALS].fd, command, &status))
			break;
		relay_pipe(&sources[FROM_OUT], CHANNEL_OUT);
		relay_pipe(&sources[FROM_ERR], CHANNEL_ERR);
	}
	drain(sources[FROM_OUT].fd, CHANNEL_OUT);
	drain(sources[FROM_ERR].fd, CHANNEL_ERR);
	return status;
}

/* --- the command --------------------------------------------------------------- */

static int watch_children(void)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	if (fd < 0)
		fail("signalfd");
	return fd;
}

static void __attribute__((noreturn)) exec_command(const char *command, int out, int err)
{
	sigset_t none;
	int null = open("/dev/null", O_RDONLY);

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	dup2(null, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	if (null > STDERR_FILENO)
		close(null);
	execl("/bin/sh", "sh", "-c", command, NULL);
	_exit(127);
}

/* Pipes, not ports: the command may open /dev/stdout anew, a port opens only once. */
static pid_t start_command(const char *command, int *out, int *err)
{
	int out_pipe[2], err_pipe[2];
	pid_t pid;

	if (pipe2(out_pipe, O_CLOEXEC) || pipe2(err_pipe, O_CLOEXEC))
		fail("pipe");
	pid = fork();
	if (pid < 0)
		fail("fork");
	if (!pid)
		exec_command(command, out_pipe[1], err_pipe[1]);
	close(out_pipe[1]);
	close(err_pipe[1]);
	*out = out_pipe[0];
	*err = err_pipe[0];
	return pid;
}

static void open_log(void)
{
	kernel_log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (kernel_log < 0)
		fail("can't open /dev/kmsg");
}

/* --- what the kernel has to say about itself, if it is one that looks ------------ */

/* A pattern of scanf for a line of a file, with one number in it. */
static int read_number(const char *path, const char *pattern, int *number)
{
	FILE *file = fopen(path, "re");
	char line[256];
	int found = 0;

	while (file && found != 1 && fgets(line, sizeof(line), file))
		found = sscanf(line, pattern, number);
	if (file)
		fclose(file);
	return found == 1 ? 0 : -1;
}

/* Lock debugging gives up after its first report, or when it has seen too many locks. */
static void check_lock_debugging(void)
{
	int on;

	if (access("/proc/lockdep_stats", F_OK))
		return;
	if (read_number("/proc/lockdep_stats", " debug_locks: %d", &on))
		on = 0;
	errno = 0;
	if (!on)
		fail("lock debugging was off at the end: nothing says that the locks were right");
}

/* Everything that is left of the command, so that it holds nothing any more. */
static void end_processes(void)
{
	kill(-1, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
}

static void scan_for_leaks(int fd)
{
	if (write(fd, "scan", strlen("scan")) < 0)
		fail("kmemleak does not scan");
}

/* A file goes into the log, whole. */
static void log_file(const char *path)
{
	FILE *file = fopen(path, "re");
	char line[1024];

	while (file && fgets(line, sizeof(line), file))
		send_frame(CHANNEL_LOG, line, strlen(line));
	if (file)
		fclose(file);
}

/*
 * The module goes first: what is reachable from its data alone is a leak then. The traces
 * of leaks have bare addresses for its functions after that: the log tells where it was.
 * kmemleak wants an object to be five seconds old and unchanged between two scans. The
 * kernel's line about new leaks makes the host fail the run.
 */
static void check_leaks(void)
{
	int fd = open(LEAKS, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;		/* this kernel does not look */
	end_processes();
	log_file("/proc/modules");
	syscall(SYS_delete_module, "pfwalk", O_NONBLOCK);
	scan_for_leaks(fd);
	sleep(6);
	scan_for_leaks(fd);
	close(fd);
	relay_log();
	log_file(LEAKS);
}

static void __attribute__((noreturn)) run_command(const char *command)
{
	struct pollfd sources[SOURCES] = {
		[FROM_OUT] = { .events = POLLIN },
		[FROM_ERR] = { .events = POLLIN },
		[FROM_LOG] = { .events = POLLIN, .fd = kernel_log },
		[FROM_SIGNALS] = { .events = POLLIN, .fd = watch_children() },
	};
	char verdict[16];
	int status;
	pid_t pid;

	pid = start_command(command, &sources[FROM_OUT].fd, &sources[FROM_ERR].fd);
	status = relay(sources, pid);
	check_leaks();
	check_lock_debugging();
	snprintf(verdict, sizeof(verdict), "%d",
		 WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
	send_end(verdict);
}

static void __attribute__((noreturn)) exec_shell(const char *settings)
{
	struct winsize size = { 0 };
	char term[64] = "vt100";
	int fd;

	sscanf(settings, "%hu %hu %63s", &size.ws_row, &size.ws_col, term);
	setenv("TERM", term, 1);
	setsid();
	fd = open("/dev/ttyS0", O_RDWR);
	ioctl(fd, TIOCSCTTY, 1);
	ioctl(fd, TIOCSWINSZ, &size);
	for (int to = 0; to <= STDERR_FILENO; to++)
		dup2(fd, to);
	if (fd > STDERR_FILENO)
		close(fd);
	chdir(getenv("HOME"));
	execl("/bin/sh", "-sh", NULL);
	_exit(127);
}

static void __attribute__((noreturn)) run_shell(const char *settings)
{
	pid_t shell = fork(), pid;

	if (!shell)
		exec_shell(settings);
	do
		pid = wait(NULL);
	while (pid != shell && (pid > 0 || errno == EINTR));
	sync();
	power_off();
}

/* Its scans by the clock, a minute after boot for the first time, would only slow down what there is to do. */
static void stop_leak_scans(void)
{
	int fd = open(LEAKS, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "scan=off", strlen("scan=off")) < 0)
		fail("kmemleak can't be told to wait");
	close(fd);
}

int main(void)
{
	char *shell, *command;

	mount_all();
	open_console();
	link_descriptors();
	set_environment();
	chdir("/");
	chmod("/", 0755);	/* the kernel's own root lets everybody write */
	sethostname("pfwatch", strlen("pfwatch"));
	bring_up_loopback();

	take_token();
	command = take_file("/.vm/command");
	shell = take_file("/.vm/shell");
	rmdir("/.vm");
	if (shell) {
		load_module_under_test();
		run_shell(shell);
	}
	open_channel();
	open_log();
	stop_leak_scans();
	load_module_under_test();
	if (!command || !token[0])
		fail("there is nothing to run");
	run_command(command);
}
