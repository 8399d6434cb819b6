/** The TLS socket, its configuration and its certificates, as in Qt's network module. */
package dev.qssl;
