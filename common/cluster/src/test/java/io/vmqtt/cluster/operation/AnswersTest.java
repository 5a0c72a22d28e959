package io.vmqtt.cluster.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AnswersTest {
  private final Answers answers =
      Answers.NONE.with(
          GatewayOperations.CLIENT,
          name ->
              CompletableFuture.completedFuture(
                  new ClientPage(List.of(client(name)), name.namespace().isEmpty())));

  private static ClientInfo client(ClientName name) {
    return new ClientInfo(
        name.namespace(), name.clientId(), null, null, "g", "5", "then", 60, true, 9, 10, 1, 2);
  }

  @Test
  void ask_inJson_isTheSameAsFromThisProcess() throws Exception {
    ClientName name = new ClientName("plant", "pump \"7\"");
    byte[] said =
        answers
            .ask(GatewayOperations.CLIENT.name(), Answers.write(name))
            .toCompletableFuture()
            .join();

    assertEquals(
        answers.ask(GatewayOperations.CLIENT, name).join(),
        Answers.read(GatewayOperations.CLIENT, said));
  }

  @Test
  void ask_withAFieldOfALaterVersion_isAnswered() throws Exception {
    byte[] question =
        "{\"namespace\":\"\",\"clientId\":\"c\",\"later\":1}".getBytes(StandardCharsets.UTF_8);
    assertTrue(
        Answers.read(
                GatewayOperations.CLIENT,
                answers.ask("client", question).toCompletableFuture().join())
            .more());
  }

  @Test
  void ask_whatNobodyCanRead_isRefused() {
    assertThrows(IOException.class, () -> answers.ask("client", new byte[] {'{'}));
    assertThrows(
        IOException.class,
        () ->
            Answers.NONE
                .with(
                    GatewayOperations.CLIENTS,
                    query -> CompletableFuture.<ClientPage>completedFuture(null))
                .ask("clients", "{\"filter\":{},\"limit\":0}".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void read_messagesForSomeClientsAndWhatBecameOfThem_areAsTheyWereWritten() throws Exception {
    DirectedMessages question =
        new DirectedMessages(
            "plant",
            List.of(new Publication.OneMessage("t", "eA==", 1, false, 7L, null, null)),
            List.of(new DirectedMessages.Direction(3, 0, "pump")));
    DirectedMessages.Outcomes outcomes =
        new DirectedMessages.Outcomes(
            List.of(
                new DirectedMessages.Outcome(3, DirectedMessages.What.NO_SUBSCRIPTION),
                new DirectedMessages.Outcome(4, DirectedMessages.What.REFUSED, 0x97)));
    Answers store =
        Answers.NONE.with(
            StoreOperations.DELIVER,
            asked -> {
              assertEquals(question, asked);
              return CompletableFuture.completedFuture(outcomes);
            });

    byte[] said = store.ask("deliver", Answers.write(question)).toCompletableFuture().join();

    assertEquals(outcomes, Answers.read(StoreOperations.DELIVER, said));
  }

  /** Those of an earlier version tell of less. */
  @Test
  void read_answersOfAnEarlierVersion_haveNothingOfWhatCameLater() throws Exception {
    TopList list =
        Answers.read(
            GatewayOperations.TOP,
            "{\"millis\":9,\"topics\":[],\"senders\":[],\"receivers\":[],\"waiting\":[]}"
                .getBytes(StandardCharsets.UTF_8));
    assertEquals(List.of(), list.flapping());
    assertEquals(List.of(), list.losses());
    assertEquals(
        List.of(),
        Answers.read(
                StoreOperations.LONG_QUEUES, "{\"queues\":[]}".getBytes(StandardCharsets.UTF_8))
            .dropped());
  }

  @Test
  void know_onlyWhatIsThere() {
    assertTrue(answers.know("client"));
    assertFalse(answers.know("clients"));
    assertThrows(IllegalArgumentException.class, () -> answers.ask("clients", new byte[0]));
  }
}
