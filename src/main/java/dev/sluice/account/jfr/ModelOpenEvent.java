package dev.sluice.account.jfr;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import org.jspecify.annotations.Nullable;

@Name("dev.sluice.ModelOpen")
@Label("Model Open")
@Category("Sluice")
@Description("A model file that was read, checked and bound")
final class ModelOpenEvent extends Event implements RecordedOpening {
  @Label("Path")
  String path = "";

  @Label("File Size")
  @DataAmount
  long fileBytes;

  @Label("Precision")
  @Description("Of the weights as opened")
  String precision = "";

  @Label("Placement")
  @Description("Weights copied into memory, or mapped from the file")
  String placement = "";

  static @Nullable RecordedOpening begun() {
    ModelOpenEvent event = new ModelOpenEvent();
    if (!event.isEnabled()) {
      return null;
    }
    event.begin();
    return event;
  }

  @Override
  public void end(String path, long fileBytes, String precision, String placement) {
    end();
    this.path = path;
    this.fileBytes = fileBytes;
    this.precision = precision;
    this.placement = placement;
    commit();
  }
}
