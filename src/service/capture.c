/* Capture files. They are found through the wires that write into them.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "capture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "host.h"
#include "link/pcapng.h"
#include "log.h"

struct capture {
	struct pcapng *file;
	char *path;
	unsigned users; /* wires */
};

static void capture_error(void *user, const char *path, int err)
{
	(void)user;
	log_line("capture %s: %s", path, strerror(err < 0 ? -err : err));
}

/* What makes an instant of the monotonic clock a time of day. */
static struct duration wall_offset(void)
{
	struct timespec wall, mono;

	clock_gettime(CLOCK_REALTIME, &wall);
	clock_gettime(CLOCK_MONOTONIC, &mono);
	return (struct duration){ (int64_t)(wall.tv_sec - mono.tv_sec) * 1000000000 +
		wall.tv_nsec - mono.tv_nsec };
}

static struct capture *capture_new(const char *path, int *err)
{
	struct pcapng_options o = {
		.wall_offset = wall_offset(),
		.flush_after = CAPTURE_FLUSH,
		.application = "enchufe",
		.error = capture_error,
	};
	struct capture *c = calloc(1, sizeof(*c));

	*err = -ENOMEM;
	if (!c)
		return NULL;
	c->path = strdup(path);
	if (c->path)
		c->file = pcapng_create(path, &o, err);
	if (!c->file) {
		free(c->path);
		free(c);
		return NULL;
	}
	*err = 0;
	return c;
}

static void capture_put(struct capture *c)
{
	if (c->users)
		return;
	pcapng_close(c->file);
	free(c->path);
	free(c);
}

static void capture_attach(struct capture *c, struct wire *w)
{
	w->capture = c;
	c->users++;
	link_set_capture(w->link, c->file);
}

void capture_detach(struct wire *w)
{
	struct capture *c = w->capture;

	if (!c)
		return;
	link_set_capture(w->link, NULL);
	w->capture = NULL;
	c->users--;
	capture_put(c);
}

static struct capture *capture_find(const struct service *svc, const char *path)
{
	for (unsigned i = 0; i < svc->n_wires; i++) {
		struct capture *c = svc->wires[i]->capture;

		if (c && !strcmp(c->path, path))
			return c;
	}
	return NULL;
}

int capture_wire(struct wire *w, const char *path)
{
	struct capture *c;
	int err = 0;

	if (w->capture)
		return -EBUSY;
	c = capture_find(w->svc, path);
	if (!c)
		c = capture_new(path, &err);
	if (c)
		capture_attach(c, w);
	return err;
}

static bool wire_is_meant(const struct wire *w, const char *name)
{
	/* With nobody at the other end (the default network's) there will never be
	 * anything to see. */
	if (w->n_ports < 2 && !wire_has_device(w))
		return false;
	if (!name || !strcmp(w->name, name))
		return true;
	for (unsigned i = 0; i < w->n_ports; i++) {
		if (!strcmp(w->ports[i]->host->name, name))
			return true;
	}
	return false;
}

int capture_start(struct service *svc, const char *name, const char *path)
{
	struct capture *c = NULL;
	unsigned meant = 0;
	int err = 0;

	for (unsigned i = 0; i < svc->n_wires; i++) {
		if (!wire_is_meant(svc->wires[i], name))
			continue;
		if (svc->wires[i]->capture)
			return -EBUSY;
		meant++;
	}
	if (!meant)
		return name && !service_host(svc, name) ? -ENOENT : -ENODEV;
	c = capture_find(svc, path);
	if (!c)
		c = capture_new(path, &err);
	for (unsigned i = 0; c && i < svc->n_wires; i++) {
		if (wire_is_meant(svc->wires[i], name))
			capture_attach(c, svc->wires[i]);
	}
	return err;
}

const char *capture_path(const struct wire *w)
{
	return w->capture ? w->capture->path : NULL;
}

void capture_work(struct service *svc, struct instant now)
{
	for (unsigned i = 0; i < svc->n_wires; i++) {
		struct capture *c = svc->wires[i]->capture;

		if (c && !instant_before(now, pcapng_deadline(c->file)))
			pcapng_tick(c->file, now);
	}
}

struct instant capture_deadline(const struct service *svc)
{
	struct instant at = INSTANT_NEVER;

	for (unsigned i = 0; i < svc->n_wires; i++) {
		const struct capture *c = svc->wires[i]->capture;

		if (c)
			at = instant_min(at, pcapng_deadline(c->file));
	}
	return at;
}
