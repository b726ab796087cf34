/* enchufe diagram. SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "diagram/diagram.h"

#define FILES_MAX 16
#define FILE_BYTES_MAX ((size_t)1 << 31)

struct bytes {
	char *data;
	size_t len, room;
};

struct drawing {
	struct diagram *d;
	struct diagram_wish wish;
	const char *out; /* NULL: standard output */
	const char *events[FILES_MAX];
	unsigned n_events;
	struct bytes files[2 * FILES_MAX]; /* the diagram points into them */
	unsigned n_files;
	bool cut; /* some capture was */
};

/* --- reading files ----------------------------------------------------------------- */

/* The whole file, also a pipe; "-" is standard input. -errno, -EFBIG. */
static int slurp(const char *path, struct bytes *b)
{
	int fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : dup(0);
	ssize_t n = 1;
	int err = 0;

	if (fd < 0)
		return -errno;
	while (n > 0 && !err) {
		if (b->len == b->room) {
			size_t more = b->room ? b->room * 2 : 65536;
			char *grown = more > FILE_BYTES_MAX ? NULL :
				realloc(b->data, more);

			if (!grown) {
				err = more > FILE_BYTES_MAX ? -EFBIG : -ENOMEM;
				break;
			}
			b->data = grown;
			b->room = more;
		}
		n = read(fd, b->data + b->len, b->room - b->len);
		if (n > 0)
			b->len += (size_t)n;
		else if (n < 0 && errno == EINTR)
			n = 1;
		else if (n < 0)
			err = -errno;
	}
	close(fd);
	return err;
}

static struct bytes *take_file(struct drawing *w, const char *path)
{
	struct bytes *b = &w->files[w->n_files++];
	int err = slurp(path, b);

	if (!err)
		return b;
	cli_error("%s: %s", path, strerror(-err));
	return NULL;
}

static bool take_capture(struct drawing *w, const char *path)
{
	struct bytes *b = take_file(w, path);
	int err;

	if (!b)
		return false;
	err = diagram_add_capture(w->d, b->data, b->len);
	if (err) {
		cli_error("%s: %s", path, err == -EINVAL ? diagram_why(w->d) :
			strerror(-err));
		return false;
	}
	if (diagram_cut(w->d)) {
		cli_error("%s: %s; what comes before is drawn", path,
			diagram_why(w->d));
		w->cut = true;
	}
	return true;
}

/* --- drawing ------------------------------------------------------------------------- */

/* Into a file beside it that takes its place when it is whole. */
static int draw_file(struct drawing *w, const char *path)
{
	char *temp;
	FILE *f;
	int fd, err;

	if (asprintf(&temp, "%s.XXXXXX", path) < 0)
		return -ENOMEM;
	fd = mkostemp(temp, O_CLOEXEC);
	f = fd < 0 ? NULL : fdopen(fd, "w");
	if (!f) {
		err = -errno;
		cli_error("%s: %s", path, strerror(errno));
		free(temp);
		return err;
	}
	err = diagram_draw(w->d, &w->wish, f);
	if (fclose(f) != 0 && !err)
		err = -EIO;
	if (!err && (chmod(temp, 0644) < 0 || rename(temp, path) < 0))
		err = -errno;
	if (err) {
		cli_error("%s: %s", path, err == -EINVAL ? diagram_why(w->d) :
			strerror(-err));
		unlink(temp);
	}
	free(temp);
	return err;
}

static int draw(struct drawing *w)
{
	int err;

	if (w->out && strcmp(w->out, "-")) {
		err = draw_file(w, w->out);
	} else {
		err = diagram_draw(w->d, &w->wish, stdout);
		if (!err && fflush(stdout) != 0)
			err = -errno;
		if (err)
			cli_error("%s", err == -EINVAL ? diagram_why(w->d) :
				strerror(-err));
	}
	if (!err && diagram_left_out(w->d)[0])
		fprintf(stderr, "enchufe: packets not drawn: %s\n",
			diagram_left_out(w->d));
	return err || w->cut ? CLI_FAILED : 0;
}

/* --- options ------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && !strcasecmp(text + n - m, end);
}

/* By the name of the file. */
static bool choose_form(struct drawing *w)
{
	static const struct { const char *end; enum diagram_form form; } forms[] = {
		{ ".svg", DIAGRAM_SVG }, { ".html", DIAGRAM_HTML },
		{ ".htm", DIAGRAM_HTML }, { ".txt", DIAGRAM_TEXT },
	};

	if (!w->out || !strcmp(w->out, "-"))
		return true;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (ends_with(w->out, forms[i].end)) {
			w->wish.form = forms[i].form;
			return true;
		}
	}
	cli_error("%s: the name must end in .svg, .html or .txt", w->out);
	return false;
}

static bool number(const char *text, long most, long *out)
{
	char *end;

	errno = 0;
	*out = strtol(text, &end, 10);
	return end != text && !*end && !errno && *out >= 0 && *out <= most;
}

/* The locale's, as the laboratory's programs choose theirs. */
static enum diagram_lang locale_lang(void)
{
	static const char *const variables[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		const char *v = getenv(variables[i]);

		if (v && *v)
			return !strncmp(v, "es", 2) && strchr("_.@", v[2]) ? DIAGRAM_ES :
				DIAGRAM_EN;
	}
	return DIAGRAM_EN;
}

static bool take_option(struct drawing *w, int c)
{
	long n = 0;

	switch (c) {
	case 'o':
		w->out = optarg;
		return true;
	case 'e':
		if (w->n_events == FILES_MAX)
			return false;
		w->events[w->n_events++] = optarg;
		return true;
	case 'c':
		if (!number(optarg, 1000000, &n) || !n)
			return false;
		w->wish.flow = (int)n;
		return true;
	case 'f':
		if (!number(optarg, 1000000, &n))
			return false;
		w->wish.fold = (unsigned)n;
		return true;
	case 't':
		w->wish.title = optarg;
		return true;
	case 'a':
		w->wish.all = true;
		return true;
	case 'l':
		w->wish.lang = strcmp(optarg, "es") ? DIAGRAM_EN : DIAGRAM_ES;
		return w->wish.lang == DIAGRAM_ES || !strcmp(optarg, "en");
	default:
		return false;
	}
}

static int run(struct drawing *w, char **captures)
{
	w->d = diagram_new();
	if (!w->d) {
		cli_error("%s", strerror(ENOMEM));
		return CLI_FAILED;
	}
	for (; *captures; captures++) {
		if (!take_capture(w, *captures))
			return CLI_FAILED;
	}
	for (unsigned i = 0; i < w->n_events; i++) {
		struct bytes *b = take_file(w, w->events[i]);

		if (!b)
			return CLI_FAILED;
		diagram_add_events(w->d, b->data, b->len);
	}
	return draw(w);
}

int cmd_diagram(int argc, char **argv)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "events", required_argument, NULL, 'e' },
		{ "conversation", required_argument, NULL, 'c' },
		{ "fold", required_argument, NULL, 'f' },
		{ "title", required_argument, NULL, 't' },
		{ "all", no_argument, NULL, 'a' },
		{ "lang", required_argument, NULL, 'l' },
		{ NULL, 0, NULL, 0 },
	};
	struct drawing w = { .wish = { .fold = DIAGRAM_FOLD, .lang = locale_lang() } };
	int c, status;

	while ((c = getopt_long(argc, argv, "o:e:", options, NULL)) != -1) {
		if (!take_option(&w, c))
			return cli_usage("diagram");
	}
	if ((argc == optind && !w.n_events) || argc - optind > FILES_MAX)
		return cli_usage("diagram");
	if (!choose_form(&w))
		return CLI_USAGE;
	status = run(&w, argv + optind);
	diagram_free(w.d);
	for (unsigned i = 0; i < w.n_files; i++)
		free(w.files[i].data);
	return status;
}
