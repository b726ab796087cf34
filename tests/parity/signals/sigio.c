/* SIGIO and F_SETSIG: data, the end, a connection, to come.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "sent.h"

static volatile sig_atomic_t code, band, number;

static void hear(int sig, siginfo_t *info, void *context)
{
	code = info->si_code;
	band = (int)info->si_band;
	number = info->si_fd;
	handled++;
}

static void expect(const char *what, int fd)
{
	for (int k = 0; k < LIMIT_MS && !handled; k++)
		sleep_ms(1);
	say("%s: signalled %d, code %d, band %s, right number %d", what, handled > 0,
		code, poll_text(band), number == fd);
	handled = code = band = number = 0;
}

static void expect_plain(const char *what)
{
	for (int k = 0; k < LIMIT_MS && !handled; k++)
		sleep_ms(1);
	say("%s: %s", what, handled ? signal_name(handled) : "nothing");
	handled = 0;
}

static void watch(int fd, int sig)
{
	MUST(fcntl(fd, F_SETOWN, getpid()));
	if (sig)
		MUST(fcntl(fd, F_SETSIG, sig));
	MUST(fcntl(fd, F_SETFL, O_RDWR | O_ASYNC));
}

int main(void)
{
	int fd[2], u[2], l, on = 1;
	struct place at;
	char b[8];

	handle_info(SIGRTMIN + 1, hear, SA_RESTART);
	handle(SIGIO, on_signal, SA_RESTART);
	stream_pair(AF_INET, fd);
	watch(fd[0], SIGRTMIN + 1);
	say("owner mine %d, sig right %d, O_ASYNC %d",
		fcntl(fd[0], F_GETOWN) == getpid(),
		fcntl(fd[0], F_GETSIG) == SIGRTMIN + 1,
		(fcntl(fd[0], F_GETFL) & O_ASYNC) != 0);
	send_x(fd[1]);
	expect("a byte", fd[0]);
	send_x(fd[1]);
	expect("another, the first unread", fd[0]);
	SHOW(recv(fd[0], b, 8, 0));
	send_x(fd[1]);
	expect("again", fd[0]);
	MUST(shutdown(fd[1], SHUT_WR));
	expect("the end", fd[0]);
	stream_pair(AF_INET, fd);
	watch(fd[0], 0);
	send_x(fd[1]);
	expect_plain("plain SIGIO");
	MUST(fcntl(fd[0], F_SETFL, O_RDWR));
	send_x(fd[1]);
	sleep_ms(30);
	say("off: %d", handled);
	SHOW(ioctl(fd[0], FIOASYNC, &on));
	send_x(fd[1]);
	expect_plain("by FIOASYNC");
	for (int k = 0; k < 1000; k++) {
		send_x(fd[1]);
		recv(fd[0], b, 8, 0);
	}
	sleep_ms(5);
	drain(fd[0]);
	handled = 0;
	send_x(fd[1]);
	expect_plain("after a thousand");
	l = listener(AF_INET, 5, &at);
	watch(l, SIGRTMIN + 1);
	connected_to(&at);
	expect("a connection", l);
	dgram_pair(AF_INET, u);
	watch(u[0], SIGRTMIN + 1);
	MUST((int)send(u[1], "x", 1, 0));
	expect("a datagram", u[0]);
	MUST((int)send(u[1], "x", 1, 0));
	expect("another", u[0]);
	return 0;
}
