package dev.sluice.experiment.paper;

import dev.sluice.experiment.Recipe;
import java.util.List;

/// One table of a paper: its data, how every network of it is trained, and the networks.
///
/// @param name as it is asked for: the data set, with a suffix where a paper has several settings of one
/// @param data what to load, as for `--data`
/// @param recipe of all networks that do not bring their own options
/// @param metrics the figures the paper reports, by its own definitions, and ours
/// @param nets in the order of the table
/// @param remarks what differs from the paper, and what its reader should know
public record PaperSetting(
    String name,
    String data,
    Recipe recipe,
    List<Metric> metrics,
    List<PaperNet> nets,
    List<String> remarks) {
  public PaperSetting {
    metrics = List.copyOf(metrics);
    nets = List.copyOf(nets);
    remarks = List.copyOf(remarks);
  }
}
