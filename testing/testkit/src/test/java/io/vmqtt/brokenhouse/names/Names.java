package io.vmqtt.brokenhouse.names;

/** Names that the house forbids, and neighbours of theirs that it allows. */
public final class Names {
  private Names() {}

  public interface SessionManager {}

  public interface ManagerOfSessions {}

  public interface TopicUtil {}

  public interface TopicUtils {}

  public interface UtilTopics {}

  public interface ConnectionHelper {}

  public interface RouterImpl {}

  public interface RouterImplV5 {}

  public interface RouterBase {}

  public interface BaseRouter {}

  public interface AbstractRouter {}

  public interface IRouter {}

  /** All that follow are allowed. */
  public interface Allowed {
    interface Inflight {}

    interface IdSource {}

    interface IOFailure {}

    interface Database {}

    interface Base64Text {}

    interface Utilization {}

    interface Abstraction {}

    interface Implementation {}
  }
}
