package dev.sluice.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkTeamTest {
  private static Work work(int tasks, IntConsumer body) {
    return new Work() {
      @Override
      public int tasks() {
        return tasks;
      }

      @Override
      public void run(int task) {
        body.accept(task);
      }
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5})
  void everyTaskOfEveryPhaseRunsOnceAndBeforeTheNextPhase(int threads) {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    try (ExecutorService executor = Executors.newFixedThreadPool(4);
        WorkTeam team = new WorkTeam(executor, threads)) {
      for (int phase = 0; phase < 3000; phase++) {
        int tasks = random.nextInt(20);
        int[] plain = new int[tasks];
        AtomicIntegerArray runs = new AtomicIntegerArray(tasks);
        team.run(
            work(
                tasks,
                task -> {
                  plain[task] = task + 1;
                  runs.incrementAndGet(task);
                }));
        for (int task = 0; task < tasks; task++) {
          assertThat(runs.get(task)).as("seed %d, phase %d", seed, phase).isEqualTo(1);
          assertThat(plain[task]).as("written before run returns").isEqualTo(task + 1);
        }
      }
    }
  }

  @Test
  void anExecutorThatNeverRunsItsTasksDelaysNothing() {
    AtomicIntegerArray runs = new AtomicIntegerArray(10);
    try (WorkTeam team = new WorkTeam(task -> {}, 4)) {
      team.run(work(10, runs::incrementAndGet));
    }
    assertThat(runs.toString()).isEqualTo("[1, 1, 1, 1, 1, 1, 1, 1, 1, 1]");
  }

  @Test
  void helpersReallyTakeTasks() {
    Thread caller = Thread.currentThread();
    AtomicReference<Thread> other = new AtomicReference<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(1);
        WorkTeam team = new WorkTeam(executor, 2)) {
      // the caller's task does not end before a helper has taken the other one
      team.run(
          work(
              2,
              task -> {
                if (Thread.currentThread() == caller) {
                  while (other.get() == null) {
                    Thread.onSpinWait();
                  }
                } else {
                  other.set(Thread.currentThread());
                }
              }));
    }
    assertThat(other.get()).isNotNull().isNotSameAs(caller);
  }

  @Test
  void helpersThatAreParkedComeBack() throws InterruptedException {
    AtomicReference<Thread> helper = new AtomicReference<>();
    Thread caller = Thread.currentThread();
    Work both =
        work(
            2,
            task -> {
              if (Thread.currentThread() == caller) {
                while (helper.get() == null) {
                  Thread.onSpinWait();
                }
              } else {
                helper.set(Thread.currentThread());
              }
            });
    try (ExecutorService executor = Executors.newFixedThreadPool(1);
        WorkTeam team = new WorkTeam(executor, 2)) {
      for (int round = 0; round < 3; round++) {
        helper.set(null);
        team.run(both);
        Thread parked = helper.get();
        while (parked.getState() != Thread.State.WAITING) {
          Thread.onSpinWait();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void theLowestFailingTasksExceptionIsThrownAfterAllTasks(int threads) {
    AtomicIntegerArray runs = new AtomicIntegerArray(8);
    try (ExecutorService executor = Executors.newFixedThreadPool(2);
        WorkTeam team = new WorkTeam(executor, threads)) {
      Work failing =
          work(
              8,
              task -> {
                runs.incrementAndGet(task);
                if (task >= 3) {
                  throw new IllegalStateException("task " + task);
                }
              });
      assertThatThrownBy(() -> team.run(failing))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("task 3");
      assertThat(runs.toString()).isEqualTo("[1, 1, 1, 1, 1, 1, 1, 1]");
      team.run(work(8, runs::incrementAndGet));
      assertThat(runs.toString()).isEqualTo("[2, 2, 2, 2, 2, 2, 2, 2]");
    }
  }

  @Test
  void worksTogetherKeepTheirOwnTaskNumbers() {
    StringBuilder order = new StringBuilder();
    Work together =
        Work.together(
            List.of(
                work(2, task -> order.append('a').append(task)),
                work(0, task -> order.append('x')),
                work(3, task -> order.append('b').append(task))));
    try (WorkTeam team = new WorkTeam()) {
      team.run(together);
    }
    assertThat(order.toString()).isEqualTo("a0a1b0b1b2");
  }

  @Test
  void anExecutorThatRunsTasksOnTheSubmittingThreadIsNoHelpAndNoHarm() {
    AtomicIntegerArray runs = new AtomicIntegerArray(5);
    try (WorkTeam team = new WorkTeam(Runnable::run, 3)) {
      team.run(work(5, runs::incrementAndGet));
    }
    assertThat(runs.toString()).isEqualTo("[1, 1, 1, 1, 1]");
  }
}
