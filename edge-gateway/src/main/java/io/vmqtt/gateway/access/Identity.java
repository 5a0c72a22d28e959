package io.vmqtt.gateway.access;

import io.vmqtt.model.Namespace;
import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * Who a connection is, once it is authenticated; complete before a shard is asked anything in its
 * name. What lies behind the gateway sees the namespace and the client id alone.
 *
 * @param namespace where its client id and its topics are
 * @param clientId not empty
 * @param userName null: nobody knows one
 * @param peer where it comes from; null where the transport cannot tell
 * @param certificate what the transport found it to have; null: none
 */
public record Identity(
    Namespace namespace,
    String clientId,
    @Nullable String userName,
    @Nullable SocketAddress peer,
    @Nullable X509Certificate certificate) {}
