package dev.sluice.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import dev.sluice.format.AtomicFile;
import dev.sluice.model.OutputForm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Scores as a text table: `row,class,score_0,score_1,…`, scores with the digits that give back the
/// same f32. Regression has no class; a row whose scores are NaN has an empty one.
final class CsvScores implements AtomicFile.Content {
  private static final float HALF = 0.5f;

  private final ModelRows source;
  private final boolean hasClass;
  private final List<String> classNames;

  CsvScores(ModelRows source) {
    this.source = source;
    this.hasClass =
        source.model().spec().output() != OutputForm.IDENTITY || source.rows().classes() > 0;
    this.classNames = ModelRows.classNames(source.model());
  }

  @Override
  public void writeTo(WritableByteChannel channel) throws IOException {
    CsvWriter writer =
        CsvWriter.builder()
            .lineDelimiter(LineDelimiter.LF)
            .build(Channels.newWriter(channel, StandardCharsets.UTF_8));
    try {
      writer.writeRecord(header());
      for (int row = 0; row < source.rows().rows(); row++) {
        writer.writeRecord(line(row, source.scores(row)));
      }
      writer.flush();
    } catch (UncheckedIOException e) {
      // the caller names the file and what is wrong with the disk
      throw e.getCause();
    }
  }

  private List<String> header() {
    List<String> header = new ArrayList<>();
    header.add("row");
    if (hasClass) {
      header.add("class");
    }
    for (int k = 0; k < source.model().spec().outputs(); k++) {
      header.add("score_" + k);
    }
    return header;
  }

  private List<String> line(int row, float[] scores) {
    List<String> line = new ArrayList<>();
    line.add(Integer.toString(row));
    if (hasClass) {
      line.add(className(scores));
    }
    for (float score : scores) {
      line.add(Float.toString(score));
    }
    return line;
  }

  private String className(float[] scores) {
    boolean isLogit = source.model().spec().output() == OutputForm.IDENTITY;
    int index = Answers.classOf(scores, isLogit ? 0 : HALF);
    if (index < 0) {
      return "";
    }
    return index < classNames.size() ? classNames.get(index) : Integer.toString(index);
  }
}
