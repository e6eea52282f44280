package dev.sluice.data;

import java.util.List;

/// Known sets that no download is offered for: their homes publish no checksum, ask for a
/// registration, or the set is put together from several places. `docs/DATA.md` has the layouts.
final class PlacedSets {
  private static final String CELLS = "pbmc3k/filtered_gene_bc_matrices/hg19/";

  private PlacedSets() {}

  static List<DataCatalogue.Entry> entries() {
    return List.of(
        set(
            "cifar100",
            "photographs, 32×32 colour, 50,000 + 10,000 rows, 100 or 20 classes",
            "Krizhevsky 2009 asks to be cited; no licence stated",
            "cifar100/cifar-100-binary/train.bin",
            "cifar100/cifar-100-binary/test.bin"),
        set(
            "svhn",
            "house numbers, 32×32 colour, 73,257 + 26,032 rows, 10 classes",
            "Netzer et al. 2011 ask to be cited; non-commercial use",
            "svhn/train_32x32.mat",
            "svhn/test_32x32.mat"),
        set(
            "tiny-imagenet",
            "photographs, 64×64 colour, 100,000 + 10,000 rows, 200 classes",
            "Stanford CS231n; no licence stated",
            "tiny-imagenet/tiny-imagenet-200/wnids.txt",
            "tiny-imagenet/tiny-imagenet-200/train",
            "tiny-imagenet/tiny-imagenet-200/val/val_annotations.txt"),
        set(
            "pbmc3k",
            "blood cells, gene counts of 2,638 labelled cells, 9 or 8 classes",
            "10x Genomics, CC BY 4.0",
            CELLS + "matrix.mtx",
            CELLS + "genes.tsv",
            CELLS + "barcodes.tsv",
            "pbmc3k/labels.csv"),
        set(
            "speech-commands",
            "spoken words of one second at 16 kHz, 12 classes",
            "Warden 2018, CC BY 4.0",
            "speech-commands/testing_list.txt",
            "speech-commands/validation_list.txt"),
        set(
            "fsdd",
            "spoken digits at 8 kHz, 10 classes",
            "Jackson et al., CC BY-SA 4.0",
            "fsdd/train",
            "fsdd/test"),
        set(
            "imdb",
            "film reviews, 2 classes",
            "Maas et al. 2011 ask to be cited; no licence stated",
            "imdb/train.tsv",
            "imdb/test.tsv"));
  }

  private static DataCatalogue.Entry set(
      String name, String summary, String terms, String... placed) {
    return new DataCatalogue.Entry(name, summary, terms, List.of(), List.of(placed));
  }
}
