package io.vmqtt.standalone.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class RowsTest {
  @Test
  void lines_haveColumnsAsWideAsWhatIsInThem() throws Exception {
    assertEquals(
        List.of("ID    PORT", "a     1", "bbbb  -", "\"\"    -"),
        Rows.of("ID=/id", "PORT=/ports/http")
            .add(
                AdminClient.JSON.readTree(
                    "[{\"id\":\"a\",\"ports\":{\"http\":1}},{\"id\":\"bbbb\"},{\"id\":\"\",\"ports\":null}]"))
            .lines());
  }

  @Test
  void lines_ofNothing_areTheHeading() {
    assertEquals(List.of("ID"), Rows.of("ID=/id").lines());
  }

  @Test
  void lines_controlCharactersOfClients_doNotReachTheTerminal() throws Exception {
    assertEquals(
        List.of("ID", "a?[2J?b"),
        Rows.of("ID=/id").add(AdminClient.JSON.readTree("[{\"id\":\"a\\u001b[2J\\nb\"}]")).lines());
  }
}
