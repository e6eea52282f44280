package dev.sluice.train;

import dev.sluice.format.FormatException;
import dev.sluice.memory.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A network bound to weights and to the buffers of a batch: forward, and back if [NetworkBinding] bound it with gradients. What a pass
/// computes, it leaves in the buffers.
final class Network {
  private final WorkTeam team;
  private final Batch batch;
  private final Matrix input;
  private final List<LayerPass> layers;
  private final List<LayerInput> inputs;
  private final StageAnswers answers;
  private final MacCosts costs;
  private final List<ProductPass.Back> products = new ArrayList<>();
  private final List<Work> backPhases = new ArrayList<>();
  private final Work transposes;
  private int takenBack;

  /// @param inputs what each layer reads
  Network(
      WorkTeam team,
      Batch batch,
      Matrix input,
      List<LayerPass> layers,
      List<LayerInput> inputs,
      StageAnswers answers,
      MacCosts costs) {
    this.team = team;
    this.batch = batch;
    this.input = input;
    this.layers = List.copyOf(layers);
    this.inputs = List.copyOf(inputs);
    this.answers = answers;
    this.costs = costs;
    if (layers.getLast().product().hasBack()) {
      for (int layer = layers.size() - 1; layer >= 0; layer--) {
        addBack(this.layers.get(layer), inputs.get(layer));
      }
    }
    this.transposes = Work.together(products.stream().map(ProductPass.Back::transpose).toList());
  }

  private void addBack(LayerPass layer, LayerInput read) {
    addStartBack(layer);
    List<ProductPass.Back> readers = new ArrayList<>();
    readers.add(layer.product().back());
    LayerPass haltingUnit = answers.haltingUnit(layer);
    if (haltingUnit != null) {
      readers.add(haltingUnit.product().back());
    }
    List<ProductPass.Back> lightReaders = new ArrayList<>();
    GatePass gate = layer.gate();
    if (gate != null) {
      boolean readsLight = gate.layer().gate().form().readsLight();
      addChainBack(gate.chain(), readsLight ? lightReaders : readers);
    }
    List<LayerPass> light = layer.lightChain();
    if (!light.isEmpty()) {
      addStartBack(light.getLast());
      lightReaders.addFirst(light.getLast().product().back());
      addProductBack(lightReaders);
      readers.add(light.getFirst().product().back());
    }
    addProductBack(readers);
    Work split = read.split();
    if (split != null) {
      backPhases.add(split);
    }
  }

  /// All of a chain but what its first product does together with other readers of the same inputs.
  private void addChainBack(List<LayerPass> chain, List<ProductPass.Back> readers) {
    for (LayerPass inChain : chain.reversed()) {
      addStartBack(inChain);
      if (inChain == chain.getFirst()) {
        readers.add(inChain.product().back());
      } else {
        addProductBack(List.of(inChain.product().back()));
      }
    }
  }

  private void addStartBack(LayerPass layer) {
    if (layer.needsStartBack()) {
      backPhases.add(layer.startBack());
    }
  }

  /// The way back of products that read the same inputs.
  private void addProductBack(List<ProductPass.Back> readers) {
    List<Work> works = new ArrayList<>();
    for (ProductPass.Back reader : readers) {
      works.add(reader.weightGrad());
    }
    works.add(ProductPass.inputGrad(batch, readers));
    backPhases.add(Work.together(works));
    products.addAll(readers);
  }

  /// Runs the batch's rows in [#input] through the layers.
  void forward() {
    takenBack = 0;
    for (int index = 0; index < layers.size(); index++) {
      LayerPass layer = layers.get(index);
      Work prepare = inputs.get(index).prepare();
      if (prepare != null) {
        team.run(prepare);
      }
      GatePass gate = layer.gate();
      runAll(layer.lightChain());
      if (gate == null) {
        layer.product().setDenseGroups();
      } else {
        decide(gate);
        if (gate.computesClosed()) {
          layer.product().setDenseGroups();
        } else {
          layer.product().setGroups(gate.decisions().groups());
        }
      }
      run(layer);
      LayerPass haltingUnit = answers.haltingUnit(layer);
      if (haltingUnit != null) {
        haltingUnit.product().setDenseGroups();
        run(haltingUnit);
      }
    }
    HaltingPass halting = answers.halting();
    if (halting != null) {
      team.run(halting.forward());
    }
  }

  private void decide(GatePass gate) {
    runAll(gate.chain());
    team.run(gate.decide());
    takenBack += gate.group();
  }

  private void runAll(List<LayerPass> chain) {
    for (LayerPass inChain : chain) {
      inChain.product().setDenseGroups();
      run(inChain);
    }
  }

  private void run(LayerPass layer) {
    team.run(layer.product().forward());
    if (layer.needsFinish()) {
      team.run(layer.finish());
    }
  }

  /// Open gates that the last batch had no room for, see [GatePass#group].
  int takenBack() {
    return takenBack;
  }

  /// Takes in the weights as they are; to be run before [#backward] whenever they have changed, at the same time as anything that does
  /// not change them.
  Work transposes() {
    return transposes;
  }

  /// From the answers' gradients, to be filled before, to the gradients of all parameters.
  ///
  /// @param ramp share of the penalties that acts
  /// @param macWeight λ of the budget
  /// @param losses of the rows, by the data
  void backward(double ramp, double macWeight, double[] losses) {
    for (LayerPass layer : layers) {
      GatePass gate = layer.gate();
      if (gate != null) {
        layer.product().setGroups(gate.decisions().groups());
        gate.endBatch(ramp, macWeight, losses);
      }
    }
    HaltingPass halting = answers.halting();
    if (halting != null) {
      team.run(halting.back());
    }
    for (Work phase : backPhases) {
      team.run(phase);
    }
  }

  /// Squared Euclidean norm of the gradients of gates or of layers.
  double squaredNorm(boolean ofGates) {
    double sum = 0;
    for (LayerPass layer : layers) {
      GatePass gate = layer.gate();
      if (!ofGates) {
        sum += layer.product().back().squaredNorm();
        LayerPass haltingUnit = answers.haltingUnit(layer);
        sum += haltingUnit == null ? 0 : haltingUnit.product().back().squaredNorm();
        for (LayerPass inLight : layer.lightChain()) {
          sum += inLight.product().back().squaredNorm();
        }
      } else if (gate != null) {
        for (LayerPass inGate : gate.chain()) {
          sum += inGate.product().back().squaredNorm();
        }
      }
    }
    return sum;
  }

  /// Sets temperature and threshold of all gates.
  void setGates(float temperature, float threshold) {
    for (LayerPass layer : layers) {
      GatePass gate = layer.gate();
      if (gate != null) {
        gate.setSchedule(temperature, threshold);
      }
    }
  }

  /// Adds a number to the logits of all gates that read their row, in batches that are not trained on.
  void shiftGates(float logits) {
    for (LayerPass layer : layers) {
      GatePass gate = layer.gate();
      if (gate != null) {
        gate.shift(logits);
      }
    }
  }

  /// What the gates' estimators remember from batch to batch, one after the other.
  double[] gateMemory() {
    return gatePasses().stream().flatMapToDouble(gate -> Arrays.stream(gate.memory())).toArray();
  }

  /// The inverse of [#gateMemory].
  void rememberGates(double[] memory) {
    int expected = gateMemory().length;
    if (memory.length != expected) {
      throw new FormatException(
          "checkpoint's memory of gates has a wrong length: expected="
              + expected
              + ", actual="
              + memory.length);
    }
    int from = 0;
    for (GatePass gate : gatePasses()) {
      int to = from + gate.memory().length;
      gate.remember(Arrays.copyOfRange(memory, from, to));
      from = to;
    }
  }

  private List<GatePass> gatePasses() {
    return layers.stream().map(LayerPass::gate).filter(Objects::nonNull).toList();
  }

  Matrix input() {
    return input;
  }

  /// Outputs before softmax or sigmoid of a row that goes through all stages; under halting the mixture.
  Matrix output() {
    return answers.output();
  }

  StageAnswers answers() {
    return answers;
  }

  List<LayerPass> layers() {
    return layers;
  }

  Batch batch() {
    return batch;
  }

  MacCosts costs() {
    return costs;
  }

  /// Per layer, null for dense layers.
  List<@Nullable GateDecisions> decisions() {
    List<@Nullable GateDecisions> decisions = new ArrayList<>();
    for (LayerPass layer : layers) {
      GatePass gate = layer.gate();
      decisions.add(gate == null ? null : gate.decisions());
    }
    return decisions;
  }
}
