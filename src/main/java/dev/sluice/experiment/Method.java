package dev.sluice.experiment;

/// A way to spend fewer MACs than the reference network.
public interface Method {
  /// As it is asked for and recorded: lower case, hyphens.
  String name();

  /// One line for people.
  String description();

  /// Trains one network. It takes architecture, options and teacher from the setting where the method does not itself consist in changing
  /// them, chooses by validation rows alone, and depends on nothing but the setting: not on threads, other cells or time.
  ///
  /// @throws dev.sluice.train.UnreachableBudgetException if no network of this method is as cheap as the budget
  Trained train(Setting setting);
}
