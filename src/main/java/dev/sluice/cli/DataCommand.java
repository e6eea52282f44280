package dev.sluice.cli;

import dev.sluice.data.DataCatalogue;
import dev.sluice.data.DataDirectory;
import dev.sluice.data.Downloader;
import dev.sluice.report.Figures;
import dev.sluice.report.JsonText;
import dev.sluice.report.TextTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `sluice data`: the known data sets, and how they come to this machine.
@Command(
    name = "data",
    description = "Lists known data sets, downloads them, says where they are.",
    subcommands = {DataCommand.ListSets.class, DataCommand.Get.class, DataCommand.Where.class},
    synopsisSubcommandLabel = "COMMAND",
    usageHelpWidth = CommonOptions.HELP_WIDTH,
    footer = {
      "",
      "Sets live in the directory that SLUICE_DATA names, else in the user's cache.",
      "",
      "Example:",
      "  sluice data get mnist"
    })
final class DataCommand {
  @Mixin final CommonOptions common = new CommonOptions();

  /// The sets that need no file.
  private static final String GENERATED = "stroke-digits";

  /// `sluice data list`
  @Command(
      name = "list",
      description = "Lists the known data sets and which of them are here.",
      usageHelpWidth = CommonOptions.HELP_WIDTH,
      footer = {"", "Example:", "  sluice data list"})
  static final class ListSets implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
      if (common.isJson()) {
        common.out().println(JsonText.array(sets(), ListSets::describe));
      } else {
        common.out().print(table().format());
      }
      return 0;
    }

    private static List<KnownSet> sets() {
      Path directory = DataDirectory.standard();
      List<KnownSet> sets = new ArrayList<>();
      sets.add(
          new KnownSet(GENERATED, "digits drawn from strokes, any number of rows", 0, "", true));
      for (DataCatalogue.Entry entry : DataCatalogue.entries()) {
        sets.add(
            new KnownSet(
                entry.name(),
                entry.summary(),
                entry.downloadBytes(),
                entry.isDownloadable() ? Figures.bytes(entry.downloadBytes()) : "by hand",
                entry.isComplete(directory)));
      }
      return sets;
    }

    private static void describe(KnownSet set, JsonText object) {
      object
          .put("name", set.name())
          .put("summary", set.summary())
          .put("downloadBytes", set.downloadBytes())
          .put("present", set.present());
    }

    private static TextTable table() {
      TextTable table = new TextTable().left("name").left("here").right("download").left("what");
      for (KnownSet set : sets()) {
        table.row(
            set.name(),
            set.name().equals(GENERATED) ? "generated" : set.present() ? "yes" : "no",
            set.download(),
            set.summary());
      }
      return table;
    }

    /// @param downloadBytes 0 for a set that is generated or placed by hand
    private record KnownSet(
        String name, String summary, long downloadBytes, String download, boolean present) {}
  }

  /// `sluice data get`
  @Command(
      name = "get",
      description = "Downloads data sets from their public homes and verifies their checksums.",
      usageHelpWidth = CommonOptions.HELP_WIDTH,
      footer = {"", "Example:", "  sluice data get mnist"})
  static final class Get implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "NAME", description = "See 'sluice data list'.")
    private List<String> names = new ArrayList<>();

    @Mixin private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
      List<DataCatalogue.Entry> entries = names.stream().map(this::entry).toList();
      Path directory = DataDirectory.standard();
      for (DataCatalogue.Entry entry : entries) {
        try (DownloadReport report = new DownloadReport(common.err())) {
          new Downloader(report).get(entry, directory);
        }
      }
      if (common.isJson()) {
        common
            .out()
            .println(
                JsonText.array(
                    entries,
                    (entry, object) ->
                        object
                            .put("name", entry.name())
                            .put("directory", directory.resolve(entry.name()).toString())));
      } else {
        entries.forEach(
            entry -> common.out().println(entry.name() + ": " + directory.resolve(entry.name())));
      }
      return 0;
    }

    private DataCatalogue.Entry entry(String name) {
      List<String> known = new ArrayList<>();
      for (DataCatalogue.Entry entry : DataCatalogue.entries()) {
        if (entry.isDownloadable()) {
          known.add(entry.name());
        }
        if (entry.name().equals(name)) {
          return requireDownloadable(entry);
        }
      }
      throw common.misuse(
          (name.equals(GENERATED)
                  ? "set is generated and needs no download: name="
                  : "unknown set: name=")
              + name
              + ", known="
              + String.join(", ", known));
    }

    private DataCatalogue.Entry requireDownloadable(DataCatalogue.Entry entry) {
      if (!entry.isDownloadable()) {
        throw common.misuse(
            "set is placed by hand: name="
                + entry.name()
                + ", directory="
                + DataDirectory.standard()
                + ", files="
                + String.join(", ", entry.placed()));
      }
      return entry;
    }
  }

  /// `sluice data path`
  @Command(
      name = "path",
      description = "Prints the directory of the data sets.",
      usageHelpWidth = CommonOptions.HELP_WIDTH,
      footer = {"", "Example:", "  sluice data path"})
  static final class Where implements Callable<Integer> {
    @Mixin private final CommonOptions common = new CommonOptions();

    @Override
    public Integer call() {
      String directory = DataDirectory.standard().toString();
      common.print(() -> JsonText.object().put("directory", directory), () -> directory + "\n");
      return 0;
    }
  }
}
