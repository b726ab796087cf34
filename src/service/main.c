/* enchufed: the service of one network.
 *
 *   enchufed --default | --file NETWORK.yaml   [--ready FD]
 *
 * Started by `enchufe`, which waits for one line on the descriptor FD: "ok NET"
 * or "error: TEXT". The caller holds the network's lock meanwhile, so that two
 * starts at the same time become one.
 *
 * Life: claim the name (control socket), make hosts and links, tell that we are
 * ready, run the loop until SIGTERM, "down", or, for the default network, until
 * its last program has been gone for a second. The kernel closes what is left:
 * the programs see HUP on their stand-ins.
 * SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/atomic.h"
#include "control.h"
#include "host.h"
#include "log.h"
#include "netfile.h"
#include "service.h"
#include "topology.h"

#define DEFAULT_NET "default"
#define FIRST_JOIN DURATION_S(5) /* a default network waits so long for one */

struct arguments {
	bool is_default;
	const char *file;
	int ready_fd; /* -1: nobody waits */
};

/* --- what the loop does each round ---------------------------------------------- */

static bool service_work(void *user, struct instant now)
{
	struct service *svc = user;
	bool more = false;

	for (unsigned i = 0; i < svc->n_hosts; i++) {
		struct host *h = svc->hosts[i];

		more |= net_poll(h->net, now);
		if (!instant_before(now, net_deadline(h->net)))
			net_tick(h->net, now);
		sweep_look(&h->sweep);
	}
	more |= topology_work(svc, now);
	for (unsigned i = 0; i < svc->n_hosts; i++) {
		net_tell(svc->hosts[i]->net);
		publish_neighbours(svc->hosts[i]->arena.hdr,
			net_stack(svc->hosts[i]->net), &svc->hosts[i]->published);
	}
	for (unsigned i = 0; i < svc->n_hosts; i++)
		more |= !instant_before(now, net_deadline(svc->hosts[i]->net));
	return more;
}

static struct instant service_deadline(void *user)
{
	struct service *svc = user;
	struct instant at = topology_deadline(svc);

	for (unsigned i = 0; i < svc->n_hosts; i++)
		at = instant_min(at, net_deadline(svc->hosts[i]->net));
	return at;
}

static bool service_pending(void *user)
{
	struct service *svc = user;

	for (unsigned i = 0; i < svc->n_hosts; i++) {
		/* Partner: the push's CAS in shm_stack_push_sock. The high half
		 * is only a tag. */
		if ((uint32_t)atomic_get_acquire(
			    &svc->hosts[i]->arena.hdr->svc_ready))
			return true;
	}
	return false;
}

static bool service_arm(void *user)
{
	struct service *svc = user;

	/* Sleeper's order: word, full fence, look again. Partner: the program's
	 * push, fence, look at svc_armed. */
	for (unsigned i = 0; i < svc->n_hosts; i++)
		atomic_put_relaxed(&svc->hosts[i]->arena.hdr->svc_armed, 1);
	atomic_full_fence();
	return !service_pending(user);
}

static void service_disarm(void *user)
{
	struct service *svc = user;

	for (unsigned i = 0; i < svc->n_hosts; i++)
		atomic_put_relaxed(&svc->hosts[i]->arena.hdr->svc_armed, 0);
}

/* --- the default network's end ------------------------------------------------------ */

static unsigned processes(const struct service *svc)
{
	unsigned n = 0;

	for (unsigned i = 0; i < svc->n_hosts; i++)
		n += svc->hosts[i]->n_procs;
	return n;
}

/* Sockets outlive their processes when a descriptor was passed on. */
static bool sockets_live(struct service *svc)
{
	bool any = false;

	for (unsigned i = 0; i < svc->n_hosts; i++)
		any |= sweep_run(&svc->hosts[i]->sweep) > 0;
	return any;
}

/* Nobody may be starting to join: who does holds the lock. */
static bool may_leave(struct service *svc)
{
	int lock;

	if (processes(svc) || sockets_live(svc))
		return false;
	/* Any other error: our folder was removed, nobody can find us there. */
	lock = rundir_lock(&svc->dir, svc->net, false);
	if (lock == -EWOULDBLOCK)
		return false;
	if (control_is_wanted(svc->control)) {
		if (lock >= 0)
			close(lock);
		return false;
	}
	/* Still under the lock: who comes next finds no socket. */
	control_free(svc->control);
	svc->control = NULL;
	if (lock >= 0)
		close(lock);
	return true;
}

static void leave_fire(struct loop_timer *t)
{
	struct service *svc = LIST_ENTRY(t, struct service, leave);

	if (processes(svc))
		return; /* set again when the last one goes */
	if (may_leave(svc)) {
		log_line("nobody left");
		loop_stop(svc->loop);
		return;
	}
	loop_timer_set(svc->loop, t,
		instant_add(loop_now(svc->loop), LINGER_TIME));
}

void service_population_changed(struct service *svc)
{
	if (!svc->is_default)
		return;
	if (processes(svc))
		loop_timer_cancel(svc->loop, &svc->leave);
	else
		loop_timer_set(svc->loop, &svc->leave,
			instant_add(loop_now(svc->loop), LINGER_TIME));
}

struct host *service_host(const struct service *svc, const char *name)
{
	for (unsigned i = 0; i < svc->n_hosts; i++) {
		if (!strcmp(svc->hosts[i]->name, name))
			return svc->hosts[i];
	}
	return NULL;
}

/* --- start ---------------------------------------------------------------------------- */

static void tell(const struct arguments *a, const char *what, const char *text)
{
	char line[1024];
	int n = snprintf(line, sizeof(line), "%s%s\n", what, text);

	if (n >= (int)sizeof(line))
		n = sizeof(line) - 1;
	if (write(a->ready_fd >= 0 ? a->ready_fd : STDERR_FILENO, line,
			(size_t)n) < 0)
		log_line("nobody heard: %s", line);
}

static int arguments_parse(struct arguments *a, int argc, char **argv)
{
	static const struct option options[] = {
		{ "default", no_argument, NULL, 'd' },
		{ "file", required_argument, NULL, 'f' },
		{ "ready", required_argument, NULL, 'r' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	*a = (struct arguments){ .ready_fd = -1 };
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'd')
			a->is_default = true;
		else if (c == 'f')
			a->file = optarg;
		else if (c == 'r')
			a->ready_fd = atoi(optarg);
		else
			return -EINVAL;
	}
	return optind == argc && a->is_default == !a->file ? 0 : -EINVAL;
}

static int signals_open(void)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

struct signals {
	struct loop_source src;
	struct service *svc;
};

static void signal_ready(struct loop_source *src, uint32_t events)
{
	struct signals *s = LIST_ENTRY(src, struct signals, src);

	(void)events;
	log_line("signal");
	loop_stop(s->svc->loop);
}

static void raise_limits(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) == 0) {
		r.rlim_cur = r.rlim_max;
		setrlimit(RLIMIT_NOFILE, &r);
	}
}

static int open_log(struct service *svc)
{
	char path[RUNDIR_PATH_MAX + 64];
	int fd;

	if (!rundir_file(&svc->dir, svc->net, "log", path, sizeof(path)))
		return -ENAMETOOLONG;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC |
		O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	log_open(fd);
	return 0;
}

static int open_parts(struct service *svc)
{
	const struct loop_hooks hooks = {
		.work = service_work,
		.deadline = service_deadline,
		.arm = service_arm,
		.disarm = service_disarm,
		.pending = service_pending,
		.user = svc,
	};
	int err;

	svc->loop = loop_new(&hooks);
	if (!svc->loop)
		return -ENOMEM;
	svc->started = loop_now(svc->loop);
	loop_timer_init(&svc->leave, leave_fire);
	err = diag_open(&svc->diag);
	if (err)
		return err;
	svc->bell_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	return svc->bell_fd < 0 ? -errno : 0;
}

static int service_name(struct service *svc, const char *name, char *msg,
	size_t size)
{
	size_t len = strlen(name);

	if (len >= sizeof(svc->net)) {
		snprintf(msg, size, "network %s: the name is too long", name);
		return -ENAMETOOLONG;
	}
	memcpy(svc->net, name, len + 1);
	return 0;
}

/* The name becomes ours. A default network's lock is held by who starts us. */
static int claim(struct service *svc)
{
	int lock = svc->is_default ? -1 : rundir_lock(&svc->dir, svc->net, true);
	int err = svc->is_default || lock >= 0 ? 0 : lock;

	if (!err)
		svc->control = control_new(svc, &err);
	if (lock >= 0)
		close(lock);
	return err;
}

/* 0, or -errno with what to tell in msg. */
static int service_start(struct service *svc, const struct netfile *file,
	char *msg, size_t size)
{
	int err = rundir_open(&svc->dir);

	if (err) {
		snprintf(msg, size, "run directory %s: %s", svc->dir.path,
			err == -EPERM ? "not ours alone" : strerror(-err));
		return err;
	}
	err = open_parts(svc);
	if (err == -EOPNOTSUPP) {
		snprintf(msg, size, "this kernel cannot be asked which AF_UNIX "
			"sockets live (sock_diag, CONFIG_UNIX_DIAG)");
		return err;
	}
	if (!err)
		err = claim(svc);
	if (err == -EADDRINUSE) {
		snprintf(msg, size, "network %s is up already", svc->net);
		return err;
	}
	/* The name is ours: now the log is, too. */
	if (!err)
		err = open_log(svc);
	if (err) {
		snprintf(msg, size, "network %s: %s", svc->net, strerror(-err));
		return err;
	}
	if (file)
		return topology_load(svc, file, msg, size);
	err = topology_default(svc);
	if (err)
		snprintf(msg, size, "network %s: %s", svc->net, strerror(-err));
	return err;
}

static void service_stop(struct service *svc)
{
	control_free(svc->control);
	topology_free(svc);
	loop_free(svc->loop);
	diag_close(&svc->diag);
	if (svc->bell_fd >= 0)
		close(svc->bell_fd);
}

/* Neither terminal nor folder is held. */
static void detach(const struct arguments *a)
{
	int null = open("/dev/null", O_RDWR);

	if (a->ready_fd < 0)
		return; /* in the foreground */
	close(a->ready_fd);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		if (null > STDERR_FILENO)
			close(null);
	}
	if (chdir("/") < 0)
		log_line("chdir: %s", strerror(errno));
}

static int service_run(struct service *svc, const struct arguments *a)
{
	struct signals s = { { signals_open(), signal_ready }, svc };
	int err = s.src.fd < 0 ? -errno : loop_add(svc->loop, &s.src, EPOLLIN);

	if (err)
		return err;
	tell(a, "ok ", svc->net);
	detach(a);
	log_line("network %s is up, %u hosts, %u links", svc->net, svc->n_hosts,
		svc->n_wires);
	if (svc->is_default)
		loop_timer_set(svc->loop, &svc->leave,
			instant_add(svc->started, FIRST_JOIN));
	err = loop_run(svc->loop);
	loop_close(svc->loop, &s.src);
	log_line("network %s ends%s%s", svc->net, err ? ": " : "",
		err ? strerror(-err) : "");
	return err;
}

static bool load_file(const struct arguments *a, struct netfile *file)
{
	struct netfile_error fe;
	char text[NETFILE_ERROR_MAX + 512];

	if (netfile_read(a->file, file, &fe) == 0)
		return true;
	netfile_error_format(&fe, a->file, text, sizeof(text));
	tell(a, "error: ", text);
	return false;
}

int main(int argc, char **argv)
{
	static struct service svc = { .diag.fd = -1, .bell_fd = -1 };
	struct netfile file = { 0 };
	struct arguments a;
	char msg[512] = "";
	int err;

	if (arguments_parse(&a, argc, argv) < 0) {
		fprintf(stderr, "usage: enchufed --default | --file FILE "
			"[--ready FD]  (started by enchufe)\n");
		return 2;
	}
	if (a.ready_fd >= 0)
		fcntl(a.ready_fd, F_SETFD, FD_CLOEXEC);
	raise_limits();
	if (a.file && !load_file(&a, &file))
		return 1;
	svc.is_default = a.is_default;
	err = service_name(&svc, a.is_default ? DEFAULT_NET : file.name, msg,
		sizeof(msg));
	if (!err)
		err = service_start(&svc, a.file ? &file : NULL, msg, sizeof(msg));
	netfile_free(&file);
	if (err)
		tell(&a, "error: ", msg);
	else
		err = service_run(&svc, &a);
	service_stop(&svc);
	return err ? 1 : 0;
}
