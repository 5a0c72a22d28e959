package io.vmqtt.store.session;

/** A subscription in the topic tree or a share group. Equal to itself only. */
final class Subscriber {
  private final Session session;
  private final SubscriptionTerms terms;

  Subscriber(Session session, SubscriptionTerms terms) {
    this.session = session;
    this.terms = terms;
  }

  Session session() {
    return session;
  }

  SubscriptionTerms terms() {
    return terms;
  }

  /** Order among the subscribers of a topic: the same on every replica. */
  static int compare(Subscriber a, Subscriber b) {
    int bySession = Long.compare(a.session.number(), b.session.number());
    return bySession != 0 ? bySession : Integer.compare(a.terms.identifier(), b.terms.identifier());
  }
}
