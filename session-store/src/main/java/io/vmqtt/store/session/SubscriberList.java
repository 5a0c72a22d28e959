package io.vmqtt.store.session;

import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of a session, one for each filter, in the order in which the filters came: an
 * array that is as long as it must be, as most sessions have few, and a map where there are many.
 */
final class SubscriberList {
  /** Up to this many a scan is as fast as a map, and a map takes as much as all the rest. */
  static final int MAX_SCANNED = 8;

  private static final Subscriber[] NONE = {};

  private Subscriber[] few = NONE;

  /** Null up to {@link #MAX_SCANNED}, and as long as it has never been more. */
  private @Nullable Map<String, Subscriber> many;

  int size() {
    return many == null ? few.length : many.size();
  }

  Collection<Subscriber> all() {
    return many == null
        ? Collections.unmodifiableList(Arrays.asList(few))
        : Collections.unmodifiableCollection(many.values());
  }

  /** The filters as the clients wrote them. */
  List<String> filterTexts() {
    return all().stream().map(SubscriberList::filterText).toList();
  }

  @Nullable Subscriber get(String filterText) {
    if (many != null) {
      return many.get(filterText);
    }
    int place = place(filterText);
    return place < 0 ? null : few[place];
  }

  /** Takes the place of the one with the same filter, if there is one. */
  void put(Subscriber subscriber) {
    String filterText = filterText(subscriber);
    int place = many == null ? place(filterText) : -1;
    if (place >= 0) {
      few[place] = subscriber;
    } else if (many == null && few.length < MAX_SCANNED) {
      few = Arrays.copyOf(few, few.length + 1);
      few[few.length - 1] = subscriber;
    } else {
      map().put(filterText, subscriber);
    }
  }

  private Map<String, Subscriber> map() {
    Map<String, Subscriber> map = many;
    if (map == null) {
      map = new LinkedHashMap<>();
      for (Subscriber subscriber : few) {
        map.put(filterText(subscriber), subscriber);
      }
      few = NONE;
      many = map;
    }
    return map;
  }

  /** The one that was there. */
  @Nullable Subscriber remove(String filterText) {
    if (many != null) {
      return many.remove(filterText);
    }
    int place = place(filterText);
    if (place < 0) {
      return null;
    }
    Subscriber removed = few[place];
    Subscriber[] left = Arrays.copyOf(few, few.length - 1);
    System.arraycopy(few, place + 1, left, place, left.length - place);
    few = left;
    return removed;
  }

  private int place(String filterText) {
    for (int i = 0; i < few.length; i++) {
      if (filterText(few[i]).equals(filterText)) {
        return i;
      }
    }
    return -1;
  }

  private static String filterText(Subscriber subscriber) {
    return subscriber.terms().filter().text();
  }
}
