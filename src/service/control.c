/* The control socket. Each client has a buffer for what it says until it is
 * whole (a struct shm_join, or a line) and a text for the answer, written as the
 * client takes it.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "control.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/list.h"
#include "command.h"
#include "host.h"
#include "log.h"
#include "process.h"
#include "shm/session.h"

struct client {
	struct loop_source src;
	struct loop_deferred deferred;
	struct loop_timer timer; /* until the request is whole */
	struct list node;
	struct control *control;
	char in[CONTROL_LINE_MAX];
	size_t n_in;
	struct text out;
	size_t sent;
};

struct control {
	struct service *svc;
	struct loop_source src;
	struct loop_timer resume;
	struct list clients;
	unsigned n_clients;
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
};

static void client_free(struct loop_deferred *d)
{
	struct client *c = LIST_ENTRY(d, struct client, deferred);

	text_fini(&c->out);
	free(c);
}

static void client_close(struct client *c)
{
	struct loop *l = c->control->svc->loop;

	loop_timer_cancel(l, &c->timer);
	loop_close(l, &c->src);
	list_remove(&c->node);
	c->control->n_clients--;
	loop_defer(l, &c->deferred, client_free);
}

static void client_late(struct loop_timer *t)
{
	client_close(LIST_ENTRY(t, struct client, timer));
}

/* --- joining ---------------------------------------------------------------------- */

static struct host *join_host(struct service *svc, const struct shm_join *j,
	int *err)
{
	struct host *h;

	*err = 0;
	if (!j->host[0]) {
		if (svc->n_hosts == 1)
			return svc->hosts[0];
		*err = -EINVAL;
		return NULL;
	}
	h = memchr(j->host, 0, sizeof(j->host)) ? service_host(svc, j->host) : NULL;
	if (!h)
		*err = -ENOENT;
	return h;
}

static void send_welcome(int fd, const struct shm_welcome *w, int memfd)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 };
	struct iovec iov = { (void *)(uintptr_t)w, sizeof(*w) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *cm;

	if (memfd >= 0) {
		msg.msg_control = control;
		msg.msg_controllen = sizeof(control);
		cm = CMSG_FIRSTHDR(&msg);
		cm->cmsg_level = SOL_SOCKET;
		cm->cmsg_type = SCM_RIGHTS;
		cm->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(cm), &memfd, sizeof(memfd));
	}
	if (sendmsg(fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		log_line("welcome: %s", strerror(errno));
}

static void client_join(struct client *c)
{
	struct service *svc = c->control->svc;
	struct shm_welcome w = { 0 };
	struct shm_join j;
	struct host *h;
	int memfd = -1;

	memcpy(&j, c->in, sizeof(j));
	h = join_host(svc, &j, &w.status);
	if (j.version != SHM_VERSION)
		w.status = -EPROTO;
	else if (h)
		process_register(h, c->src.fd, &w);
	if (!w.status && !(j.flags & SHM_JOIN_HOLD))
		memfd = h->memfd;
	send_welcome(c->src.fd, &w, memfd);
	client_close(c);
}

/* --- commands ---------------------------------------------------------------------- */

static void client_write(struct client *c)
{
	struct text *t = &c->out;
	ssize_t n;

	if (text_failed(t)) {
		client_close(c);
		return;
	}
	n = send(c->src.fd, t->data + c->sent, t->len - c->sent,
		MSG_DONTWAIT | MSG_NOSIGNAL);
	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		client_close(c);
		return;
	}
	if (n > 0)
		c->sent += (size_t)n;
	if (c->sent == t->len)
		client_close(c);
	else
		loop_change(c->control->svc->loop, &c->src, EPOLLOUT);
}

/* True: the request was whole, and perhaps the client is gone. */
static bool client_request(struct client *c)
{
	uint32_t magic = SHM_MAGIC;
	size_t n = c->n_in < sizeof(magic) ? c->n_in : sizeof(magic);
	char *end;

	if (!memcmp(c->in, &magic, n)) {
		if (c->n_in < sizeof(struct shm_join))
			return false;
		client_join(c);
		return true;
	}
	end = memchr(c->in, '\n', c->n_in);
	if (!end)
		return false;
	*end = 0;
	loop_timer_cancel(c->control->svc->loop, &c->timer);
	command_run(c->control->svc, c->in, &c->out);
	client_write(c);
	return true;
}

static void client_ready(struct loop_source *src, uint32_t events)
{
	struct client *c = LIST_ENTRY(src, struct client, src);
	ssize_t n;

	if (c->out.len) {
		if (events & (EPOLLHUP | EPOLLERR))
			client_close(c);
		else
			client_write(c);
		return;
	}
	n = recv(src->fd, c->in + c->n_in, sizeof(c->in) - c->n_in, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		client_close(c);
		return;
	}
	c->n_in += (size_t)n;
	if (!client_request(c) && c->n_in == sizeof(c->in))
		client_close(c);
}

/* --- accepting --------------------------------------------------------------------- */

static bool peer_is_ours(int fd)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == 0 &&
		(cred.uid == geteuid() || cred.uid == 0);
}

static int client_new(struct control *ctl, int fd)
{
	struct loop *l = ctl->svc->loop;
	struct client *c;

	if (!peer_is_ours(fd))
		return -EPERM;
	if (ctl->n_clients == CONTROL_CLIENTS_MAX)
		return -EUSERS;
	c = calloc(1, sizeof(*c));
	if (!c)
		return -ENOMEM;
	c->control = ctl;
	c->src = (struct loop_source){ fd, client_ready };
	loop_timer_init(&c->timer, client_late);
	if (loop_add(l, &c->src, EPOLLIN) < 0) {
		free(c);
		return -ENOMEM;
	}
	loop_timer_set(l, &c->timer, instant_add(loop_now(l), HELLO_TIME));
	list_push_back(&ctl->clients, &c->node);
	ctl->n_clients++;
	return 0;
}

static void resume(struct loop_timer *t)
{
	struct control *c = LIST_ENTRY(t, struct control, resume);

	loop_change(c->svc->loop, &c->src, EPOLLIN);
}

static void control_ready(struct loop_source *src, uint32_t events)
{
	struct control *c = LIST_ENTRY(src, struct control, src);
	struct loop *l = c->svc->loop;

	(void)events;
	for (int i = 0; i < ACCEPT_BATCH; i++) {
		int fd = accept4(src->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd >= 0) {
			if (client_new(c, fd) < 0)
				close(fd);
			continue;
		}
		if (errno == ECONNABORTED || errno == EINTR)
			continue;
		if (errno != EAGAIN) { /* no descriptor: leave them waiting */
			loop_change(l, src, 0);
			loop_timer_set(l, &c->resume,
				instant_add(loop_now(l), ACCEPT_PAUSE));
		}
		return;
	}
}

bool control_is_wanted(const struct control *c)
{
	struct pollfd pfd = { .fd = c->src.fd, .events = POLLIN };

	return c->n_clients || poll(&pfd, 1, 0) > 0;
}

/* --- the socket --------------------------------------------------------------------- */

/* A service that was killed leaves its file behind: nobody answers there. */
static int remove_stale(struct service *svc, const char *path)
{
	int fd = rundir_connect(&svc->dir, svc->net);

	if (fd >= 0) {
		close(fd);
		return -EADDRINUSE;
	}
	if (fd == -ECONNREFUSED)
		return unlink(path) < 0 && errno != ENOENT ? -errno : 0;
	return fd == -ENOENT ? 0 : fd;
}

static int control_open(struct control *c)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	mode_t mask;
	int err;

	memcpy(sa.sun_path, c->path, sizeof(sa.sun_path));
	c->src.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (c->src.fd < 0)
		return -errno;
	mask = umask(0077);
	err = bind(c->src.fd, (struct sockaddr *)&sa, sizeof(sa)) < 0 ? -errno : 0;
	umask(mask);
	if (err) {
		c->path[0] = 0; /* not ours to remove */
		return err;
	}
	return listen(c->src.fd, SOMAXCONN) < 0 ? -errno : 0;
}

struct control *control_new(struct service *svc, int *err)
{
	struct control *c = calloc(1, sizeof(*c));

	*err = -ENOMEM;
	if (!c)
		return NULL;
	c->svc = svc;
	c->src = (struct loop_source){ -1, control_ready };
	list_init(&c->clients);
	loop_timer_init(&c->resume, resume);
	*err = rundir_file(&svc->dir, svc->net, "sock", c->path, sizeof(c->path)) ?
		remove_stale(svc, c->path) : -ENAMETOOLONG;
	if (*err) {
		c->path[0] = 0;
	} else {
		*err = control_open(c);
		if (!*err)
			*err = loop_add(svc->loop, &c->src, EPOLLIN);
	}
	if (*err) {
		control_free(c);
		return NULL;
	}
	return c;
}

void control_free(struct control *c)
{
	struct loop *l;

	if (!c)
		return;
	l = c->svc->loop;
	/* The file first: who comes now starts another service. */
	if (c->path[0])
		unlink(c->path);
	loop_timer_cancel(l, &c->resume);
	LIST_FOREACH_SAFE(node, tmp, &c->clients)
		client_close(LIST_ENTRY(node, struct client, node));
	loop_close(l, &c->src);
	free(c);
}
