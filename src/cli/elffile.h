/* What an ELF file tells of itself without being run.
 *
 * The file is anybody's: every offset is checked against its size, every loop has
 * an end, and a part that makes no sense is as if it were not there.
 * SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_ELFFILE_H
#define CLI_ELFFILE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ELF_LIBRARIES_MAX 64
#define ELF_CALLS_MAX 512 /* numbers of system calls */

struct elf_file {
	const uint8_t *bytes; /* mapped */
	size_t size;
	const char *libraries[ELF_LIBRARIES_MAX]; /* DT_NEEDED; within bytes */
	unsigned n_libraries;
	const char *loader;  /* PT_INTERP; NULL: static */
	const char *runpath; /* DT_RUNPATH or DT_RPATH; NULL */
	bool is_64;
	uint16_t machine;	/* EM_... */
	bool is_go;		/* has the note of Go's linker */
	bool is_appimage;
	/* For elf_imports(). */
	uint64_t symbols, n_symbols, strings, strings_size;
};

/* 0; -ENOEXEC it is no ELF file; -errno. Until elf_close() the texts are valid. */
int elf_open(struct elf_file *f, int fd);
void elf_close(struct elf_file *f);
/* Does it take this function (or variable) from elsewhere? */
bool elf_imports(const struct elf_file *f, const char *name);
/* The system calls that its code makes itself: sets calls[number] for each whose
 * number is loaded right before. Their number; a look at the bytes, not a proof. */
unsigned elf_system_calls(const struct elf_file *f, bool calls[ELF_CALLS_MAX]);
/* "x86-64", "32-bit x86", ... */
const char *elf_machine_name(const struct elf_file *f);

#endif
