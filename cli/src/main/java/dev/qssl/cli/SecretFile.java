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
     * Finds out early what would keep a file from being written.
     *
     * @param option who asks for it
     * @throws CommandFailure (usage) naming the file or the directory that is missing
     */
    static void check(String option, Path file) throws CommandFailure {
        Path directory = directory(file);
        String who = option + " " + file + ": ";
        if (!Files.isDirectory(directory)) {
            throw CommandFailure.usage(who + "there is no directory " + directory);
        }
        if (Files.isDirectory(file)) {
            throw CommandFailure.usage(who + "this is a directory, not a file");
        }
        if (!Files.isWritable(directory)) {
            throw CommandFailure.usage(who + "the directory " + directory + " cannot be written to");
        }
    }

    private static Path directory(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        return directory == null ? file : directory;
    }

    /**
     * Replaces a file, whole or not at all.
     *
     * @param option who asks for it
     */
    static void write(String option, Path file, byte[] content) throws CommandFailure {
        try {
            Path fresh = Files.createTempFile(directory(file), ".qssl", ".tmp", ownerOnly());
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
