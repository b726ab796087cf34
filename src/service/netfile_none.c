/* Network files in a build without libyaml: there are none. The default network of
 * one host needs no file. SPDX-License-Identifier: BSD-2-Clause */
#include "netfile.h"

#include <errno.h>
#include <stdio.h>

int netfile_parse(const char *text, size_t len, const char *path,
	struct netfile *out, struct netfile_error *err)
{
	(void)text;
	(void)len;
	return netfile_read(path, out, err);
}

int netfile_read(const char *path, struct netfile *out,
	struct netfile_error *err)
{
	(void)path;
	*out = (struct netfile){ 0 };
	*err = (struct netfile_error){ 0 };
	snprintf(err->text, sizeof(err->text), "this enchufe was built without "
		"libyaml and reads no network files; install libyaml-dev and "
		"build it again");
	return -ENOTSUP;
}
