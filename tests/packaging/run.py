#!/usr/bin/env python3
"""Uses wend the ways its users do: find_package, add_subdirectory, FetchContent, pkg-config.

    run.py --cxx g++ --build DIR

Each consumer below tests/packaging is configured, built and run. Nothing is downloaded.
"""
import argparse
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
results = {"passed": 0, "failed": 0}


def check(name, action):
    try:
        action()
        results["passed"] += 1
        print(f"ok   {name}", flush=True)
    except (subprocess.CalledProcessError, AssertionError) as error:
        results["failed"] += 1
        print(f"FAIL {name}\n{error}\n{getattr(error, 'stdout', '') or ''}", flush=True)


def command(*words, **settings):
    return subprocess.run([str(w) for w in words], check=True, text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **settings).stdout


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--cxx", default="c++")
    arguments.add_argument("--build", type=pathlib.Path, required=True)
    options = arguments.parse_args()
    build = options.build.resolve()
    shutil.rmtree(build, ignore_errors=True)  # what was configured before must not help
    prefix = build / "prefix"
    launcher = shutil.which("ccache")
    common = ["-G", "Ninja", f"-DCMAKE_CXX_COMPILER={options.cxx}"] if shutil.which("ninja") else [
        f"-DCMAKE_CXX_COMPILER={options.cxx}"]
    if launcher:
        common.append(f"-DCMAKE_CXX_COMPILER_LAUNCHER={launcher}")

    def configure(source, folder, *definitions):
        command("cmake", "-S", source, "-B", build / folder, "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", *common,
                *definitions)

    def consumer(source, folder, programs, *definitions):
        configure(HERE / source, folder, *definitions)
        commands = json.loads((build / folder / "compile_commands.json").read_text(encoding="utf-8"))
        assert len(commands) == len(programs), "wend brought its own tests or examples into a user's build"
        assert not any("-W" in c["command"] for c in commands), "wend brought its warnings into a user's build"
        command("cmake", "--build", build / folder)
        for program in programs:
            command(build / folder / program, "do not serve")

    def install():
        configure(ROOT, "wend", "-DWEND_TESTS=OFF", "-DWEND_EXAMPLES=OFF", "-DWEND_BENCHMARKS=OFF",
                  "-DWEND_FETCH=OFF", "-DWEND_STRICT=ON")
        command("cmake", "--install", build / "wend", "--prefix", prefix)
        # every header and the module, and nothing else
        ours = {p.relative_to(ROOT / "include") for p in (ROOT / "include").rglob("*.?pp*")}
        theirs = {p.relative_to(prefix / "include") for p in (prefix / "include").rglob("*") if p.is_file()}
        assert ours == theirs, f"installed headers differ: {sorted(map(str, ours ^ theirs))}"

    def pkg_config():
        place = {"PKG_CONFIG_PATH": str(prefix / "share/pkgconfig")}
        flags = subprocess.run(["pkg-config", "--cflags", "--libs", "wend"], check=True, text=True,
                               stdout=subprocess.PIPE, env={**os.environ, **place}).stdout
        assert f"-I{prefix}" in flags.replace("share/pkgconfig/../../", ""), flags
        program = build / "by_pkg_config"
        command(options.cxx, "-std=c++20", HERE / "programs/full.cpp", "-o", program, *shlex.split(flags))
        command(program, "do not serve")

    def separate():
        flags = ["-std=c++20", f"-I{prefix}/include", "-DWEND_SEPARATE_COMPILATION", "-DASIO_STANDALONE", "-pthread"]
        objects = [build / "separate.o", build / "source.o"]
        for object in objects:
            command(*([launcher] if launcher else []), options.cxx, *flags, "-c", HERE / f"programs/{object.stem}.cpp",
                    "-o", object)
        command(options.cxx, "-pthread", *objects, "-o", build / "separate")
        command(build / "separate", "do not serve")

    def precompiled(cxx):
        """A program that waits, with wend in a precompiled header."""
        flags = [cxx, "-std=c++20", "-pthread", "-DASIO_STANDALONE", f"-I{prefix}/include"]
        header = build / f"precompiled_{cxx}.hpp"
        header.write_text("#include <wend/wend.hpp>\n", encoding="utf-8")
        command(*flags, "-x", "c++-header", header, "-o", f"{header}.gch")  # Clang looks for that name as well
        program = header.with_suffix(".cpp")
        program.write_text((HERE / "programs/module.cpp").read_text(encoding="utf-8").replace("import wend;", ""),
                           encoding="utf-8")
        command(*flags, "-include", header, program, "-o", build / f"precompiled_{cxx}")
        command(build / f"precompiled_{cxx}", "do not serve")

    def module(clang):
        flags = ["-std=c++20", "-pthread", "-DASIO_STANDALONE", f"-I{prefix}/include"]
        compiled, program = build / "wend.pcm", build / "module"
        command(clang, *flags, "--precompile", prefix / "include/wend/wend.cppm", "-o", compiled)
        command(clang, *flags, f"-fmodule-file=wend={compiled}", HERE / "programs/module.cpp", compiled, "-o", program)
        command(program, "do not serve")

    def module_names(clang):
        """The module exports what the headers put into the namespace."""
        source = build / "all.cpp"
        source.write_text("#include <wend/wend.hpp>\n", encoding="utf-8")
        dump = command(clang, "-std=c++20", "-DASIO_STANDALONE", f"-I{prefix}/include", "-fsyntax-only",
                       *(word for flag in ("-ast-dump", "-ast-dump-filter=wend", "-ast-dump-lookups")
                         for word in ("-Xclang", flag)), source)
        table = re.search(r"^StoredDeclsMap Namespace \S+ 'wend'\n(.*?)(?=^\S*Dumping|\Z)", dump, re.M | re.S)[1]
        names = {n for n in re.findall(r"^[|`]-DeclarationName '(.*)'$", table, re.M) if re.fullmatch(r"\w+", n)}
        text = (ROOT / "include/wend/wend.cppm").read_text(encoding="utf-8")
        exported = set(re.findall(r"^using wend::(\w+);", text, re.M))
        assert len(names) > 100, f"{len(names)} names are too few"
        assert names - {"detail", "literals"} == exported, (
            f"missing: {sorted(names - exported)}, gone: {sorted(exported - names)}")

    def same_version():
        pattern = r"version *:? *'?([0-9]+\.[0-9]+\.[0-9]+)"
        cmake, meson = (re.search(pattern, (ROOT / f).read_text(encoding="utf-8").split("project(")[1], re.I)[1]
                        for f in ("CMakeLists.txt", "meson.build"))
        assert cmake == meson, f"CMakeLists.txt says {cmake}, meson.build {meson}"

    check("CMake and Meson agree on the version", same_version)
    check("installs its headers", install)
    check("find_package", lambda: consumer("find_package", "find_package", ["core", "full"],
                                           f"-DCMAKE_PREFIX_PATH={prefix}"))
    check("find_package without Asio gives wend::core",
          lambda: consumer("find_package", "core_only", ["core"], f"-DCMAKE_PREFIX_PATH={prefix}",
                           "-DCORE_ONLY=ON", f"-DASIO_INCLUDE_DIR={build}/nowhere"))
    check("add_subdirectory", lambda: consumer("add_subdirectory", "add_subdirectory", ["core", "full"],
                                               f"-DWEND_SOURCE={ROOT}", "-DWEND_FETCH=OFF"))
    check("FetchContent", lambda: consumer("fetch_content", "fetch_content", ["core", "full"],
                                           f"-DFETCHCONTENT_SOURCE_DIR_WEND={ROOT}", "-DWEND_FETCH=OFF"))
    check("a server compiled once for several source files", separate)
    for cxx in sorted({pathlib.Path(options.cxx).name, "clang++-14", "clang++-19"}):
        if shutil.which(cxx):
            check(f"a precompiled header, {cxx}", lambda: precompiled(cxx))
    if clang := shutil.which("clang++-19"):  # GCC 12 does not compile it, nor does Clang 14
        check("a module", lambda: module(clang))
        check("the module exports all names", lambda: module_names(clang))
    if shutil.which("pkg-config"):
        check("pkg-config", pkg_config)

    print(f"{results['passed']} passed, {results['failed']} failed")
    return 1 if results["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
