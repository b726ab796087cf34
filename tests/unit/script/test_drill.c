/* The library for the original packetdrill, loaded as it loads it: a handshake and
 * data through its table. SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/checksum.h"
#include "base/ipaddr.h"
#include "check.h"
#include "drill/table.h"

static void load(struct drill_table *t)
{
	void (*init)(const char *flags, struct drill_table *t);
	const char *path = getenv("ENCHUFE_DRILL");
	void *so = dlopen(path ? path : "build/libenchufe-packetdrill.so",
		RTLD_NOW | RTLD_LOCAL);

	CHECK(so);
	*(void **)&init = dlsym(so, "packetdrill_interface_init");
	CHECK(init);
	init("", t);
}

struct segment {
	struct iphdr ip;
	struct tcphdr tcp;
	char text[100];
};

static uint16_t sum_of(struct segment *s, size_t len)
{
	struct checksum c = CHECKSUM_INIT;
	struct ip_addr src = ip_addr_from(IP_V4, &s->ip.saddr);
	struct ip_addr dst = ip_addr_from(IP_V4, &s->ip.daddr);

	checksum_add_pseudo(&c, &src, &dst, IPPROTO_TCP, (uint32_t)len);
	checksum_add(&c, &s->tcp, len);
	return checksum_finish(&c);
}

/* From 192.0.2.1:4000 to our port 8080. */
static void inject(struct drill_table *t, uint32_t seq, uint32_t ack, int syn,
	const char *text)
{
	size_t n = strlen(text), len = sizeof(struct tcphdr) + n;
	struct segment s = { .ip = { .version = 4, .ihl = 5, .ttl = 64,
		.protocol = IPPROTO_TCP } };
	struct checksum c = CHECKSUM_INIT;

	s.ip.saddr = inet_addr("192.0.2.1");
	s.ip.daddr = inet_addr("192.168.0.1");
	s.ip.tot_len = htons((uint16_t)(sizeof(s.ip) + len));
	checksum_add(&c, &s.ip, sizeof(s.ip));
	s.ip.check = htons(checksum_finish(&c));
	s.tcp = (struct tcphdr){ .source = htons(4000), .dest = htons(8080),
		.seq = htonl(seq), .ack_seq = htonl(ack), .doff = 5,
		.syn = syn != 0, .ack = !syn, .window = htons(60000) };
	memcpy(s.text, text, n);
	s.tcp.check = htons(sum_of(&s, len));
	CHECK_INT(t->netdev_send(t->user, &s, sizeof(s.ip) + len), ==, 0);
}

static void expect(struct drill_table *t, struct segment *s)
{
	size_t len = sizeof(*s);
	long long us;

	CHECK_INT(t->netdev_receive(t->user, s, &len, &us), ==, 0);
	CHECK_INT(len, >=, sizeof(s->ip) + sizeof(s->tcp));
}

static int listen_at_8080(struct drill_table *t)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons(8080) };
	int fd = t->socket(t->user, AF_INET, SOCK_STREAM, IPPROTO_TCP);

	CHECK_INT(fd, >=, 0);
	CHECK_INT(t->bind(t->user, fd, (void *)&sa, sizeof(sa)), ==, 0);
	CHECK_INT(t->listen(t->user, fd, 5), ==, 0);
	return fd;
}

TEST(handshake_and_data)
{
	struct drill_table t;
	struct segment s;
	char buf[16];
	uint32_t iss;
	int fd, conn;

	load(&t);
	fd = listen_at_8080(&t);
	CHECK_INT(t.fcntl(t.user, fd, 4 /* F_SETFL */, 04000 /* O_NONBLOCK */), ==, 0);
	CHECK_INT(t.accept(t.user, fd, NULL, NULL), ==, -1);
	CHECK_INT(errno, ==, EAGAIN);
	inject(&t, 1000, 0, 1, "");
	expect(&t, &s);
	CHECK(s.tcp.syn && s.tcp.ack);
	CHECK_INT(ntohl(s.tcp.ack_seq), ==, 1001);
	iss = ntohl(s.tcp.seq);
	inject(&t, 1001, iss + 1, 0, "");
	conn = t.accept(t.user, fd, NULL, NULL);
	CHECK_INT(conn, >=, 0);
	inject(&t, 1001, iss + 1, 0, "hello");
	CHECK_INT(t.read(t.user, conn, buf, sizeof(buf)), ==, 5);
	CHECK_MEM(buf, "hello", 5);
	CHECK_INT(t.write(t.user, conn, "world!", 6), ==, 6);
	do
		expect(&t, &s); /* an acknowledgement may come first */
	while (ntohs(s.ip.tot_len) == sizeof(s.ip) + 4u * s.tcp.doff);
	CHECK_INT(ntohl(s.tcp.seq), ==, iss + 1);
	CHECK_MEM((char *)&s.tcp + 4 * s.tcp.doff, "world!", 6);
	CHECK_INT(t.close(t.user, conn), ==, 0);
	CHECK_INT(t.close(t.user, fd), ==, 0);
	t.free(t.user);
}

TEST(time_passes_only_when_told)
{
	struct drill_table t;
	struct timeval a, b;

	load(&t);
	t.gettimeofday(t.user, &a, NULL);
	t.usleep(t.user, 3000000);
	t.gettimeofday(t.user, &b, NULL);
	CHECK_INT((b.tv_sec - a.tv_sec) * 1000000 + b.tv_usec - a.tv_usec, ==, 3000001);
	t.free(t.user);
}

TEST(no_packet_ever_is_told)
{
	struct drill_table t;
	char buf[100];
	size_t len = sizeof(buf);
	long long us;

	load(&t);
	CHECK_INT(t.netdev_receive(t.user, buf, &len, &us), ==, 0);
	CHECK_INT(len, ==, 0);
	t.free(t.user);
}

struct blocked {
	struct drill_table *t;
	int fd, got;
	struct timeval at;
};

static void *accept_one(void *arg)
{
	struct blocked *b = arg;

	b->got = b->t->accept(b->t->user, b->fd, NULL, NULL);
	b->t->gettimeofday(b->t->user, &b->at, NULL);
	return NULL;
}

TEST(a_blocked_call_returns_at_its_time)
{
	struct drill_table t;
	struct timeval begin;
	struct segment s;
	struct blocked b;
	pthread_t thread;
	struct timespec moment = { 0, 100000000 };

	load(&t);
	b = (struct blocked){ &t, listen_at_8080(&t), -1, { 0, 0 } };
	CHECK_INT(pthread_create(&thread, NULL, accept_one, &b), ==, 0);
	nanosleep(&moment, NULL); /* be it early or late: the result is the same */
	t.gettimeofday(t.user, &begin, NULL);
	inject(&t, 1000, 0, 1, "");
	expect(&t, &s);
	t.usleep(t.user, 500000);
	inject(&t, 1001, ntohl(s.tcp.seq) + 1, 0, "");
	CHECK_INT(pthread_join(thread, NULL), ==, 0);
	CHECK_INT(b.got, >=, 0);
	CHECK_INT((b.at.tv_sec - begin.tv_sec) * 1000000 + b.at.tv_usec - begin.tv_usec,
		<, 500010);
	CHECK_INT(t.close(t.user, b.got), ==, 0);
	CHECK_INT(t.close(t.user, b.fd), ==, 0);
	t.free(t.user);
}
