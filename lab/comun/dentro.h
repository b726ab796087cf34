/* Files below a directory, and no others.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef DENTRO_H
#define DENTRO_H

/* Opens a file to read whose name, relative to the directory, somebody else has
 * chosen: ".." and symbolic links may be in it as long as they stay below the
 * directory. Does not wait for a FIFO's writer. Returns the descriptor, or -1 with
 * errno: EXDEV when the name leads out. */
int abre_dentro(int directorio, const char *nombre);

#endif
