package io.vmqtt.store.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vmqtt.proto.message.v1.Message;
import io.vmqtt.store.session.Command;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a leader of its own writes into the log is what replicas read there. */
class LoggedCommandsTest {

  static List<Command> commands() {
    return List.of(
        new Command.GatewayGone(-7),
        new Command.Due(),
        new Command.PublishTaken(3),
        new Command.LeftSettled(4, List.of(1L, 5L)),
        new Command.Pass(),
        new Command.Refuse(0x97),
        new Command.Expire(1, 2, List.of(3L, 4L)),
        new Command.ClearQueue(5, Long.MAX_VALUE),
        new Command.Deliver(
            9,
            WireContent.publication(
                Message.newBuilder().setTopic("a/b").setQos(1).setExpiresAtMillis(7).build())),
        new Command.LimitExpiry(0xFFFF_FFFFL, List.of(6L)),
        new Command.AllotPacketId(7, 8));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void of_commandOfTheLeader_isReadAsItWas(Command command) {
    assertEquals(command, Commands.of(LoggedCommands.of(command)));
  }
}
