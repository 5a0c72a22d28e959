package io.vmqtt.cluster.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vmqtt.cluster.access.TopicTemplate.Level;
import io.vmqtt.cluster.access.TopicTemplate.Text;
import io.vmqtt.cluster.access.TopicTemplate.Variable;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicTemplateTest {

  @Test
  void of_everyKindOfLevel_isReadAsSuch() {
    assertEquals(
        List.of(
            new Level.Fixed("a"),
            new Level.Any(),
            new Level.Filled(List.of(new Text("id-"), Variable.CLIENT_ID, new Text("-x"))),
            new Level.Fixed(""),
            new Level.Rest()),
        TopicTemplate.of("a/+/id-${clientid}-x//#").levels());
  }

  @ParameterizedTest
  @CsvSource({"$SYS/x, $SYS", "a$b/x, a$b", "$${clientid}/x, ${clientid}", "$$/x, $$"})
  void of_dollarThatBeginsNoVariable_isItself(String text, String firstLevel) {
    assertEquals(new Level.Fixed(firstLevel), TopicTemplate.of(text).levels().getFirst());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "~~ | '': a topic filter has at least one character",
        "a/#/b | 'a/#/b': # is the last level",
        "a# | 'a#': + and # are whole levels, and # is the last one",
        "a/b+ | 'a/b+': + and # are whole levels, and # is the last one",
        "${clientid}+ | '${clientid}+': + and # are whole levels, and # is the last one",
        "$share/g/a | '$share/g/a': a rule has the filter behind the group alone;",
        "${name} | '${name}': there is no variable 'name', only clientid, username,",
        "${claims.} | '${claims.}': there is no variable 'claims.', only clientid, username,",
        "a/${clientid | 'a/${clientid': a ${ that no } closes, in the same level",
        "${a/b} | '${a/b}': a ${ that no } closes, in the same level",
      })
  void of_whatIsNoFilter_refusedWithTheReason(String text, String reason) {
    String complaint =
        String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> TopicTemplate.of(text))
                .getMessage());

    assertTrue(complaint.startsWith(reason), complaint);
  }

  @Test
  void of_levelsWithoutEnd_refused() {
    String deep = "a/".repeat(500);

    assertThrows(IllegalArgumentException.class, () -> TopicTemplate.of(deep));
  }

  @Test
  void claim_isTheNameBehindTheDot() {
    Level.Filled level = (Level.Filled) TopicTemplate.of("${claims.site.id}").levels().getFirst();

    assertEquals("site.id", ((Variable) level.parts().getFirst()).claim());
  }
}
