"""`enchufe doctor`: what it says of programs of every kind, and that `run` judges
alike. SPDX-License-Identifier: BSD-2-Clause"""

import errno
import json
import os
import shutil
import sys

import tap
from enchufe import each_in_a_world

SAMPLES = os.path.join(sys.argv[1], "tests/programs/samples")


def sample(name):
    return os.path.join(SAMPLES, "sample_" + name)


def ask(w, *argv):
    done = w.call("doctor", "--json", "--", *argv)
    said = json.loads(done.stdout)
    assert said["status"] == done.returncode, done
    text = w.call("doctor", *argv)
    assert text.returncode == done.returncode and said["text"] in text.stdout, text
    return said


def whats(said):
    return {f["what"]: f["level"] for f in said["findings"]}


def executable(w, name, content):
    with open(w.path(name), "wb") as f:
        f.write(content)
    os.chmod(w.path(name), 0o755)
    return w.path(name)


def refused(w, verdict, *argv):
    """doctor says no; run says the same, and does not start it."""
    said = ask(w, *argv)
    assert said["verdict"] == verdict and not said["joins"], said
    done = w.call("run", "--", *argv)
    assert done.returncode == said["status"] and said["text"] in done.stderr, (done, said)
    return said


def an_ordinary_program(w):
    said = ask(w, "/bin/sh", "-c", "true")
    assert said["verdict"] == "ok" and said["joins"], said
    assert said["loader"] and "libc.so.6" in said["libraries"]
    assert whats(said).get("exec") == "note" and said["status"] == 0, said


def calls_of_libraries_count(w):
    if not shutil.which("curl"):
        raise tap.Skip("there is no curl")
    said = ask(w, "curl")
    assert {"socket", "connect", "getaddrinfo"} <= set(said["calls"]), said


def static_and_go(w):
    said = refused(w, "static", sample("static"))
    assert "socket" in said["own_calls"] and said["loader"] is None, said
    refused(w, "go", sample("go_static"))
    refused(w, "go", sample("go"))


# A joined program that executes them; the result as a shell has it.
EXECUTE = """
import os, subprocess, sys
try:
    print(subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode)
except PermissionError:
    print("EACCES")
try:
    os.execv(sys.argv[1], sys.argv[1:])
except PermissionError:
    print("EACCES")
"""


# Each of libc's ways to start a program, with an environment that has nothing of ours
# (where it can be given); the way's result, then the error if it has one.
WAYS = """
import ctypes, errno, os, sys
libc = ctypes.CDLL(None, use_errno=True)
way, path = sys.argv[1:3]
folder, name = os.path.split(path)
env, args = {"PATH": folder + ":/bin"}, [name]
here, text = path.encode(), name.encode()
def child():
    os.environ["PATH"] = env["PATH"]
    if way == "fexecve":
        number = os.open(path, os.O_RDONLY)
        os.set_inheritable(number, True)  # a script's interpreter reads it
        os.execve(number, args, env)
    if way == "execvpe":
        words = (ctypes.c_char_p * 2)(text, None)
        libc.execvpe(text, words, (ctypes.c_char_p * 1)(None))
    if way == "execl":
        libc.execl(here, text, None)
    if way == "execlp":
        libc.execlp(text, text, None)
    if way == "execle":
        libc.execle(here, text, None, (ctypes.c_char_p * 1)(None))
    words, nothing = (ctypes.c_char_p * 2)(text, None), (ctypes.c_char_p * 1)(None)
    x86 = os.uname().machine == "x86_64"
    if way == "SYS_execve":
        libc.syscall(ctypes.c_long(59 if x86 else 221), here, words, nothing)
    if way == "SYS_execveat":
        libc.syscall(ctypes.c_long(322 if x86 else 281), ctypes.c_long(-100), here,
                     words, nothing, ctypes.c_long(0))
    raise OSError(ctypes.get_errno(), "")
try:
    if way == "posix_spawn":
        pid = os.posix_spawn(path, args, env)
    elif way == "posix_spawnp":
        os.environ["PATH"] = env["PATH"]
        pid = os.posix_spawnp(name, args, env)
    elif way in ("system", "popen"):
        libc.clearenv()
        if way == "system":
            sys.exit(os.waitstatus_to_exitcode(libc.system(here)))
        libc.popen.restype = ctypes.c_void_p
        file = ctypes.c_void_p(libc.popen(here, b"w"))
        sys.exit(os.waitstatus_to_exitcode(libc.pclose(file)))
    else:
        pid = os.fork()
        if pid == 0:
            try:
                child()
            except OSError as e:
                os._exit(100 + e.errno)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
except OSError as e:
    status = 100 + e.errno
sys.exit(status)
"""
NAMES = """fexecve execvpe execl execlp execle SYS_execve SYS_execveat posix_spawn
posix_spawnp system popen""".split()


def every_way_asks_and_joins(w):
    joined = executable(w, "joined", b"#!/bin/sh\n"
                        b'grep -q libenchufe-shim "/proc/$$/maps" && exit 7; exit 8\n')
    for no_patch in ("0", "1"):
        w.env["ENCHUFE_NO_PATCH"] = no_patch
        for way in NAMES:
            refusal = 126 if way in ("system", "popen") else 100 + errno.EACCES
            for path, status in ((joined, 7), (sample("static"), refusal)):
                done = w.call("run", "--", w.python, "-c", WAYS, way, path)
                assert done.returncode == status, (way, no_patch, status, done)
    del w.env["ENCHUFE_NO_PATCH"]


def joined_programs_do_not_start_them(w):
    script = executable(w, "script", f"#!{sample('static')}\n".encode())
    for path, why in ((sample("static"), "static"), (sample("go"), "Go"),
                      (sample("go_static"), "Go"), (script, "static")):
        done = w.call("run", "--", w.python, "-c", EXECUTE, path)
        assert done.stdout == "EACCES\nEACCES\n", (path, done)
        assert path in done.stderr and why in done.stderr, (path, done)
    done = w.call("run", "--", "sh", "-c", f"{sample('static')}; echo $?")
    assert done.stdout == "126\n", done
    w.env["ENCHUFE_EXEC"] = "any"
    done = w.call("run", "--", "sh", "-c", sample("static"))
    assert done.returncode != 126 and "not started" not in done.stderr, done
    del w.env["ENCHUFE_EXEC"]
    done = w.call("run", "--", w.python, "-c", EXECUTE, "/bin/true")
    assert done.stdout == "0\n" and done.stderr == "", done


def its_own_system_calls(w):
    said = ask(w, sample("own_calls"))
    assert said["own_calls"] == ["socket"], said
    assert whats(said)["own-system-calls"] == "warning" and said["status"] == 1
    assert ask(w, "/bin/sh")["own_calls"] == []


def what_it_imports(w):
    said = ask(w, sample("uring"))
    assert whats(said)["io_uring"] == "warning" and whats(said)["seccomp"] == "warning"
    assert said["status"] == 1 and said["joins"]


def missing_and_forbidden(w):
    said = ask(w, "no-such-program")
    assert said["verdict"] == "missing" and said["status"] == 127
    assert ask(w, "/etc/passwd")["status"] == 126
    assert w.call("doctor").returncode == 2


def privileged(w):
    if os.geteuid() != 0:
        raise tap.Skip("only root can make a set-uid program of another's")
    shutil.copy("/bin/true", w.path("setuid"))
    os.chown(w.path("setuid"), 12345, -1)
    os.chmod(w.path("setuid"), 0o4755)
    refused(w, "privileged", w.path("setuid"))


def other_machines(w):
    with open("/bin/true", "rb") as f:
        elf = bytearray(f.read())
    elf[18:20] = b"\xf3\0"  # RISC-V
    assert "RISC-V" in refused(w, "foreign", executable(w, "riscv", elf))["text"]
    small = bytearray(elf)
    small[4], small[18:20] = 1, b"\x03\0"
    assert "32-bit x86" in refused(w, "foreign", executable(w, "i386", small))["text"]


def another_c_library(w):
    with open("/bin/true", "rb") as f:
        elf = f.read()
    at = elf.index(b"/ld-linux")
    end = elf.index(b"\0", at)
    changed = elf[:at] + b"/ld-musl".ljust(end - at, b"x") + elf[end:]
    refused(w, "other-libc", executable(w, "musl", changed))


def appimages(w):
    with open("/bin/true", "rb") as f:
        elf = bytearray(f.read())
    elf[8:11] = b"AI\x02"
    assert whats(ask(w, executable(w, "appimage", elf)))["appimage"] == "warning"


def scripts_and_wrappers(w):
    script = executable(w, "script", f"#!{sample('static')} -x\n".encode())
    said = refused(w, "static", script)
    assert [s["role"] for s in said["steps"]] == ["program", "interpreter"], said
    by_env = executable(w, "by_env", b"#!/usr/bin/env sh\n")
    said = ask(w, by_env)
    assert said["joins"] and len(said["steps"]) == 3, said
    for wrapper in (["env", "A=1", "-u", "B"], ["nice", "-n", "5"], ["timeout", "-k", "1", "9"],
                    ["nohup"], ["env", "nice"], ["setsid", "-w"]):
        refused(w, "static", *wrapper, sample("static"))
    assert ask(w, "env", "no-such-program")["joins"]
    loop = w.path("loop")
    executable(w, "loop", f"#!{loop}\n".encode())
    assert len(ask(w, loop)["steps"]) <= 8


def broken_files(w):
    with open("/bin/true", "rb") as f:
        elf = f.read()
    for size in (1, 4, 16, 20, 63, 64, 65, 200, 1000, 4096, len(elf) - 1):
        done = w.call("doctor", executable(w, f"cut{size}", elf[:size]))
        assert done.returncode in (0, 1, 126), (size, done)


each_in_a_world(an_ordinary_program, calls_of_libraries_count, static_and_go,
                joined_programs_do_not_start_them, every_way_asks_and_joins,
                its_own_system_calls, what_it_imports, missing_and_forbidden, privileged,
                other_machines, another_c_library, appimages, scripts_and_wrappers,
                broken_files)
