package dev.qssl.backend.openssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.qssl.spi.Identity;
import dev.qssl.tck.fixture.TestAuthority;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Libraries that are not what this backend knows are refused before anything of them is used, and it is said why. */
class LibraryVersionTest {

    private static final byte MOVE_TO_RESULT = (byte) 0xB8;
    private static final byte RETURN = (byte) 0xC3;

    private static LibraryFiles library() throws UnavailableException {
        return OpenSsl.load().files();
    }

    private static LibraryFiles copyTo(Path directory) throws Exception {
        return new LibraryFiles(
                Files.copy(library().ssl(), directory.resolve("libssl.so.3")),
                Files.copy(library().crypto(), directory.resolve("libcrypto.so.3")));
    }

    /** Has a copy of the library say that it is another version. Works where the function is {@code mov eax, n; ret}. */
    private static void claim(Path crypto, long version) throws Exception {
        byte[] code = Files.readAllBytes(crypto);
        ByteBuffer function = ByteBuffer.allocate(6).order(ByteOrder.LITTLE_ENDIAN);
        function.put(MOVE_TO_RESULT)
                .putInt((int) OpenSsl.load().version().number())
                .put(RETURN);
        int at = find(code, function.array());
        assumeTrue(at >= 0, "this processor's code is another");
        ByteBuffer.wrap(code).order(ByteOrder.LITTLE_ENDIAN).putInt(at + 1, (int) version);
        Files.write(crypto, code);
    }

    private static int find(byte[] where, byte[] what) {
        for (int at = 0; at <= where.length - what.length; at++) {
            if (Arrays.equals(where, at, at + what.length, what, 0, what.length)) {
                return at;
            }
        }
        return -1;
    }

    @ParameterizedTest
    @EnabledOnOs(OS.LINUX)
    @CsvSource({
        "0x40000000, which this backend does not know",
        "0x20000000, which this backend does not know",
        "0x1000212f, older than 1.1.1"
    })
    void libraryOfAnotherVersion_isUnavailable(String version, String reason, @TempDir Path directory)
            throws Exception {
        LibraryFiles files = copyTo(directory);
        claim(files.crypto(), Long.decode(version));

        assertThatThrownBy(() -> OpenSsl.open(files))
                .isInstanceOfSatisfying(
                        UnavailableException.class,
                        refused -> assertThat(refused.remedy()).contains("install OpenSSL 3", LibrarySearch.SSL))
                .hasMessageContaining(files.crypto().toString())
                .hasMessageContaining(reason);
    }

    /** The copy of libssl gets the libcrypto that is there already, not the one beside it. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void libraryThatGetsAnotherLibcrypto_isUnavailable(@TempDir Path directory) throws Exception {
        LibraryFiles files = copyTo(directory);

        assertThatThrownBy(() -> OpenSsl.open(files))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining("does not use " + files.crypto());
    }

    @ParameterizedTest
    @CsvSource({
        "0x1010107f, BoringSSL",
        "0x20000000, LibreSSL 4.0.0",
        "0x1010107f, AWS-LC 1.40.0",
        "0x10101000, OpenSSLike 1"
    })
    void libraryOfAnotherKind_isRefusedByItsName(String number, String text) {
        assertThat(new LibraryVersion(Long.decode(number), text).objection())
                .hasValueSatisfying(reason -> assertThat(reason).contains(text, "not OpenSSL"));
    }

    @Test
    void libraryThatDoesNotSay_isRefused() {
        assertThat(new LibraryVersion(0, "").objection()).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x10101000", "0x1010117f", "0x30000000", "0x30000160", "0x30500080", "0x3fffffff"})
    void knownVersions_areTaken(String number) {
        LibraryVersion version = new LibraryVersion(Long.decode(number), "OpenSSL in some version");

        assertThat(version.objection()).isEmpty();
        assertThat(version.is3()).isEqualTo(number.startsWith("0x3"));
    }

    @Test
    void responsesThatOpenSsl36LeavesOut_areKnown() {
        TestAuthority authority = TestAuthority.shared();
        Identity own = authority.server("localhost");
        Identity selfSigned = authority.selfSigned("localhost");
        byte[] about = authority.ocsp(own).der();
        byte[] aboutSelfSigned = authority.ocsp(selfSigned).der();
        byte[] aboutAnother = authority.ocsp(authority.server("other.test")).der();
        LibraryVersion chooses = new LibraryVersion(0x3060_0050L, "OpenSSL 3.6.5");
        LibraryVersion takesAll = new LibraryVersion(0x3050_0080L, "OpenSSL 3.5.8");

        assertThat(chooses.leavesOut(about, own.certificate())).isFalse();
        assertThat(chooses.leavesOut(aboutAnother, own.certificate())).isTrue();
        assertThat(chooses.leavesOut(aboutSelfSigned, selfSigned.certificate())).isTrue();
        assertThat(takesAll.leavesOut(aboutAnother, own.certificate())).isFalse();
        assertThat(takesAll.leavesOut(aboutSelfSigned, selfSigned.certificate()))
                .isFalse();
    }
}
