/* Reading ELF files; see elffile.h. 64-bit ones of this machine's byte order are read
 * whole, of others only what they are.
 * SPDX-License-Identifier: BSD-2-Clause */
#include "elffile.h"

#include <elf.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define HEADERS_MAX 1024  /* program headers looked at */
#define DYNAMIC_MAX 4096  /* entries of the dynamic section */
#define SYMBOLS_MAX 65536 /* imports looked at */
#define LOOK_BACK 20	  /* bytes, for a number of a system call */
#define GO_NOTE 4	  /* ELF_NOTE_GOBUILDID_TAG */

/* `n` bytes at `at`, copied out; false: not in the file. */
static bool take(const struct elf_file *f, uint64_t at, void *out, size_t n)
{
	if (at > f->size || n > f->size - at)
		return false;
	memcpy(out, f->bytes + at, n);
	return true;
}

/* A text that ends within the file; NULL. */
static const char *text_at(const struct elf_file *f, uint64_t at)
{
	if (at >= f->size || !memchr(f->bytes + at, 0, f->size - at))
		return NULL;
	return (const char *)f->bytes + at;
}

static bool header_at(const struct elf_file *f, const Elf64_Ehdr *e, unsigned k,
	Elf64_Phdr *p)
{
	return take(f, e->e_phoff + (uint64_t)k * e->e_phentsize, p, sizeof(*p));
}

static unsigned n_headers(const Elf64_Ehdr *e)
{
	return e->e_phnum < HEADERS_MAX ? e->e_phnum : HEADERS_MAX;
}

/* Where in the file an address of the program lies; UINT64_MAX nowhere. */
static uint64_t offset_of(const struct elf_file *f, const Elf64_Ehdr *e,
	uint64_t address)
{
	Elf64_Phdr p;

	for (unsigned k = 0; k < n_headers(e) && header_at(f, e, k, &p); k++) {
		if (p.p_type == PT_LOAD && address >= p.p_vaddr &&
			address - p.p_vaddr < p.p_filesz)
			return p.p_offset + (address - p.p_vaddr);
	}
	return UINT64_MAX;
}

/* --- imports --------------------------------------------------------------------- */

struct dynamic {
	uint64_t strings, strings_size, symbols, gnu_hash, hash, runpath;
	uint64_t needed[ELF_LIBRARIES_MAX];
	unsigned n_needed;
};

static void dynamic_entry(struct dynamic *d, const Elf64_Dyn *y)
{
	uint64_t v = y->d_un.d_val;

	switch (y->d_tag) {
	case DT_STRTAB:
		d->strings = v;
		break;
	case DT_STRSZ:
		d->strings_size = v;
		break;
	case DT_SYMTAB:
		d->symbols = v;
		break;
	case DT_GNU_HASH:
		d->gnu_hash = v;
		break;
	case DT_HASH:
		d->hash = v;
		break;
	case DT_RPATH:
	case DT_RUNPATH:
		d->runpath = v + 1;
		break;
	case DT_NEEDED:
		if (d->n_needed < ELF_LIBRARIES_MAX)
			d->needed[d->n_needed++] = v;
		break;
	default:
		break;
	}
}

/* The symbols that may be imports: GNU's hash table leaves out just these and puts
 * them first; the older one tells the number of all. */
static uint64_t count_symbols(const struct elf_file *f, const Elf64_Ehdr *e,
	const struct dynamic *d)
{
	uint32_t head[2] = { 0, 0 };

	if (d->gnu_hash && take(f, offset_of(f, e, d->gnu_hash), head, sizeof(head)))
		return head[1];
	if (d->hash && take(f, offset_of(f, e, d->hash), head, sizeof(head)))
		return head[1];
	return 0;
}

static void read_dynamic(struct elf_file *f, const Elf64_Ehdr *e,
	const Elf64_Phdr *p)
{
	struct dynamic d = { 0 };
	Elf64_Dyn y;

	for (unsigned k = 0; k < DYNAMIC_MAX && k * sizeof(y) < p->p_filesz; k++) {
		if (!take(f, p->p_offset + k * sizeof(y), &y, sizeof(y)) ||
			y.d_tag == DT_NULL)
			break;
		dynamic_entry(&d, &y);
	}
	f->strings = offset_of(f, e, d.strings);
	f->strings_size = d.strings_size;
	f->symbols = offset_of(f, e, d.symbols);
	f->n_symbols = count_symbols(f, e, &d);
	if (f->n_symbols > SYMBOLS_MAX)
		f->n_symbols = SYMBOLS_MAX;
	for (unsigned k = 0; k < d.n_needed; k++) {
		const char *name = d.needed[k] < d.strings_size ?
			text_at(f, f->strings + d.needed[k]) : NULL;

		if (name)
			f->libraries[f->n_libraries++] = name;
	}
	if (d.runpath)
		f->runpath = text_at(f, f->strings + d.runpath - 1);
}

bool elf_imports(const struct elf_file *f, const char *name)
{
	Elf64_Sym s;

	for (uint64_t k = 1; k < f->n_symbols; k++) {
		const char *text;

		if (!take(f, f->symbols + k * sizeof(s), &s, sizeof(s)))
			return false;
		if (s.st_shndx != SHN_UNDEF || s.st_name >= f->strings_size)
			continue;
		text = text_at(f, f->strings + s.st_name);
		if (text && strcmp(text, name) == 0)
			return true;
	}
	return false;
}

/* --- the rest ------------------------------------------------------------------------ */

static void read_notes(struct elf_file *f, const Elf64_Phdr *p)
{
	uint64_t at = p->p_offset;
	uint64_t end = p->p_filesz < f->size ? at + p->p_filesz : at;
	Elf64_Nhdr n;
	char name[4];

	while (at + sizeof(n) < end && take(f, at, &n, sizeof(n))) {
		if (n.n_namesz == 4 && n.n_type == GO_NOTE &&
			take(f, at + sizeof(n), name, 4) && !memcmp(name, "Go\0", 4))
			f->is_go = true;
		at += sizeof(n) + (((uint64_t)n.n_namesz + 3) & ~3ull) +
			(((uint64_t)n.n_descsz + 3) & ~3ull);
	}
}

/* x86-64: "mov $NUMBER, %eax" up to a few bytes before "syscall". */
static int number_x86(const uint8_t *code, const uint8_t *at)
{
	for (int back = 5; back <= LOOK_BACK && at - back >= code; back++) {
		const uint8_t *m = at - back;

		if (m[0] == 0xb8 && m[3] == 0 && m[4] == 0)
			return m[1] | m[2] << 8;
	}
	return -1;
}

/* aarch64: "mov w8, #NUMBER" (or x8) up to a few instructions before "svc #0". */
static int number_arm(const uint8_t *code, const uint8_t *at)
{
	for (int back = 4; back <= LOOK_BACK && at - back >= code; back += 4) {
		const uint8_t *m = at - back;
		uint32_t w = m[0] | m[1] << 8 | m[2] << 16 | (uint32_t)m[3] << 24;

		if ((w & 0x7fe0001f) == 0x52800008)
			return (int)(w >> 5 & 0xffff);
	}
	return -1;
}

static unsigned calls_in(const struct elf_file *f, const Elf64_Phdr *p,
	bool calls[ELF_CALLS_MAX])
{
	static const uint8_t x86[] = { 0x0f, 0x05 };
	static const uint8_t arm[] = { 0x01, 0x00, 0x00, 0xd4 };
	bool is_arm = f->machine == EM_AARCH64;
	const uint8_t *what = is_arm ? arm : x86;
	size_t n = is_arm ? sizeof(arm) : sizeof(x86);
	const uint8_t *at, *code, *end;
	unsigned count = 0;

	if (p->p_offset > f->size || p->p_filesz > f->size - p->p_offset)
		return 0;
	at = code = f->bytes + p->p_offset;
	end = at + p->p_filesz;
	while ((at = memmem(at, (size_t)(end - at), what, n))) {
		int number = is_arm ? number_arm(code, at) : number_x86(code, at);

		if (number >= 0 && number < ELF_CALLS_MAX) {
			calls[number] = true;
			count++;
		}
		at += n;
	}
	return count;
}

unsigned elf_system_calls(const struct elf_file *f, bool calls[ELF_CALLS_MAX])
{
	unsigned count = 0;
	Elf64_Ehdr e;
	Elf64_Phdr p;

	memset(calls, 0, ELF_CALLS_MAX * sizeof(calls[0]));
	if (!f->is_64 || !take(f, 0, &e, sizeof(e)))
		return 0;
	for (unsigned k = 0; k < n_headers(&e) && header_at(f, &e, k, &p); k++) {
		if (p.p_type == PT_LOAD && (p.p_flags & PF_X))
			count += calls_in(f, &p, calls);
	}
	return count;
}

static void read_headers(struct elf_file *f, const Elf64_Ehdr *e)
{
	Elf64_Phdr p;

	for (unsigned k = 0; k < n_headers(e) && header_at(f, e, k, &p); k++) {
		if (p.p_type == PT_INTERP)
			f->loader = text_at(f, p.p_offset);
		else if (p.p_type == PT_DYNAMIC)
			read_dynamic(f, e, &p);
		else if (p.p_type == PT_NOTE)
			read_notes(f, &p);
	}
}

int elf_open(struct elf_file *f, int fd)
{
	struct stat st;
	Elf64_Ehdr e;
	void *map;

	*f = (struct elf_file){ 0 };
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_size < EI_NIDENT)
		return -ENOEXEC;
	map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return -errno;
	f->bytes = map;
	f->size = (size_t)st.st_size;
	if (memcmp(f->bytes, ELFMAG, SELFMAG) != 0) {
		elf_close(f);
		return -ENOEXEC;
	}
	f->is_64 = f->bytes[EI_CLASS] == ELFCLASS64;
	f->is_appimage = f->bytes[8] == 'A' && f->bytes[9] == 'I';
	if (f->bytes[EI_DATA] == ELFDATA2LSB && f->size >= 20)
		f->machine = (uint16_t)(f->bytes[18] | f->bytes[19] << 8);
	if (f->is_64 && f->machine && take(f, 0, &e, sizeof(e)))
		read_headers(f, &e);
	return 0;
}

void elf_close(struct elf_file *f)
{
	if (f->bytes)
		munmap((void *)(uintptr_t)f->bytes, f->size);
	f->bytes = NULL;
}

const char *elf_machine_name(const struct elf_file *f)
{
	switch (f->machine) {
	case EM_X86_64:
		return f->is_64 ? "x86-64" : "x32";
	case EM_386:
		return "32-bit x86";
	case EM_AARCH64:
		return "aarch64";
	case EM_ARM:
		return "32-bit ARM";
	case EM_RISCV:
		return "RISC-V";
	default:
		return "another machine";
	}
}
