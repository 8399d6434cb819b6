package dev.qssl.internal.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The phases of a connection, against the table that people read in docs/architecture.md. */
class ConnectionPhaseTest {

    private static final Path DOCUMENT = Path.of("docs", "architecture.md");
    private static final String HEADING = "## Phases of a connection";
    private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\| (.*) \\|");
    private static final Pattern NAME = Pattern.compile("`(\\w+)`");

    private static final Map<Phase, Set<Phase>> TABLE = readTable();

    // Tests run in the module's directory, or in the repository's.
    private static Path document() {
        return Files.exists(DOCUMENT) ? DOCUMENT : Path.of("..").resolve(DOCUMENT);
    }

    private static Map<Phase, Set<Phase>> readTable() {
        try {
            List<String> lines = Files.readAllLines(document());
            List<String> section = lines.subList(lines.indexOf(HEADING) + 1, lines.size());
            Map<Phase, Set<Phase>> table = new EnumMap<>(Phase.class);
            section.stream()
                    .takeWhile(line -> !line.startsWith("## "))
                    .map(ROW::matcher)
                    .filter(Matcher::matches)
                    .forEach(row -> table.put(Phase.valueOf(row.group(1)), names(row.group(2))));
            return table;
        } catch (IOException e) {
            throw new AssertionError("the tests run with the sources at hand", e);
        }
    }

    private static Set<Phase> names(String cell) {
        EnumSet<Phase> names = EnumSet.noneOf(Phase.class);
        NAME.matcher(cell).results().forEach(name -> names.add(Phase.valueOf(name.group(1))));
        return names;
    }

    @Test
    void document_hasARowForEveryPhaseButTheLast() {
        assertThat(TABLE.keySet()).isEqualTo(EnumSet.complementOf(EnumSet.of(Phase.ENDED)));
    }

    @ParameterizedTest
    @EnumSource
    void allPairs_areAsDocumented(Phase from) {
        Set<Phase> documented = TABLE.getOrDefault(from, Set.of());
        for (Phase next : Phase.values()) {
            assertThat(from.canBecome(next)).as("%s to %s", from, next).isEqualTo(documented.contains(next));
        }
    }

    @Test
    void everyPhase_canEndAndNoneComesBackToTheBeginning() {
        for (Phase phase : Phase.values()) {
            assertThat(phase.canBecome(Phase.ENDED)).as("%s can end", phase).isEqualTo(phase != Phase.ENDED);
            assertThat(phase.canBecome(Phase.LOOKING_UP))
                    .as("%s starts anew", phase)
                    .isFalse();
            assertThat(phase.canBecome(phase)).as("%s becomes itself", phase).isFalse();
        }
    }

    @Test
    void connectedPhases_areThoseAfterTheTransportStands() {
        assertThat(Arrays.stream(Phase.values()).filter(Phase::isConnected))
                .containsExactly(Phase.PLAIN, Phase.HANDSHAKING, Phase.DECIDING, Phase.ENCRYPTED, Phase.CLOSING);
    }
}
