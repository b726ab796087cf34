/* Unix-domain sockets; see unix.h. The name is a file: it stays when its server has
 * ended (bind() is then EADDRINUSE, although nobody is there), who may connect is
 * told by its permissions, and it is at most 107 bytes long.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "unix.h"

#include "comun.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static struct sockaddr_un direccion(const char *ruta)
{
	struct sockaddr_un dir = { .sun_family = AF_UNIX };

	if (strlen(ruta) >= sizeof(dir.sun_path)) {
		errno = ENAMETOOLONG;
		muere_errno(ruta);
	}
	strcpy(dir.sun_path, ruta);
	return dir;
}

static int enchufa(int tipo)
{
	int s = socket(AF_UNIX, tipo, 0);

	if (s < 0)
		muere_errno("socket");
	return s;
}

/* A socket that nobody answers at (ECONNREFUSED) is a dead server's. */
static void quita_resto(const struct sockaddr_un *dir, int tipo)
{
	struct stat st;
	int s;

	if (lstat(dir->sun_path, &st) < 0 || !S_ISSOCK(st.st_mode))
		return;
	s = enchufa(tipo);
	if (connect(s, (const struct sockaddr *)dir, sizeof(*dir)) < 0 &&
		errno == ECONNREFUSED)
		unlink(dir->sun_path);
	close(s);
}

int asocia_unix(const char *ruta, int tipo)
{
	struct sockaddr_un dir = direccion(ruta);
	int s = enchufa(tipo);

	quita_resto(&dir, tipo);
	if (bind(s, (struct sockaddr *)&dir, sizeof(dir)) < 0)
		muere_errno("bind");
	if (tipo == SOCK_STREAM && listen(s, 5) < 0)
		muere_errno("listen");
	return s;
}

int conecta_unix(const char *ruta, int tipo, const char *propia)
{
	struct sockaddr_un dir = direccion(ruta), mia;
	int s = enchufa(tipo);

	if (propia) {
		mia = direccion(propia);
		if (bind(s, (struct sockaddr *)&mia, sizeof(mia)) < 0)
			muere_errno("bind");
	}
	if (connect(s, (struct sockaddr *)&dir, sizeof(dir)) < 0) {
		int guardado = errno;

		if (propia)
			unlink(propia);
		errno = guardado;
		muere_errno("connect");
	}
	return s;
}
