package io.vmqtt.systemtests.standalone;

import com.ongres.scram.client.ScramClient;
import com.ongres.scram.common.exception.ScramException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a client says by an authentication method, once through. */
interface Prover {

  /** With the method. */
  byte[] first();

  /** When it is asked for more. */
  byte[] answer(byte[] asked);

  /** Whether the broker has proved itself, too. */
  boolean believes(byte[] last);

  /** All at once. */
  static Prover of(String token) {
    return new Prover() {
      @Override
      public byte[] first() {
        return bytes(token);
      }

      @Override
      public byte[] answer(byte[] asked) {
        throw new IllegalStateException("there is nothing more to say");
      }

      @Override
      public boolean believes(byte[] last) {
        return last.length == 0;
      }
    };
  }

  /** SCRAM, as others understand it. */
  static Prover scram(String mechanism, String user, String password) {
    ScramClient client =
        ScramClient.builder()
            .advertisedMechanisms(List.of(mechanism))
            .username(user)
            .password(password.toCharArray())
            .build();
    return new Prover() {
      @Override
      public byte[] first() {
        return bytes(client.clientFirstMessage().toString());
      }

      @Override
      public byte[] answer(byte[] asked) {
        try {
          client.serverFirstMessage(new String(asked, StandardCharsets.UTF_8));
          return bytes(client.clientFinalMessage().toString());
        } catch (ScramException e) {
          throw new IllegalStateException("asked what is no SCRAM", e);
        }
      }

      @Override
      public boolean believes(byte[] last) {
        try {
          client.serverFinalMessage(new String(last, StandardCharsets.UTF_8));
          return true;
        } catch (ScramException _) {
          return false;
        }
      }
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
