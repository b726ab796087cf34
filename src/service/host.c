/* A virtual host. The arena is a memfd, sparse, sealed against any change of
 * its size, so that no program can take memory from under the others' feet. What
 * programs write into the header is never read back: the service keeps its own
 * copies in struct host.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "host.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/atomic.h"
#include "etc.h"
#include "log.h"
#include "process.h"
#include "lobby.h"
#include "rendezvous.h"
#include "topology.h"

static void relax(unsigned tries)
{
	if (tries > 64)
		sched_yield();
	else
		atomic_pause();
}

static int arena_map(struct host *h)
{
	const struct shm_geometry g = { 0 };
	uint64_t size = shm_arena_size(&g);
	int err;

	h->memfd = memfd_create("enchufe", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (h->memfd < 0)
		return -errno;
	if (ftruncate(h->memfd, (off_t)size) < 0 ||
		fcntl(h->memfd, F_ADD_SEALS,
			F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
		return -errno;
	h->map = mmap(NULL, size, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_NORESERVE, h->memfd, 0);
	if (h->map == MAP_FAILED) {
		h->map = NULL;
		return -errno;
	}
	err = shm_arena_create(&h->arena, h->map, size, &g);
	if (err)
		return err;
	h->arena.relax = relax;
	h->arena.lock_tries = LOCK_TRIES;
	return 0;
}

static int random_bytes(void *buf, size_t len)
{
	return getrandom(buf, len, 0) == (ssize_t)len ? 0 : -EIO;
}

static void header_rules(struct shm_header *hdr, const struct netfile_sysctl *r)
{
	hdr->port_first = (uint16_t)r->port_range[0];
	hdr->port_last = (uint16_t)r->port_range[1];
	hdr->privileged_ports = (uint16_t)r->unprivileged_port_start;
	hdr->rcvbuf_default = r->rmem_default;
	hdr->rcvbuf_max = r->rmem_max;
	hdr->sndbuf_default = r->wmem_default;
	hdr->sndbuf_max = r->wmem_max;
	hdr->sysctl.tcp_keepalive_time = r->tcp_keepalive_time;
	hdr->sysctl.tcp_keepalive_intvl = r->tcp_keepalive_intvl;
	hdr->sysctl.tcp_keepalive_probes = r->tcp_keepalive_probes;
	hdr->sysctl.tcp_fin_timeout = r->tcp_fin_timeout;
	hdr->sysctl.tcp_syn_retries = r->tcp_syn_retries;
	hdr->sysctl.tcp_fastopen = r->tcp_fastopen;
	hdr->sysctl.tcp_congestion = r->tcp_congestion;
	hdr->sysctl.tcp_rmem_max = RMEM_MAX;
	hdr->sysctl.tcp_mtu_probing = r->tcp_mtu_probing;
	hdr->sysctl.tcp_base_mss = r->tcp_base_mss;
}

static int header_fill(struct host *h)
{
	struct shm_header *hdr = h->arena.hdr;
	uint32_t unique;
	char suffix[SHM_NAME_MAX + 8];
	int err;

	err = random_bytes(&h->key, sizeof(h->key));
	if (!err)
		err = random_bytes(&unique, sizeof(unique));
	if (err)
		return err;
	snprintf(h->prefix, sizeof(h->prefix), "enchufe/%08x/%.*s", unique,
		SHM_NAME_MAX - 1, h->name);
	snprintf(suffix, sizeof(suffix), "%s.", h->name);
	if (!rundir_file(&h->svc->dir, h->svc->net, suffix, h->etc_path,
			sizeof(h->etc_path)))
		return -ENAMETOOLONG;
	hdr->key = h->key;
	memcpy(hdr->net, h->svc->net, sizeof(hdr->net));
	memcpy(hdr->host, h->name, sizeof(hdr->host));
	memcpy(hdr->prefix, h->prefix, sizeof(hdr->prefix));
	memcpy(hdr->etc_path, h->etc_path, sizeof(hdr->etc_path));
	hdr->service_pid = getpid();
	header_rules(hdr, &h->conf.sysctl);
	return 0;
}

/* --- what sock and net ask of the kernel ------------------------------------ */

int host_look(struct host *h, uint32_t sock, uint32_t *queued, uint32_t *backlog)
{
	struct shm_sock *s = shm_sock_at(&h->arena, sock);
	uint64_t cookie, ino;

	if (!s)
		return -EINVAL;
	/* Partner: the program's release after it made the stand-in. */
	cookie = atomic_get_acquire(&s->cookie);
	ino = atomic_get_acquire(&s->ino);
	if (!cookie || !ino)
		return -EAGAIN;
	return diag_look(&h->svc->diag, cookie, ino, queued, backlog);
}

static int env_is_dead(void *user, uint32_t i)
{
	int err = host_look(user, i, NULL, NULL);

	return err == -ENOENT ? 1 : err;
}

static uint32_t env_random(void *user)
{
	struct host *h = user;

	return (uint32_t)(rng_next(&h->rng) >> 32);
}

static uint32_t env_cpu(void *user)
{
	int cpu = sched_getcpu();

	(void)user;
	return cpu < 0 ? 0 : (uint32_t)cpu;
}

static int64_t env_now(void *user)
{
	struct host *h = user;

	return loop_now(h->svc->loop).ns;
}

static int net_room(void *user, uint32_t sock)
{
	uint32_t queued = 0, backlog = 0;
	int err = host_look(user, sock, &queued, &backlog);

	if (err == -ENOENT)
		return -ENOENT;
	/* As the kernel does: full when more wait than the backlog says. */
	return !err && queued > backlog ? -EAGAIN : 0;
}

static void net_ring(void *user, void *port)
{
	(void)user;
	rendezvous_ring(port);
}

static void net_ring_name(void *user, uint32_t sock, uint32_t gen)
{
	struct host *h = user;
	struct sockaddr_un sa;
	socklen_t len = host_standin(h, sock, gen, &sa);

	/* A full queue holds doorbells enough; a dead socket needs none. */
	sendto(h->svc->bell_fd, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL,
		(struct sockaddr *)&sa, len);
}

static int net_attach(void *user, uint32_t listener, uint32_t listener_gen,
	uint32_t embryo, uint32_t gen, void **port)
{
	return rendezvous_attach(user, listener, listener_gen, embryo, gen, port);
}

static void net_release(void *user, void *port)
{
	(void)user;
	rendezvous_drop(port);
}

static void net_output(void *user, uint32_t ifindex, struct instant now,
	const struct stack_frame *f)
{
	struct host *h = user;

	for (unsigned i = 0; i < h->n_ports; i++) {
		struct host_port *p = &h->ports[i];

		if (p->ifindex == ifindex) {
			publish_frame(h->arena.hdr, ifindex, false, f->len);
			link_send_super(p->wire->link, p->port, now, f->spans, f->nspans,
				&f->offload);
			return;
		}
	}
}

static int64_t net_wall(void *user)
{
	struct timespec ts;

	(void)user;
	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* --- making ---------------------------------------------------------------------- */

static void net_urge(void *user, uint32_t kind, int32_t id)
{
	process_signal(user, kind, id, SIGURG);
}

static void net_wake(void *user, _Atomic uint32_t *word)
{
	(void)user;
	syscall(SYS_futex, word, FUTEX_WAKE, INT32_MAX, NULL, NULL, 0);
}

/* As Linux's defaults, but: the service is a process and may be late. */
static void own_rules(struct tcp_rules *r, const struct netfile_sysctl *asked)
{
	tcp_rules_default(r);
	r->pace_path = PACE_PATH_US;
	r->rmem[2] = RMEM_MAX;
	r->mtu_probing = asked->tcp_mtu_probing;
	r->base_mss = asked->tcp_base_mss;
}

static int net_make(struct host *h)
{
	struct tcp_rules rules;
	struct net_config cfg = {
		.name = h->name,
		.env = &h->env,
		.tcp_rules = &rules,
		.supers = true,
		.ops = {
			.ring = net_ring,
			.ring_name = net_ring_name,
			.room = net_room,
			.attach = net_attach,
			.release = net_release,
			.output = net_output,
			.wall_ns = net_wall,
			.user = h,
			.urge = net_urge,
			.wake = net_wake,
		},
	};
	int err = random_bytes(&cfg.isn_key, sizeof(cfg.isn_key));

	if (!err)
		err = random_bytes(&cfg.seed, sizeof(cfg.seed));
	if (err)
		return err;
	own_rules(&rules, &h->conf.sysctl);
	rng_init(&h->rng, cfg.seed);
	h->env = (struct sock_env){
		.arena = &h->arena,
		.is_dead = env_is_dead,
		.wall_ns = net_wall,
		.random = env_random,
		.cpu = env_cpu,
		.now = env_now,
		.privileged = true,
		.user = h,
	};
	h->net = net_new(&cfg);
	return h->net ? 0 : -ENOMEM;
}

struct host *host_new(struct service *svc, const struct netfile_host *conf, int *err)
{
	struct host *h = calloc(1, sizeof(*h));

	*err = -ENOMEM;
	if (!h)
		return NULL;
	h->svc = svc;
	h->memfd = -1;
	h->conf = *conf;
	memcpy(h->name, conf->name, sizeof(h->name) - 1);
	sweep_init(&h->sweep, h);
	list_init(&h->lobby);
	orphans_init(&h->orphans, h);
	*err = arena_map(h);
	if (!*err)
		*err = header_fill(h);
	if (!*err)
		*err = net_make(h);
	if (!*err)
		h->rendezvous = rendezvous_new(h, err);
	if (*err) {
		host_free(h);
		return NULL;
	}
	return h;
}

void host_free(struct host *h)
{
	if (!h)
		return;
	if (h->map) /* Partner: programs look at it when their service is gone. */
		atomic_put_release(&h->arena.hdr->service_gone, 1);
	sweep_stop(&h->sweep);
	orphans_stop(&h->orphans);
	process_forget_all(h);
	rendezvous_free(h->rendezvous);
	lobby_free(h);
	net_free(h->net);
	etc_remove(h);
	if (h->map)
		munmap(h->map, h->arena.size);
	if (h->memfd >= 0)
		close(h->memfd);
	free(h);
}

/* --- addresses ------------------------------------------------------------------- */

int host_add_addr(struct host *h, uint32_t ifindex, const struct ip_prefix *p)
{
	int err;

	if (h->n_addrs == SHM_ADDRS_MAX)
		return -ENOSPC;
	err = stack_add_addr(net_stack(h->net), ifindex, p);
	if (err)
		return err;
	h->addrs[h->n_addrs++] = *p;
	return 0;
}

struct host_port *host_add_port(struct host *h, struct wire *w, uint32_t mtu,
	int *err)
{
	struct stack_iface_config cfg = { .mtu = mtu };
	struct host_port *p = &h->ports[h->n_ports];
	uint64_t r = rng_next(&h->rng);
	int ifindex;

	*err = -ENOSPC;
	if (h->n_ports == SERVICE_PORTS_MAX)
		return NULL;
	snprintf(cfg.name, sizeof(cfg.name), "eth%u", h->n_ports);
	memcpy(cfg.mac, &r, sizeof(cfg.mac));
	cfg.mac[0] = (uint8_t)((cfg.mac[0] & 0xfc) | 2); /* local, unicast */
	ifindex = stack_add_iface(net_stack(h->net), &cfg);
	if (ifindex < 0) {
		*err = ifindex;
		return NULL;
	}
	p->host = h;
	p->wire = w;
	p->ifindex = (uint32_t)ifindex;
	memcpy(p->name, cfg.name, sizeof(p->name));
	memcpy(p->mac, cfg.mac, sizeof(p->mac));
	p->port = wire_plug(w, p);
	if (p->port < 0) {
		*err = p->port;
		return NULL;
	}
	h->n_ports++;
	*err = 0;
	return p;
}

/* --- the kernel's names -------------------------------------------------------------- */

socklen_t host_abstract(const struct host *h, const char *what,
	struct sockaddr_un *sa)
{
	int n;

	memset(sa, 0, sizeof(*sa));
	sa->sun_family = AF_UNIX;
	n = snprintf(sa->sun_path + 1, sizeof(sa->sun_path) - 1, "%s/%s",
		h->prefix, what);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n);
}

socklen_t host_standin(const struct host *h, uint32_t sock, uint32_t gen,
	struct sockaddr_un *sa)
{
	char what[32];

	snprintf(what, sizeof(what), "%u.%u", sock, gen);
	return host_abstract(h, what, sa);
}
