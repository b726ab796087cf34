/* Our core under the original packetdrill. SPDX-License-Identifier: BSD-2-Clause */
#include "drill.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* How long packetdrill may wait for a packet that never comes. */
#define PATIENCE DURATION_S(3600)

struct drill {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* for those who wait */
	pthread_cond_t seen;	/* for who moved time: all have looked */
	uint64_t round;		/* + 1 at each change */
	unsigned sleepers;	/* in drill_wait() */
	unsigned owing;		/* woken, have not looked yet */
	unsigned leaving;	/* have looked, and go: they ask for the time next */
	bool left;		/* somebody went since the last sleep */
	bool made;
	struct play play;
};

static struct drill the = { .lock = PTHREAD_MUTEX_INITIALIZER,
	.changed = PTHREAD_COND_INITIALIZER, .seen = PTHREAD_COND_INITIALIZER };
static _Thread_local bool i_owe, i_leave;

/* --- the host --------------------------------------------------------------------- */

static struct ip_addr address(const char *text)
{
	struct ip_addr a;

	if (ip_addr_parse(text, &a) < 0)
		abort();
	return a;
}

/* packetdrill's own addresses, or those that are given in its flags. */
static void make_host(struct drill *d, const char *flags)
{
	struct subject_config cfg = { .mtu = 1500,
		.local = { { address("192.168.0.1"), 16 },
			{ address("fd3d:a0b:17d6::1"), 64 } },
		.gateway = { address("192.168.255.1"), address("fd3d:a0b:17d6::8888") },
		.rules = d->play.rules };
	char copy[256], *save = NULL;

	snprintf(copy, sizeof(copy), "%s", flags ? flags : "");
	for (char *w = strtok_r(copy, " ,", &save); w; w = strtok_r(NULL, " ,", &save)) {
		struct ip_addr a;
		int k;

		if (ip_addr_parse(w, &a) < 0) {
			fprintf(stderr, "enchufe: '%s' in --so_flags is no address\n", w);
			exit(2);
		}
		k = a.family == IP_V6;
		cfg.local[k].addr = a;
		/* The gateway is a neighbour. */
		memcpy(cfg.gateway[k].b, a.b, k ? 8 : 2);
	}
	if (subject_init(&d->play.host, &cfg) < 0) {
		fputs("enchufe: no host could be made\n", stderr);
		exit(2);
	}
	d->made = true;
}

bool drill_running(void)
{
	return the.made;
}

struct play *drill_play(struct drill *d)
{
	return &d->play;
}

/* --- the lock and time -------------------------------------------------------------- */

/* I have looked. */
static void pay(struct drill *d)
{
	if (!i_owe)
		return;
	i_owe = false;
	if (--d->owing == 0)
		pthread_cond_broadcast(&d->seen);
}

/* Before the host is there: for its rules only. */
struct drill *drill_get(void)
{
	pthread_mutex_lock(&the.lock);
	return &the;
}

/* packetdrill takes the time right after a call that blocked: until then the clock
 * stands still. Not for ever, should somebody else call us. */
static void wait_for_leavers(struct drill *d)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec++;
	while (d->leaving > 0)
		if (pthread_cond_timedwait(&d->seen, &d->lock, &until) != 0)
			d->leaving = 0;
}

/* Something may have changed: whoever waits looks now. */
static void tell(struct drill *d)
{
	if (d->sleepers == 0 || i_owe)
		return;
	d->round++;
	d->owing += d->sleepers;
	pthread_cond_broadcast(&d->changed);
	while (d->owing > 0)
		pthread_cond_wait(&d->seen, &d->lock);
	wait_for_leavers(d);
}

void drill_put(struct drill *d)
{
	if (i_owe) {
		i_leave = d->left = true;
		d->leaving++;
	}
	pay(d);
	pthread_mutex_unlock(&d->lock);
}

bool drill_wait(struct drill *d, struct instant until)
{
	uint64_t round = d->round;

	if (!instant_before(d->play.host.now, until))
		return false;
	pay(d);
	d->sleepers++;
	while (d->round == round)
		pthread_cond_wait(&d->changed, &d->lock);
	d->sleepers--;
	i_owe = true;
	return true;
}

/* Let time pass to `until`, or to a packet if one is waited for. */
static void pass(struct drill *d, struct instant until, bool packet)
{
	struct subject *h = &d->play.host;
	bool more = true;

	while (more && !(packet && h->first)) {
		more = subject_step(h, until);
		tell(d);
	}
	subject_settle(h);
}

/* --- descriptors ---------------------------------------------------------------------- */

int drill_fd_new(struct drill *d, enum play_fd_kind kind, uint32_t sock, bool nonblock)
{
	/* Its number is what counts, and that close() takes it. */
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	if (fd >= PLAY_FDS) {
		close(fd);
		return -EMFILE;
	}
	d->play.fds[fd] = (struct play_fd){ .used = true, .nonblock = nonblock,
		.kind = kind, .sock = sock };
	return fd;
}

struct play_fd *drill_fd(struct drill *d, int fd)
{
	return fd >= 0 && fd < PLAY_FDS && d->play.fds[fd].used ? &d->play.fds[fd] :
								  NULL;
}

/* --- packets and the clock ------------------------------------------------------------- */

/* Its destination is us: packetdrill chooses addresses as it likes. */
static void adopt_destination(struct drill *d, const uint8_t *packet, size_t len)
{
	bool six = len >= 40 && packet[0] >> 4 == 6;
	struct ip_addr a;

	if (len < 20)
		return;
	a = ip_addr_from(six ? IP_V6 : IP_V4, packet + (six ? 24 : 16));
	subject_adopt(&d->play.host, &a);
}

static int netdev_send(void *user, const void *packet, size_t len)
{
	struct drill *d = user;

	drill_get();
	adopt_destination(d, packet, len);
	subject_inject(&d->play.host, packet, len);
	tell(d);
	drill_put(d);
	return 0;
}

static int netdev_receive(void *user, void *packet, size_t *len, long long *us)
{
	struct drill *d = user;
	struct subject_packet *p;

	drill_get();
	subject_settle(&d->play.host);
	pass(d, instant_add(d->play.host.now, PATIENCE), true);
	p = subject_next(&d->play.host);
	*len = !p ? 0 : p->len < *len ? p->len : *len;
	if (p) {
		memcpy(packet, p->bytes, *len);
		*us = p->at.ns / 1000;
		free(p);
	}
	drill_put(d);
	return 0;
}

static int drill_usleep(void *user, useconds_t us)
{
	struct drill *d = user;

	static const struct timespec moment = { 0, 1000000 };
	bool left;

	drill_get();
	pass(d, instant_add(d->play.host.now, DURATION_US((int64_t)us)), false);
	left = d->left;
	d->left = false;
	drill_put(d);
	/* Whose call has returned has to note what it gave. */
	if (left)
		nanosleep(&moment, NULL);
	return 0;
}

static int drill_gettimeofday(void *user, struct timeval *tv, struct timezone *tz)
{
	struct drill *d = user;

	(void)tz;
	drill_get();
	/* It asks until the time has come: the clock may not stand still. */
	if (!i_leave)
		pass(d, instant_add(d->play.host.now, DURATION_US(1)), false);
	else if (d->leaving > 0 && --d->leaving == 0)
		pthread_cond_broadcast(&d->seen);
	i_leave = false;
	tv->tv_sec = d->play.host.now.ns / 1000000000;
	tv->tv_usec = d->play.host.now.ns / 1000 % 1000000;
	drill_put(d);
	return 0;
}

static void drill_free(void *user)
{
	struct drill *d = user;

	drill_get();
	subject_fini(&d->play.host);
	d->made = false;
	memset(d->play.fds, 0, sizeof(d->play.fds));
	drill_put(d);
}

/* --- the table -------------------------------------------------------------------------- */

__attribute__((constructor)) static void begin(void)
{
	tcp_rules_default(&the.play.rules);
	the.play.family = IP_V4;
	the.play.under_test = -1;
}

__attribute__((visibility("default"))) void packetdrill_interface_init(
	const char *flags, struct drill_table *t);

void packetdrill_interface_init(const char *flags, struct drill_table *t)
{
	struct drill *d = drill_get();

	if (!d->made)
		make_host(d, flags);
	*t = (struct drill_table){ .user = d, .free = drill_free,
		.netdev_send = netdev_send, .netdev_receive = netdev_receive,
		.usleep = drill_usleep, .gettimeofday = drill_gettimeofday };
	drill_calls(t);
	drill_put(d);
}
