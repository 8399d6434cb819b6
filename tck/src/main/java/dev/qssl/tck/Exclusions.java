package dev.qssl.tck;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * The rules that a backend is known to break, read from {@code tck-exclusions.txt} among the resources of the suite: lines
 * of {@code RULE-001 why it cannot be obeyed}, or {@code RULE-001 [LOOP] why} for the runs whose names contain the words in
 * brackets. Empty lines and lines that begin with {@code #} do not count.
 *
 * <p>An excluded rule runs all the same: breaking it counts as skipped, with the reason; obeying it is a failure, because
 * the line has to go.
 */
final class Exclusions {

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(Exclusions.class);
    private static final Pattern LINE = Pattern.compile("([A-Z]+-[0-9]{3})\\s+(?:\\[([^]]+)]\\s+)?(\\S.*)");

    private final List<Exclusion> all;

    private record Exclusion(String rule, String run, String reason) {}

    private Exclusions(List<Exclusion> all) {
        this.all = all;
    }

    static Exclusions of(ExtensionContext context) {
        Class<?> suite = Subject.suite(context);
        return context.getRoot().getStore(NAMESPACE).computeIfAbsent(suite, unused -> read(suite), Exclusions.class);
    }

    private static Exclusions read(Class<?> suite) {
        String name = AnnotationSupport.findAnnotation(suite, Certifies.class)
                .map(Certifies::exclusions)
                .orElse("");
        if (name.isEmpty()) {
            return parse("");
        }
        try (InputStream file = suite.getResourceAsStream(name)) {
            return file == null ? parse("") : parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name, e);
        }
    }

    static Exclusions parse(String text) {
        List<Exclusion> all = new ArrayList<>();
        text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .forEach(line -> {
                    Matcher matcher = LINE.matcher(line);
                    if (!matcher.matches()) {
                        throw new IllegalArgumentException(
                                "a list of exclusions has lines of \"RULE-001 reason\" or \"RULE-001 [run] reason\", not: "
                                        + line);
                    }
                    String run = matcher.group(2);
                    all.add(new Exclusion(matcher.group(1), run == null ? "" : run, matcher.group(3)));
                });
        return new Exclusions(List.copyOf(all));
    }

    /**
     * {@return why a rule is excluded in a run; empty if it is not}
     *
     * @param rule its id
     * @param run the display names of the test and what surrounds it
     */
    Optional<String> reason(String rule, String run) {
        return all.stream()
                .filter(each -> each.rule().equals(rule) && run.contains(each.run()))
                .map(Exclusion::reason)
                .findFirst();
    }
}
