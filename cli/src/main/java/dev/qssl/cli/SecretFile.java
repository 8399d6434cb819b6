package dev.qssl.cli;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Writes files that only their owner may read. */
final class SecretFile {

    private SecretFile() {}

    /**
     * Replaces a file, whole or not at all.
     *
     * @param option who asks for it
     */
    static void write(String option, Path file, byte[] content) throws CommandFailure {
        Path directory = file.toAbsolutePath().getParent();
        try {
            Path fresh = Files.createTempFile(directory, ".qssl", ".tmp", ownerOnly());
            try {
                Files.write(fresh, content);
                Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw CommandFailure.failed(option + " " + file + ": cannot be written: " + e);
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
