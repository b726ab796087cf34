/* getsockopt(2) and setsockopt(2): the lengths' rules, once. Everything that
 * differs from option to option is in the table (option_table.c).
 * SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "options.h"
#include "sock/peek.h"

#define SOL_RAW_LINUX 255
#define IPV6_UNICAST_IF_LINUX 76

#ifndef IPV6_AUTOFLOWLABEL
#define IPV6_AUTOFLOWLABEL 70
#endif

static bool applies(const struct option *o, const struct shm_sock *s)
{
	unsigned on = sock_is_stream(s) ? ON_STREAM :
		sock_is_raw(s)		? ON_RAW | ON_DGRAM :
					  ON_DGRAM;

	if (sock_is_packet(s))
		return (o->on & ON_PACKET) || (o->level == SOL_SOCKET &&
			(o->on & (ON_DGRAM | ON_V4)) == (ON_DGRAM | ON_V4));
	/* Linux: ipv6_setsockopt() hands level IPPROTO_IP on but for raw sockets. */
	if (o->level == IPPROTO_IP && sock_is_raw(s) && s->family == IP_V6)
		return false;
	if ((o->level == IPPROTO_UDP || o->level == IPPROTO_UDPLITE) &&
		(sock_is_echo(s) || sock_is_raw(s)))
		return false;
	return (o->on & on) && (o->on & (s->family == IP_V4 ? ON_V4 : ON_V6));
}

/* The k-th of all tables; NULL past the end. */
static const struct option *row(unsigned k)
{
	static const struct option_table *const tables[] = { &sock_options_raw,
		&sock_options_packet, &sock_options, &sock_options_ip, &sock_options_rest };

	for (unsigned t = 0; t < sizeof(tables) / sizeof(tables[0]); t++) {
		if (k < tables[t]->n)
			return &tables[t]->rows[k];
		k -= tables[t]->n;
	}
	return NULL;
}

static bool is_udp(const struct shm_sock *s)
{
	return s->type == SOCK_DGRAM &&
		(s->protocol == IPPROTO_UDP || s->protocol == IPPROTO_UDPLITE);
}

static bool is_udp_level(int level)
{
	return level == IPPROTO_UDP || level == IPPROTO_UDPLITE;
}

/* An option may have several lines, for different kinds of sockets. */
static const struct option *find(const struct shm_sock *s, int level, int name)
{
	const struct option *o;

	/* Linux: UDP and UDP-Lite answer to both names of their level. */
	if (is_udp_level(level) && is_udp(s))
		level = name == UDPLITE_SEND_CSCOV || name == UDPLITE_RECV_CSCOV ?
			IPPROTO_UDPLITE : IPPROTO_UDP;
	for (unsigned k = 0; (o = row(k)); k++) {
		if (o->level == level && o->name == name && applies(o, s))
			return o;
	}
	return NULL;
}

/* Options of IPPROTO_IP that want at least a byte. */
static bool wants_byte(int name)
{
	return name == IP_TTL || name == IP_MULTICAST_TTL ||
		name == IP_MULTICAST_LOOP || name == IP_MINTTL || name == IP_FREEBIND ||
		name == IP_TRANSPARENT || name == IP_MULTICAST_ALL;
}

/* Linux reads an int, at level IPPROTO_IP also a single byte, and takes nothing
 * at all for a zero there. */
static int read_int(int level, int name, const void *val, socklen_t len, int *v)
{
	uint8_t byte;

	if (len != sizeof(*v) && ((level == IPPROTO_IP && name == IP_UNICAST_IF) ||
			(level == IPPROTO_IPV6 && name == IPV6_UNICAST_IF_LINUX)))
		return -EINVAL; /* just that */
	if (len >= sizeof(*v)) {
		memcpy(v, val, sizeof(*v));
		return 0;
	}
	*v = 0;
	if (level == IPPROTO_IPV6 &&
		(name == IPV6_AUTOFLOWLABEL || name == IPV6_DONTFRAG))
		return 0; /* as if it were zero */
	if (level != IPPROTO_IP || (len < 1 && wants_byte(name)))
		return -EINVAL;
	if (len < 1)
		return 0;
	memcpy(&byte, val, 1);
	*v = byte;
	return 0;
}

/* SOL_SOCKET, TCP and UDP look at the length before the name. */
static bool looks_at_length(const struct shm_sock *s, int level)
{
	return level == SOL_SOCKET || (level == IPPROTO_TCP && sock_is_stream(s)) ||
		(is_udp_level(level) && is_udp(s));
}

static int set_value(const struct option_call *c, const void *val, socklen_t len)
{
	const struct option *o = c->o;
	int v, r;

	if (o->set_raw)
		return o->set_raw(c, val, len);
	if (!o->set)
		return looks_at_length(c->s, o->level) && len < sizeof(int) ?
			-EINVAL : -ENOPROTOOPT;
	r = read_int(o->level, o->name, val, len, &v);
	return r < 0 ? r : o->set(c, v);
}

int sock_setopt(struct sock_env *e, uint32_t i, int level, int name,
	const void *val, socklen_t len, struct sock_effect *fx)
{
	struct shm_sock *s = sock_live(e, i);
	struct option_call c = { e, s, NULL, i, fx };
	int r;

	*fx = (struct sock_effect){ 0 };
	if (!s)
		return -EBADF;
	if ((int)len < 0)
		return -EINVAL;
	c.o = find(s, level, name);
	if (!c.o)
		return looks_at_length(s, level) && len < sizeof(int) ? -EINVAL :
			-ENOPROTOOPT;
	if (!sock_lock(e, s))
		return -EAGAIN;
	r = set_value(&c, val, len);
	sock_unlock(e, s);
	if (r == 0 && sock_is_stream(s) &&
		atomic_get_relaxed(&s->via) == SHM_VIA_NET)
		fx->ring = sock_want_service(e, i);
	return r;
}

/* Linux gives as many bytes of an int as asked for; level IPPROTO_IP gives one
 * byte for a short length if the value fits. */
static void write_int(int level, int v, void *val, socklen_t *len)
{
	if (level == IPPROTO_IP && *len > 0 && *len < sizeof(v) && v >= 0 &&
		v <= 255) {
		*(uint8_t *)val = (uint8_t)v;
		*len = 1;
		return;
	}
	if (*len > sizeof(v))
		*len = sizeof(v);
	memcpy(val, &v, *len);
}

/* Linux's do_ip_getsockopt() says EOPNOTSUPP to a level that is not the socket's;
 * IPv6's says ENOPROTOOPT to everything. */
static bool level_known(const struct shm_sock *s, int level)
{
	return s->family != IP_V4 || level == SOL_SOCKET || level == IPPROTO_IP ||
		level == s->protocol || (sock_is_raw(s) && level == SOL_RAW_LINUX) ||
		(is_udp_level(level) && is_udp(s));
}

/* Is there anybody at all who knows options of this level? */
static bool level_looks(const struct shm_sock *s, int level)
{
	if (level == SOL_SOCKET || level == s->protocol)
		return true;
	if (sock_is_packet(s))
		return level == SOL_PACKET;
	if (level == IPPROTO_IP)
		return s->family == IP_V4 || !sock_is_raw(s);
	return (level == SOL_RAW_LINUX && sock_is_raw(s)) || (is_udp_level(level) &&
			is_udp(s));
}

bool sock_option_unknown(struct sock_env *e, uint32_t i, int level, int name)
{
	struct shm_sock *s = sock_live(e, i);
	const struct option *o = s ? find(s, level, name) : NULL;

	return s && !looks_at_length(s, level) && (!o || !(o->set || o->set_raw));
}

int sock_getopt(struct sock_env *e, uint32_t i, int level, int name, void *val,
	socklen_t *len)
{
	struct shm_sock *s = sock_live(e, i);
	struct option_call c = { e, s, NULL, i, NULL };
	int v = 0, r;

	if (!s)
		return -EBADF;
	if (!level_known(s, level))
		return -EOPNOTSUPP;
	/* Linux: IPv6 takes it for a big one; who is asked what it does not know at all
	 * does not look at it. */
	if ((int)*len < 0 && level != IPPROTO_IPV6 && level_looks(s, level))
		return -EINVAL;
	c.o = find(s, level, name);
	if (!c.o)
		return -ENOPROTOOPT;
	if (c.o->get_raw)
		return c.o->get_raw(&c, val, len);
	if (!c.o->get)
		return -ENOPROTOOPT;
	r = c.o->get(&c, &v);
	if (r == 0)
		write_int(level, v, val, len);
	return r;
}

bool sock_option_describe(unsigned k, struct sock_option_info *out)
{
	static const char *const effects[] = { [EFFECT_YES] = "yes",
		[EFFECT_STACK] = "stack", [EFFECT_NONE] = "none",
		[EFFECT_REFUSED] = "refused" };
	const struct option *o = row(k);

	if (!o)
		return false;
	*out = (struct sock_option_info){ o->level, o->name, o->label,
		effects[o->effect], o->doc, o->get || o->get_raw,
		(o->set || o->set_raw) && o->effect != EFFECT_REFUSED };
	return true;
}
