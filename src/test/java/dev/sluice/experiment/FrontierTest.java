package dev.sluice.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.data.StrokeDigits;
import dev.sluice.kernel.Activation;
import dev.sluice.train.TrainingOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Small networks for an epoch: what is asked is who does what once, and whether the same comes out.
class FrontierTest {
  private static final ExperimentData DATA =
      new ExperimentData("digits", StrokeDigits.generate(200, 1), StrokeDigits.generateTest(60, 1));

  private static final Recipe RECIPE =
      new Recipe(
          List.of(48, 32),
          Activation.RELU,
          16,
          TrainingOptions.builder().epochs(1).dropout(0.1).build(),
          Optional.of(new TeacherRecipe(List.of(24), 2)));

  @TempDir private Path folder;

  /// What happened, and a wish to stop after so many jobs.
  private static final class Log implements ExperimentListener {
    private final List<String> done = Collections.synchronizedList(new ArrayList<>());
    private final List<String> unreachable = Collections.synchronizedList(new ArrayList<>());
    private final Cancellation cancellation = new Cancellation();
    private final String lastJob;

    Log(String lastJob) {
      this.lastJob = lastJob;
    }

    @Override
    public void done(String job) {
      done.add(job);
      if (job.equals(lastJob)) {
        cancellation.cancel();
      }
    }

    @Override
    public void unreachable(Cell cell, String reason) {
      unreachable.add(cell + ": " + reason);
    }
  }

  private FrontierPlan plan(String name, String methods, int threads) throws Exception {
    return plan(name, RECIPE, methods, 0.7, threads);
  }

  private FrontierPlan plan(String name, Recipe recipe, String methods, double budget, int threads)
      throws Exception {
    Path own = Files.createDirectories(folder.resolve(name));
    return new FrontierPlan(
        recipe, Methods.parse(methods), List.of(budget), List.of(1L, 2L), own, threads, false);
  }

  private static Log run(FrontierPlan plan) {
    Log log = new Log("");
    new Frontier(plan, DATA, log, log.cancellation).run();
    return log;
  }

  /// Without the time it took.
  private static List<String> records(FrontierPlan plan) throws Exception {
    return Files.readAllLines(plan.folder().resolve("records.jsonl")).stream()
        .map(line -> line.replaceAll("\"seconds\":[^,]*,", ""))
        .toList();
  }

  @Test
  void everyCellIsRecordedWithItsComparators() throws Exception {
    FrontierPlan plan = plan("a", "static,linear", 1);
    Log log = run(plan);
    assertEquals(4, records(plan).size());
    assertTrue(
        log.done.containsAll(
            List.of("teacher-1-0", "teacher-2-1", "answers-1", "dense-2", "equal-mac-0.7-1")),
        log.done.toString());
    try (RecordFile file = RecordFile.open(plan.folder())) {
      for (FrontierRecord record : file.all()) {
        assertEquals(0.7, record.relativeMacs(), 0.1, record.toString());
        assertEquals(0.7, record.equalMacRelativeMacs(), 0.02, record.toString());
        assertEquals("784-48-32-10", record.layers());
        assertTrue(record.latency().isEmpty());
        assertTrue(record.denseAccuracy() > 0 && record.equalMacAccuracy() > 0);
        assertEquals("1", record.settings().get("epochs"));
      }
    }
  }

  @Test
  void manyThreadsMakeTheSameRecordsAsOne() throws Exception {
    FrontierPlan one = plan("one", "static,linear", 1);
    FrontierPlan three = plan("three", "static,linear", 3);
    run(one);
    run(three);
    assertEquals(records(one), records(three));
  }

  @Test
  void anInterruptedRunIsContinuedToTheSameRecords() throws Exception {
    FrontierPlan whole = plan("whole", "static,linear", 1);
    run(whole);
    for (String lastJob : List.of("teacher-2-0", "equal-mac-0.7-1", "static-0.7-1")) {
      FrontierPlan plan = plan("cut-" + lastJob, "static,linear", 1);
      Log log = new Log(lastJob);
      assertThrows(
          Cancellation.CancelledException.class,
          () -> new Frontier(plan, DATA, log, log.cancellation).run());
      assertEquals(lastJob, log.done.getLast());
      int before = Frontier.missing(plan).size();
      assertEquals(lastJob.startsWith("static") ? 3 : 4, before);
      Log second = run(plan);
      assertEquals(before, cells(second));
      assertEquals(records(whole), records(plan), "cut after " + lastJob);
    }
  }

  private static long cells(Log log) {
    return log.done.stream()
        .filter(job -> job.startsWith("static") || job.startsWith("linear"))
        .count();
  }

  @Test
  void whatIsDoneIsNotDoneAgainAndMethodsCanBeAdded() throws Exception {
    FrontierPlan plan = plan("more", "static", 1);
    run(plan);
    List<String> first = records(plan);
    assertEquals(List.of(), run(plan).done);
    Path dense = plan.folder().resolve("models/dense-1.safetensors");
    Object written = Files.getLastModifiedTime(dense);
    FrontierPlan more = plan("more", "static,linear", 1);
    assertEquals(2, cells(run(more)));
    assertEquals(written, Files.getLastModifiedTime(dense));
    assertTrue(records(more).containsAll(first));
    assertEquals(4, records(more).size());
  }

  @Test
  void otherSettingsAreRefused() throws Exception {
    run(plan("settings", "static", 1));
    FrontierPlan other = plan("settings", RECIPE.withEpochs(2), "static", 0.7, 1);
    IllegalStateException e =
        assertThrows(
            IllegalStateException.class,
            () -> new Frontier(other, DATA, new Log(""), new Cancellation()));
    assertTrue(String.valueOf(e.getMessage()).contains("setting=epochs, there=1, here=2"));
  }

  @Test
  void aBudgetThatAMethodCannotMeetStopsNoOther() throws Exception {
    // a static gate can leave one block of each layer: (784·16 + 16·16 + 16·10) / 39,488 = 0.33
    FrontierPlan plan = plan("small", RECIPE, "linear,static", 0.34, 1);
    Log log = run(plan);
    assertEquals(2, records(plan).size());
    assertEquals(2, log.unreachable.size());
    assertTrue(log.unreachable.getFirst().startsWith("linear-0.34-"), log.unreachable.toString());
    assertTrue(log.unreachable.getFirst().contains("mac budget cannot be met"));
  }

  @Test
  void seedsDifferInSplitAndNetwork() throws Exception {
    SeedNets first = new SeedNets(RECIPE, DATA, 1, new ModelStore(folder.resolve("m")));
    SeedNets second = new SeedNets(RECIPE, DATA, 2, new ModelStore(folder.resolve("m")));
    Execution execution = Execution.single(new Cancellation());
    assertNotEquals(
        first.setting(1, execution).validation().contentHash(),
        second.setting(1, execution).validation().contentHash());
    assertEquals(20, first.setting(1, execution).validation().rows());
    assertEquals(180, first.setting(1, execution).training().rows());
  }

  @Test
  void latenciesAreMeasuredByALaterRun() throws Exception {
    FrontierPlan plan = plan("late", "static", 1);
    run(plan);
    FrontierPlan measured =
        new FrontierPlan(
            plan.recipe(), plan.methods(), plan.budgets(), plan.seeds(), plan.folder(), 1, true);
    Log log = run(measured);
    assertEquals(List.of("latency of static-0.7-1", "latency of static-0.7-2"), log.done);
    try (RecordFile file = RecordFile.open(plan.folder())) {
      for (FrontierRecord record : file.all()) {
        Latencies latency = record.latency().orElseThrow();
        assertTrue(latency.dense() > 0 && latency.model() > 0 && latency.equalMac() > 0);
        assertEquals(latency.dense() / latency.model(), latency.speedup());
        assertFalse(record.latencySkipping().isEmpty());
      }
    }
    assertEquals(List.of(), run(measured).done);
  }
}
