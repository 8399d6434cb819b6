package dev.qssl.spi.x509;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes PEM: base64 between BEGIN and END lines (RFC 7468), with the older header lines (RFC 1421, section 4.6)
 * where a key is encrypted. Reads in one pass; needs memory in proportion to the input.
 */
public final class Pem {

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";
    private static final String BYTE_ORDER_MARK = "\u00EF\u00BB\u00BF";

    /**
     * One block.
     *
     * @param label the words between BEGIN and the dashes, such as {@code CERTIFICATE}
     * @param headers the header lines, by name; usually empty
     * @param content the decoded bytes; the receiver may wipe them
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier of bytes between two parsers, never compared
    public record Block(String label, Map<String, String> headers, byte[] content) {}

    private Pem() {}

    /**
     * {@return every well-formed block, in order} Skips text between blocks, and malformed blocks.
     *
     * @param text the file's bytes
     */
    public static List<Block> blocks(byte[] text) {
        return new Scan(text).blocks;
    }

    /**
     * {@return every block, in order; at least one} Skips text between blocks.
     *
     * @param text the file's bytes
     * @throws EncodingException if there is none, or one is malformed; tells which and why
     */
    public static List<Block> requireBlocks(byte[] text) throws EncodingException {
        Scan scan = new Scan(text);
        if (scan.problem != null) {
            throw new EncodingException(scan.problem);
        }
        if (scan.blocks.isEmpty()) {
            throw new EncodingException(
                    "expected PEM text, found no \"-----BEGIN ...-----\" line in " + text.length + " bytes");
        }
        return scan.blocks;
    }

    /**
     * {@return whether the bytes hold a BEGIN line, and so are meant to be PEM}
     *
     * @param bytes a file's contents
     */
    public static boolean looksLikePem(byte[] bytes) {
        return latin1(bytes).contains(BEGIN);
    }

    /**
     * {@return a block with 64 characters a line, each line ended by LF}
     *
     * @param label the words after BEGIN
     * @param content the bytes to encode
     */
    public static byte[] encode(String label, byte[] content) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        String text =
                BEGIN + label + DASHES + '\n' + base64 + (base64.isEmpty() ? "" : "\n") + END + label + DASHES + '\n';
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static String latin1(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** One pass over the text: outside a block until a BEGIN line, inside until its END line or the next BEGIN line. */
    private static final class Scan {

        private final List<Block> blocks = new ArrayList<>();
        private @Nullable String problem;

        private @Nullable String label;
        private int beginLine;
        private final List<String> body = new ArrayList<>();

        Scan(byte[] bytes) {
            int number = 0;
            for (String raw : (Iterable<String>) latin1(bytes).lines()::iterator) {
                number++;
                take(
                        number == 1 && raw.startsWith(BYTE_ORDER_MARK)
                                ? raw.substring(3).strip()
                                : raw.strip(),
                        number);
            }
            if (label != null) {
                note(label, "has no END line");
            }
        }

        private void take(String line, int number) {
            if (line.startsWith(BEGIN) && line.endsWith(DASHES) && line.length() > BEGIN.length() + DASHES.length()) {
                if (label != null) {
                    note(label, "has no END line before the next BEGIN line");
                }
                label = line.substring(BEGIN.length(), line.length() - DASHES.length());
                beginLine = number;
                body.clear();
            } else if (label != null && line.startsWith(END)) {
                finish(label, line);
                label = null;
            } else if (label != null) {
                body.add(line);
            }
        }

        private void finish(String begun, String endLine) {
            if (!endLine.equals(END + begun + DASHES)) {
                note(begun, "ends with another label");
                return;
            }
            Map<String, String> headers = new LinkedHashMap<>();
            StringBuilder base64 = new StringBuilder();
            for (String line : body) {
                int colon = line.indexOf(':');
                if (colon > 0 && base64.isEmpty()) {
                    headers.put(
                            line.substring(0, colon).strip(),
                            line.substring(colon + 1).strip());
                } else {
                    base64.append(line);
                }
            }
            try {
                byte[] content = Base64.getDecoder().decode(base64.toString());
                blocks.add(new Block(begun, Collections.unmodifiableMap(headers), content));
            } catch (IllegalArgumentException malformed) {
                note(begun, "holds something that is not base64");
            }
        }

        private void note(String begun, String what) {
            if (problem == null) {
                problem = "the PEM block \"" + begun + "\" that begins in line " + beginLine + " " + what;
            }
        }
    }
}
