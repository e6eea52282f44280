package dev.sluice.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Independent pieces of work on the cores there are: several at once with a thread each, the last ones with more threads each.
final class Jobs {
  /// @param name for people who wait
  record Job(String name, Consumer<Execution> work) {}

  private final List<Job> jobs;
  private final ExperimentListener listener;
  private final Execution execution;
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicReference<@Nullable RuntimeException> failure = new AtomicReference<>();

  private Jobs(List<Job> jobs, ExperimentListener listener, Execution execution) {
    this.jobs = jobs;
    this.listener = listener;
    this.execution = execution;
  }

  /// Runs them in their order. After a failure none is begun, and it is thrown when those that run are done.
  static void run(
      List<Job> jobs, int threads, Cancellation cancellation, ExperimentListener listener) {
    if (jobs.isEmpty()) {
      return;
    }
    int workers = Math.min(threads, jobs.size());
    int threadsPerJob = Math.max(1, threads / workers);
    try (ExecutorService helpers = pool("sluice-helper-", workers * (threadsPerJob - 1));
        ExecutorService pool = pool("sluice-job-", workers)) {
      Execution execution = new Execution(helpers, threadsPerJob, cancellation);
      Jobs run = new Jobs(List.copyOf(jobs), listener, execution);
      List<Future<?>> done = new ArrayList<>();
      for (int worker = 0; worker < workers; worker++) {
        done.add(pool.submit(run::work));
      }
      await(done, cancellation);
      if (run.failure.get() instanceof RuntimeException e) {
        throw e;
      }
    }
  }

  /// Daemons, so that a failed job cannot keep the process alive.
  private static ExecutorService pool(String name, int threads) {
    return Executors.newFixedThreadPool(
        Math.max(1, threads), Thread.ofPlatform().daemon().name(name, 1).factory());
  }

  private static void await(List<Future<?>> done, Cancellation cancellation) {
    for (Future<?> worker : done) {
      try {
        worker.get();
      } catch (InterruptedException e) {
        cancellation.cancel();
        Thread.currentThread().interrupt();
        throw new Cancellation.CancelledException();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        throw new IllegalStateException("job failed", e.getCause());
      }
    }
  }

  private void work() {
    for (int index = next.getAndIncrement();
        index < jobs.size() && failure.get() == null;
        index = next.getAndIncrement()) {
      Job job = jobs.get(index);
      try {
        execution.cancellation().requireWanted();
        job.work().accept(execution);
        listener.done(job.name());
      } catch (RuntimeException e) {
        failure.compareAndSet(null, e);
      }
    }
  }
}
