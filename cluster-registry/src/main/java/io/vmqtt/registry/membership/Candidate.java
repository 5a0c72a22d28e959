package io.vmqtt.registry.membership;

/** Who wants to lead. Called by the thread of the {@link Election}. */
public interface Candidate {

  /** From now on this process leads. Also called when it lost the lead and won it again at once. */
  void elected();

  /** From now on it does not, or cannot know any more that it does. */
  void deposed();
}
