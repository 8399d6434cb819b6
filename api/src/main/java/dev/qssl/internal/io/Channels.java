package dev.qssl.internal.io;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.Channel;
import org.jspecify.annotations.Nullable;

/** The end of channels. */
final class Channels {

    private static final System.Logger LOG = System.getLogger("dev.qssl");

    private Channels() {}

    /** Closes a channel, if there is one. Nothing can be done about one that does not close, and nobody is left to tell. */
    static void closeQuietly(@Nullable Channel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "a channel failed to close", e);
            }
        }
    }
}
