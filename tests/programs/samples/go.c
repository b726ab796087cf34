/* For `enchufe doctor`: carries the note that Go's linker leaves.
 * SPDX-License-Identifier: BSD-2-Clause */
__asm__(".section .note.go.buildid,\"a\",@note\n"
	".balign 4\n"
	".long 4, 8, 4\n"
	".ascii \"Go\\0\\0\"\n"
	".ascii \"abcdefgh\"\n"
	".previous");

int main(void)
{
	return 0;
}
