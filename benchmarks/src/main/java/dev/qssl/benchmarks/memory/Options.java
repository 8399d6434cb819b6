package dev.qssl.benchmarks.memory;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Arguments in pairs: a name and its value. */
final class Options {

    private final Map<String, String> left = new HashMap<>();
    private final String usage;

    /**
     * Reads arguments.
     *
     * @throws IllegalArgumentException if a value is missing
     */
    Options(List<String> arguments, String usage) {
        this.usage = usage;
        if (arguments.size() % 2 != 0) {
            throw new IllegalArgumentException("missing value: " + arguments + "\n" + usage);
        }
        for (int i = 0; i < arguments.size(); i += 2) {
            left.put(arguments.get(i), arguments.get(i + 1));
        }
    }

    /** {@return the value of an option} */
    String text(String name, String otherwise) {
        String value = left.remove(name);
        return value == null ? otherwise : value;
    }

    /** {@return the value of an option that is a number} */
    int number(String name, int otherwise) {
        return Integer.parseInt(text(name, String.valueOf(otherwise)));
    }

    /**
     * Refuses what nobody asked for.
     *
     * @throws IllegalArgumentException naming it
     */
    void requireNoOther() {
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("unknown options " + left.keySet() + "\n" + usage);
        }
    }
}
