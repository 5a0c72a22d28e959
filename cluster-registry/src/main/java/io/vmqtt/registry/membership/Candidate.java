package io.vmqtt.registry.membership;

import java.util.Collection;
import java.util.List;

/** Who wants to lead. Called by the thread of the {@link Election}. */
public interface Candidate {

  /** From now on this process leads. Also called when it lost the lead and won it again at once. */
  void elected();

  /** From now on it does not, or cannot know any more that it does. */
  void deposed();

  /** All of them as one. */
  static Candidate all(Collection<? extends Candidate> candidates) {
    List<Candidate> all = List.copyOf(candidates);
    return new Candidate() {
      @Override
      public void elected() {
        all.forEach(Candidate::elected);
      }

      @Override
      public void deposed() {
        all.forEach(Candidate::deposed);
      }
    };
  }
}
