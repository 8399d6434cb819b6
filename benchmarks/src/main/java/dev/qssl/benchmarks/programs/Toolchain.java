package dev.qssl.benchmarks.programs;

import java.util.List;

/**
 * What a program is compiled with.
 *
 * @param variable the environment variable that names the compiler
 * @param compiler its usual name
 * @param flags how it compiles
 * @param packageName the library, as pkg-config knows it
 * @param flagsWithout what finds the library where pkg-config or its description is missing; empty if nothing does
 * @param remedy what to install
 */
record Toolchain(
        String variable,
        String compiler,
        List<String> flags,
        String packageName,
        List<String> flagsWithout,
        String remedy) {}
