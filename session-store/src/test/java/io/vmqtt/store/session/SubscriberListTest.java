package io.vmqtt.store.session;

import static io.vmqtt.store.session.ShardModel.terms;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.vmqtt.model.Qos;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The subscriptions of a session, few and many. */
class SubscriberListTest {
  private final ShardModel shard = new ShardModel();
  private final Session alice = shard.session(shard.attached("alice", 1));

  private Subscriber subscriber(String filter, int qos) {
    return new Subscriber(alice, terms(filter, qos));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, SubscriberList.MAX_SCANNED, SubscriberList.MAX_SCANNED + 1, 100})
  void put_so_many_eachIsFoundInTheOrderInWhichItCame(int count) {
    SubscriberList list = new SubscriberList();
    List<String> filters = new ArrayList<>();
    for (int i = count; i > 0; i--) {
      list.put(subscriber("f/" + i, 1));
      filters.add("f/" + i);
    }
    Subscriber again = subscriber("f/" + count, 2);
    list.put(again);

    assertEquals(count, list.size());
    assertEquals(filters, list.filterTexts());
    assertSame(again, list.get("f/" + count));
    assertSame(again, list.all().iterator().next());
    assertNull(list.get("f/0"));
    for (String filter : filters) {
      assertNotNull(list.get(filter));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, SubscriberList.MAX_SCANNED + 1})
  void remove_oneByOne_theOthersStay(int count) {
    SubscriberList list = new SubscriberList();
    for (int i = 0; i < count; i++) {
      list.put(subscriber("$share/g/" + i, 1));
    }
    assertNull(list.remove("$share/g/x"));
    for (int i = 0; i < count; i += 2) {
      assertNotNull(list.remove("$share/g/" + i));
      assertNull(list.get("$share/g/" + i));
    }
    List<String> left = new ArrayList<>();
    for (int i = 1; i < count; i += 2) {
      left.add("$share/g/" + i);
    }
    assertEquals(left, list.filterTexts());
  }

  @Test
  void subscribe_toWhatSomebodyElseDoes_theTextIsInTheHeapOnce() {
    Reply.Attached one = shard.attached("one", 1);
    Reply.Attached other = shard.attached("other", 2);
    for (String filter : List.of("fleet/all/#", "$share/group/fleet")) {
      shard.subscribe(one, terms(filter, 1));
      shard.subscribe(other, terms(new String(filter.toCharArray()), 2));
    }

    List<SubscriptionTerms> ofOne = shard.session(one).terms();
    List<SubscriptionTerms> ofOther = shard.session(other).terms();
    for (int i = 0; i < ofOne.size(); i++) {
      assertSame(ofOne.get(i).filter(), ofOther.get(i).filter());
      assertEquals(Qos.of(1), ofOne.get(i).maximumQos());
      assertEquals(Qos.of(2), ofOther.get(i).maximumQos());
    }
  }
}
