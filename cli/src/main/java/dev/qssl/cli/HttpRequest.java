package dev.qssl.cli;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of a request that can be answered with a file (RFC 9112, section 3).
 *
 * @param target a path, maybe with a query
 */
record HttpRequest(String target) {

    private static final Pattern LINE = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+) (\\S+) HTTP/([0-9])\\.([0-9])");
    private static final Pattern ABSOLUTE = Pattern.compile("https?://[^/?#]*(.*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern FIELD = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\\x20-\\xFF\\t]*");

    /** {@return where the head ends, behind its empty line; -1 if it has no end yet} */
    static int endOfHead(byte[] bytes) {
        for (int i = 1; i < bytes.length; i++) {
            boolean afterCarriageReturn = i > 1 && bytes[i - 1] == '\r' && bytes[i - 2] == '\n';
            if (bytes[i] == '\n' && (bytes[i - 1] == '\n' || afterCarriageReturn)) {
                return i + 1;
            }
        }
        return -1;
    }

    /** {@return the first line, for a log} */
    static String firstLine(byte[] bytes) {
        String text = new String(bytes, 0, Math.min(bytes.length, 200), StandardCharsets.ISO_8859_1);
        return text.lines().findFirst().orElse("");
    }

    /**
     * {@return the request}
     *
     * @param head up to its empty line
     * @throws HttpProblem 400 if it is malformed, 405 or 505 if it asks for what nobody here does
     */
    static HttpRequest parse(byte[] head) throws HttpProblem {
        String[] lines = new String(head, StandardCharsets.ISO_8859_1).split("\r?\n", -1);
        Matcher line = LINE.matcher(lines[0]);
        if (!line.matches()) {
            throw new HttpProblem(400, "this is no HTTP request");
        }
        if (!line.group(3).equals("1")) {
            throw new HttpProblem(505, "only HTTP/1.0 and HTTP/1.1 are spoken here");
        }
        int hosts = 0;
        for (int i = 1; i < lines.length && !lines[i].isEmpty(); i++) {
            if (!FIELD.matcher(lines[i]).matches()) {
                throw new HttpProblem(400, "a header field is malformed");
            }
            hosts += lines[i].regionMatches(true, 0, "Host:", 0, 5) ? 1 : 0;
        }
        // RFC 9112, section 3.2: "A server MUST respond with a 400 [...] to any HTTP/1.1 request message that lacks a
        // Host
        // header field and to any request message that contains more than one".
        if (hosts > 1 || (hosts == 0 && !line.group(4).equals("0"))) {
            throw new HttpProblem(400, "an HTTP/1.1 request has exactly one Host field");
        }
        if (!line.group(1).equals("GET") && !line.group(1).equals("HEAD")) {
            throw new HttpProblem(405, "only GET and HEAD are answered here");
        }
        return new HttpRequest(path(line.group(2)));
    }

    private static String path(String target) throws HttpProblem {
        Matcher absolute = ABSOLUTE.matcher(target);
        String path = absolute.matches() ? "/" + absolute.group(1).replaceFirst("^/", "") : target;
        if (!path.startsWith("/")) {
            throw new HttpProblem(400, "the target does not begin with /");
        }
        return path;
    }
}
