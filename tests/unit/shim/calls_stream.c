/* One socket at a time. SPDX-License-Identifier: BSD-2-Clause */
#include "calls.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/time.h>
#include <sys/uio.h>

static void echo(void)
{
	char buf[100];
	int fd[2];

	tcp_pair(fd);
	WANT(write(fd[0], "hola", 4) == 4);
	WANT(read(fd[1], buf, sizeof(buf)) == 4 && memcmp(buf, "hola", 4) == 0);
	WANT(send(fd[1], "adios", 5, 0) == 5);
	WANT(recv(fd[0], buf, 3, MSG_PEEK) == 3);
	WANT(recv(fd[0], buf, 5, MSG_WAITALL) == 5);
	WANT(memcmp(buf, "adios", 5) == 0);
	WANT_ERRNO(recv(fd[0], buf, 5, MSG_DONTWAIT), EAGAIN);
	WANT(close(fd[1]) == 0);
	WANT(read(fd[0], buf, sizeof(buf)) == 0);
}

static void half_close(void)
{
	char buf[100];
	int fd[2];

	tcp_pair(fd);
	WANT(shutdown(fd[0], SHUT_WR) == 0);
	WANT(read(fd[1], buf, 10) == 0);
	WANT(write(fd[1], "sigo", 4) == 4);
	WANT(read(fd[0], buf, 10) == 4);
	WANT_ERRNO(send(fd[0], "x", 1, MSG_NOSIGNAL), EPIPE);
}

static volatile int pipes;

static void on_pipe(int sig)
{
	(void)sig;
	pipes++;
}

static void sigpipe(void)
{
	int fd[2];

	tcp_pair(fd);
	signal(SIGPIPE, on_pipe);
	shutdown(fd[0], SHUT_WR);
	WANT_ERRNO(write(fd[0], "x", 1), EPIPE);
	WANT(pipes == 1);
	WANT_ERRNO(send(fd[0], "x", 1, MSG_NOSIGNAL), EPIPE);
	WANT(pipes == 1);
}

static void reset_on_unread(void)
{
	char buf[10];
	int fd[2];

	tcp_pair(fd);
	WANT(write(fd[0], "nunca leido", 11) == 11);
	close(fd[1]);
	WANT_ERRNO(read(fd[0], buf, 10), ECONNRESET);
	WANT(read(fd[0], buf, 10) == 0);
}

static void refused(void)
{
	struct sockaddr_storage ss;
	struct pollfd p;
	socklen_t len, elen = sizeof(int);
	int port, s = listener(1, &port), c, err = 0;

	close(s);
	loopback(&ss, &len, AF_INET, port);
	c = socket(AF_INET, SOCK_STREAM, 0);
	WANT_ERRNO(connect(c, (struct sockaddr *)&ss, len), ECONNREFUSED);
	close(c);
	c = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	WANT_ERRNO(connect(c, (struct sockaddr *)&ss, len), EINPROGRESS);
	p = (struct pollfd){ c, POLLOUT, 0 };
	WANT(poll(&p, 1, 60000) == 1 && (p.revents & POLLERR));
	WANT(getsockopt(c, SOL_SOCKET, SO_ERROR, &err, &elen) == 0);
	WANT(err == ECONNREFUSED);
}

static void nonblocking_connect(void)
{
	struct sockaddr_storage ss;
	struct pollfd p;
	socklen_t len, elen = sizeof(int);
	int port, s = listener(1, &port), c, a, err = -1;
	char buf[4];

	loopback(&ss, &len, AF_INET, port);
	c = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	WANT_ERRNO(connect(c, (struct sockaddr *)&ss, len), EINPROGRESS);
	p = (struct pollfd){ c, POLLOUT, 0 };
	WANT(poll(&p, 1, 60000) == 1 && p.revents == POLLOUT);
	WANT(getsockopt(c, SOL_SOCKET, SO_ERROR, &err, &elen) == 0 && err == 0);
	WANT_ERRNO(read(c, buf, 4), EAGAIN);
	a = accept4(s, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	WANT(a >= 0 && (fcntl(a, F_GETFL) & O_NONBLOCK));
	WANT(fcntl(a, F_GETFD) == FD_CLOEXEC);
	set_nonblock(s);
	WANT_ERRNO(accept(s, NULL, NULL), EAGAIN);
}

static void on_alarm(int sig)
{
	(void)sig;
}

static void handle_alarm(int flags)
{
	struct sigaction sa = { .sa_handler = on_alarm, .sa_flags = flags };

	sigaction(SIGALRM, &sa, NULL);
}

/* Again and again: the first may come before the sleep that it is to end. 0: never. */
static void alarm_ms(long ms)
{
	struct itimerval t = { .it_value = { ms / 1000, ms % 1000 * 1000 } };

	t.it_interval = t.it_value;
	setitimer(ITIMER_REAL, &t, NULL);
}

static void *write_later(void *arg)
{
	usleep(300000);
	WANT(write(*(int *)arg, "x", 1) == 1);
	return NULL;
}

static void eintr(void)
{
	struct timeval tv = { 1000, 0 };
	pthread_t t;
	sigset_t set;
	char c;
	int fd[2];

	tcp_pair(fd);
	handle_alarm(0);
	alarm_ms(100);
	WANT_ERRNO(read(fd[0], &c, 1), EINTR);
	alarm_ms(0);
	/* The signal must come to this thread. */
	sigemptyset(&set);
	sigaddset(&set, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	WANT(pthread_create(&t, NULL, write_later, &fd[1]) == 0);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	handle_alarm(SA_RESTART);
	alarm_ms(100);
	WANT(read(fd[0], &c, 1) == 1);
	alarm_ms(0);
	pthread_join(t, NULL);
	/* With a timeout always EINTR. */
	WANT(setsockopt(fd[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)) == 0);
	alarm_ms(50);
	WANT_ERRNO(read(fd[0], &c, 1), EINTR);
	alarm_ms(0);
	tv = (struct timeval){ 0, 100000 };
	WANT(setsockopt(fd[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)) == 0);
	WANT_ERRNO(read(fd[0], &c, 1), EAGAIN);
}

static void backlog(void)
{
	struct sockaddr_storage ss;
	struct pollfd p;
	socklen_t len, elen = sizeof(int);
	int port, s = listener(2, &port), c[3], n, b, err = -1;

	for (int k = 0; k < 3; k++)
		c[k] = connect_to(port);
	loopback(&ss, &len, AF_INET, port);
	n = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	WANT_ERRNO(connect(n, (struct sockaddr *)&ss, len), EINPROGRESS);
	p = (struct pollfd){ n, POLLOUT, 0 };
	WANT(poll(&p, 1, 100) == 0);
	b = socket(AF_INET, SOCK_STREAM, 0);
	handle_alarm(0);
	alarm_ms(100);
	WANT_ERRNO(connect(b, (struct sockaddr *)&ss, len), EINTR);
	alarm_ms(0);
	for (int k = 0; k < 3; k++)
		close(accept(s, NULL, NULL));
	WANT(poll(&p, 1, 60000) == 1);
	WANT(getsockopt(n, SOL_SOCKET, SO_ERROR, &err, &elen) == 0 && err == 0);
	p.fd = b;
	WANT(poll(&p, 1, 60000) == 1 && p.revents == POLLOUT);
	close(c[0]);
}

static void rcvtimeo(void)
{
	struct timeval tv = { 0, 100000 };
	char c;
	int fd[2];

	tcp_pair(fd);
	WANT(setsockopt(fd[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)) == 0);
	WANT_ERRNO(recv(fd[0], &c, 1, 0), EAGAIN);
}

static void *drain_all(void *arg)
{
	static char buf[65536];
	size_t sum = 0;
	ssize_t n;

	while ((n = read(*(int *)arg, buf, sizeof(buf))) > 0) {
		for (ssize_t k = 0; k < n; k++)
			WANT((unsigned char)buf[k] == (sum + (size_t)k) % 251);
		sum += (size_t)n;
	}
	return (void *)sum;
}

#define BULK (8u << 20)

static void bulk(void)
{
	char *buf = malloc(BULK);
	struct iovec iov[40];
	pthread_t t;
	void *sum;
	int fd[2];

	for (size_t k = 0; k < BULK; k++)
		buf[k] = (char)(k % 251);
	tcp_pair(fd);
	WANT(pthread_create(&t, NULL, drain_all, &fd[1]) == 0);
	for (size_t k = 0; k < 40; k++)
		iov[k] = (struct iovec){ buf + k * (BULK / 40),
			k == 39 ? BULK - 39 * (BULK / 40) : BULK / 40 };
	WANT(writev(fd[0], iov, 40) == BULK);
	shutdown(fd[0], SHUT_WR);
	pthread_join(t, &sum);
	WANT((size_t)sum == BULK);
	free(buf);
}

static void send_file(void)
{
	char path[] = "/tmp/enchufe-sendfile-XXXXXX", buf[5000];
	int f = mkstemp(path), fd[2];
	off_t at = 1000;

	unlink(path);
	for (size_t k = 0; k < sizeof(buf); k++)
		buf[k] = (char)(k * 7);
	WANT(write(f, buf, sizeof(buf)) == sizeof(buf));
	tcp_pair(fd);
	WANT(sendfile(fd[0], f, &at, 10000) == 4000 && at == 5000);
	WANT(lseek(f, 100, SEEK_SET) == 100);
	WANT(sendfile(fd[0], f, NULL, 50) == 50);
	WANT(lseek(f, 0, SEEK_CUR) == 150);
	WANT(recv(fd[1], buf, 4050, MSG_WAITALL) == 4050);
	WANT(buf[0] == (char)(1000 * 7) && buf[4000] == (char)(100 * 7));
	WANT_ERRNO(lseek(fd[0], 0, SEEK_CUR), ESPIPE);
}

static void ioctls(void)
{
	int fd[2], n = -1, on = 1;
	char c;

	tcp_pair(fd);
	WANT(write(fd[0], "12345", 5) == 5);
	WANT(ioctl(fd[1], FIONREAD, &n) == 0 && n == 5);
	WANT(ioctl(fd[0], FIONBIO, &on) == 0);
	WANT(fcntl(fd[0], F_GETFL) & O_NONBLOCK);
	WANT_ERRNO(read(fd[0], &c, 1), EAGAIN);
}

static void udp_one(int family)
{
	struct sockaddr_storage ss, from;
	socklen_t len, flen = sizeof(from);
	int s = socket(family, SOCK_DGRAM, 0), c = socket(family, SOCK_DGRAM, 0);
	struct timeval tv = { 0, 50000 };
	char buf[100];

	loopback(&ss, &len, family, 0);
	WANT(bind(s, (struct sockaddr *)&ss, len) == 0);
	WANT(getsockname(s, (struct sockaddr *)&ss, &len) == 0);
	WANT(sendto(c, "uno", 3, 0, (struct sockaddr *)&ss, len) == 3);
	WANT(recvfrom(s, buf, 100, 0, (struct sockaddr *)&from, &flen) == 3);
	WANT(sendto(s, "dos", 3, 0, (struct sockaddr *)&from, flen) == 3);
	WANT(recv(c, buf, 100, 0) == 3 && memcmp(buf, "dos", 3) == 0);
	WANT(connect(c, (struct sockaddr *)&ss, len) == 0);
	WANT(send(c, "largo", 5, 0) == 5);
	WANT(recv(s, buf, 2, MSG_TRUNC) == 5);
	WANT(setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)) == 0);
	WANT_ERRNO(recv(s, buf, 2, 0), EAGAIN);
}

static void udp4(void)
{
	udp_one(AF_INET);
}

static void udp6(void)
{
	udp_one(AF_INET6);
}

static void *udp_later(void *arg)
{
	struct sockaddr_storage ss;
	socklen_t len = sizeof(ss);
	int c = socket(AF_INET, SOCK_DGRAM, 0);

	WANT(getsockname(*(int *)arg, (struct sockaddr *)&ss, &len) == 0);
	usleep(200000);
	for (int k = 0; k < 4; k++)
		WANT(sendto(c, "x", 1, 0, (struct sockaddr *)&ss, len) == 1);
	return NULL;
}

static void *udp_reader(void *arg)
{
	char c;

	WANT(recv(*(int *)arg, &c, 1, 0) == 1);
	return NULL;
}

/* Four threads sleep on one socket, four datagrams come: all wake. */
static void udp_threads(void)
{
	struct sockaddr_storage ss;
	socklen_t len;
	pthread_t t[5];
	int s = socket(AF_INET, SOCK_DGRAM, 0);

	loopback(&ss, &len, AF_INET, 0);
	WANT(bind(s, (struct sockaddr *)&ss, len) == 0);
	for (int k = 0; k < 4; k++)
		WANT(pthread_create(&t[k], NULL, udp_reader, &s) == 0);
	WANT(pthread_create(&t[4], NULL, udp_later, &s) == 0);
	for (int k = 0; k < 5; k++)
		pthread_join(t[k], NULL);
}

static void stdio(void)
{
	char line[100];
	int fd[2];
	FILE *f;

	tcp_pair(fd);
	f = fdopen(fd[0], "r+");
	WANT(f && fputs("linea\n", f) >= 0 && fflush(f) == 0);
	WANT(read(fd[1], line, 100) == 6);
	WANT(write(fd[1], "vuelta\n", 7) == 7);
	WANT(fgets(line, 100, f) && strcmp(line, "vuelta\n") == 0);
	fclose(f);
	WANT(read(fd[1], line, 100) == 0);
}

const struct call_test stream_tests[] = { { "echo", echo },
	{ "half_close", half_close }, { "sigpipe", sigpipe },
	{ "reset_on_unread", reset_on_unread }, { "refused", refused },
	{ "nonblocking_connect", nonblocking_connect }, { "eintr", eintr },
	{ "backlog", backlog }, { "rcvtimeo", rcvtimeo }, { "bulk", bulk },
	{ "send_file", send_file }, { "ioctls", ioctls }, { "udp4", udp4 },
	{ "udp6", udp6 }, { "udp_threads", udp_threads }, { "stdio", stdio },
	{ 0, 0 } };
