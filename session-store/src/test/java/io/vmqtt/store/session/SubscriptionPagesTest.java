package io.vmqtt.store.session;

import static io.vmqtt.store.session.ShardModel.terms;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a session subscribes to, told to its owner. */
class SubscriptionPagesTest {
  private final ShardModel shard = new ShardModel();

  private static Command read(Reply.Attached owner, String after) {
    return new Command.ReadSubscriptions(owner.session(), owner.epoch(), after);
  }

  @Test
  void read_pageAfterPage_eachOnceInTheOrderOfItsText() {
    Reply.Attached alice = shard.attached("alice", 1, "$share/g/t");
    List<String> filters = new ArrayList<>(List.of("$share/g/t"));
    for (int i = 100; i < 110; i++) {
      String filter = i + "x".repeat(20_000);
      shard.subscribe(alice, terms(filter, 1));
      filters.add(filter);
    }

    List<String> read = new ArrayList<>();
    int pages = 0;
    String after = "";
    do {
      Reply.SubscriptionsPage page = shard.ask(Reply.SubscriptionsPage.class, read(alice, after));
      page.subscriptions().forEach(one -> read.add(one.filter().text()));
      after = page.through();
      pages++;
    } while (!after.isEmpty());

    assertEquals(filters, read);
    assertEquals(3, pages);
  }

  @Test
  void read_termsOfTheLatestSubscribe_noChanges() {
    Reply.Attached alice = shard.attached("alice", 1, "t");
    shard.subscribe(alice, terms("t", 2, 5));

    Decision decision = shard.run(read(alice, ""));

    assertEquals(new Reply.SubscriptionsPage(List.of(terms("t", 2, 5)), ""), decision.reply());
    assertEquals(List.of(), decision.changes());
  }

  @Test
  void read_byAnOwnerOfBefore_refused() {
    Reply.Attached alice = shard.attached("alice", 1, "t");
    shard.attached("alice", 2);

    Reply.Failure failure = shard.ask(Reply.Failure.class, read(alice, ""));

    assertEquals(Reply.Reason.NOT_OWNER, failure.reason());
  }
}
