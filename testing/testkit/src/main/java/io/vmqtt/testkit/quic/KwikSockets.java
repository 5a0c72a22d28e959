package io.vmqtt.testkit.quic;

import io.vmqtt.testkit.tls.TestAuthority;
import java.io.IOException;
import java.net.Socket;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Streams by kwik, to ports of this machine. */
public final class KwikSockets extends QuicSockets {
  private final TestAuthority believed;
  private volatile @Nullable KwikClient last;

  /** To whoever has a certificate of an authority. */
  public KwikSockets(TestAuthority believed) {
    this.believed = believed;
  }

  /** The connection that was made last. */
  public KwikClient last() {
    return Objects.requireNonNull(last, "none was made yet");
  }

  KwikClient connect(int port) throws IOException {
    KwikClient client = KwikClient.connect(port, believed);
    last = client;
    return client;
  }

  @Override
  public void move() {
    last().move();
  }

  @Override
  public Socket createSocket() {
    return new KwikSocket(this);
  }
}
