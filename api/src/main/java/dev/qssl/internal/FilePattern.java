package dev.qssl.internal;

import dev.qssl.QSsl.PatternSyntax;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** Finds files by fixed path, wildcard or regular expression. */
public final class FilePattern {

    private static final int MAXIMUM_DEPTH = 32;

    private FilePattern() {}

    /**
     * {@return the regular files that a pattern means, sorted by path; none if it means nothing or is no pattern}
     *
     * <p>A pattern is matched against whole paths with {@code /} between the parts, below the directory that comes before its
     * first special character; links are followed, loops and unreadable directories skipped.
     *
     * @param path a path or pattern, relative to the working directory or absolute
     * @param syntax how to read it
     */
    public static List<Path> find(String path, PatternSyntax syntax) {
        try {
            return switch (syntax) {
                case FIXED_STRING -> fixed(path);
                case WILDCARD -> below(path, prefixLength(path, "*?["), Pattern.compile(fromWildcard(slashes(path))));
                case REGULAR_EXPRESSION -> below(path, prefixLength(path, "\\^$.|?*+()[]{}"), Pattern.compile(path));
            };
        } catch (InvalidPathException | PatternSyntaxException unusable) {
            return List.of();
        }
    }

    private static List<Path> fixed(String path) {
        Path file = Path.of(path);
        return !path.isEmpty() && Files.isRegularFile(file) ? List.of(file) : List.of();
    }

    private static List<Path> below(String path, int prefixLength, Pattern pattern) {
        if (path.isEmpty()) {
            return List.of();
        }
        String prefix = path.substring(0, prefixLength);
        List<Path> found = new ArrayList<>();
        Path start = Path.of(prefix.isEmpty() ? "." : prefix);
        SimpleFileVisitor<Path> visitor = new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                String name = slashes(prefix + start.relativize(file));
                if (attributes.isRegularFile() && pattern.matcher(name).matches()) {
                    found.add(Path.of(prefix).resolve(start.relativize(file)));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException partly) {
                return FileVisitResult.CONTINUE;
            }
        };
        try {
            Files.walkFileTree(start, EnumSet.of(FileVisitOption.FOLLOW_LINKS), MAXIMUM_DEPTH, visitor);
        } catch (IOException unexpected) {
            throw new UncheckedIOException(unexpected);
        }
        found.sort(null);
        return found;
    }

    /** The directory part, with its separator, of what comes before the first special character. */
    private static int prefixLength(String path, String special) {
        int end = 0;
        while (end < path.length() && special.indexOf(path.charAt(end)) < 0) {
            end++;
        }
        return slashes(path.substring(0, end)).lastIndexOf('/') + 1;
    }

    private static String fromWildcard(String wildcard) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < wildcard.length(); i++) {
            char c = wildcard.charAt(i);
            int close = c == '[' ? wildcard.indexOf(']', i + 2) : -1;
            if (c == '*') {
                regex.append("[^/]*");
            } else if (c == '?') {
                regex.append("[^/]");
            } else if (close > 0) {
                String set = wildcard.substring(i + 1, close)
                        .replace("\\", "\\\\")
                        .replace("[", "\\[")
                        .replace("&", "\\&");
                regex.append("(?!/)[")
                        .append(set.startsWith("!") ? "^" + set.substring(1) : set)
                        .append(']');
                i = close;
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }

    private static String slashes(String path) {
        return path.replace(File.separatorChar, '/');
    }
}
