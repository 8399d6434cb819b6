package dev.qssl.spi.jsse;

import dev.qssl.spi.ContextSettings;

/**
 * What all engines of a context have in common.
 *
 * @param backend the name that users know the library by, for messages
 * @param library the provider and its peculiarities
 * @param facts what was found out about it
 * @param settings of the context
 */
record EngineSetup(String backend, JsseLibrary library, LearnedFacts facts, ContextSettings settings) {}
