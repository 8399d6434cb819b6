package dev.qssl.cli;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import com.github.freva.asciitable.OverflowBehaviour;
import java.util.List;
import java.util.function.Function;

/** Tables of text, as wide as their contents and wrapped where a cell is long. */
final class Tables {

    private static final int WIDEST_CELL = 32;

    private static final int WIDEST_NUMBER = 11;

    private Tables() {}

    /** {@return a column of words} */
    static Column words(String header) {
        return new Column()
                .header(header)
                .headerAlign(HorizontalAlign.LEFT)
                .dataAlign(HorizontalAlign.LEFT)
                .maxWidth(WIDEST_CELL, OverflowBehaviour.NEWLINE);
    }

    /** {@return a column of numbers} */
    static Column numbers(String header) {
        return new Column()
                .header(header)
                .headerAlign(HorizontalAlign.RIGHT)
                .dataAlign(HorizontalAlign.RIGHT)
                .maxWidth(WIDEST_NUMBER, OverflowBehaviour.NEWLINE);
    }

    /** {@return the table, without a line feed at its end} */
    static <T> String render(List<Column> columns, List<T> rows, Function<T, List<String>> cells) {
        return AsciiTable.builder()
                .border(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS)
                .data(
                        columns.toArray(Column[]::new),
                        rows.stream()
                                .map(cells)
                                .map(row ->
                                        row.stream().map(Terminal::printable).toArray(String[]::new))
                                .toArray(String[][]::new))
                .asString();
    }
}
