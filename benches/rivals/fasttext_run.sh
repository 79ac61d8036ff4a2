#!/bin/sh
# fastText from raw text.
#
#   fasttext_run.sh train NGRAMS LR EPOCHS TEXTS MODEL   learns from texts, one a line after __label__N
#   fasttext_run.sh classify MODEL TEXTS                 writes label and probability of each text
#   fasttext_run.sh probabilities MODEL TEXTS            writes all labels and probabilities of each
#
# Letters are made small and punctuation blank, as its manual advises, by tr(1), which costs next to
# nothing beside fastText. The program is FASTTEXT.
set -eu

prepared() {
  LC_ALL=C tr 'A-Z!-/:-@[-^`{-~' 'a-z[ *]' <"$1"
}

case ${1:-} in
  train)
    # Word vectors nobody asked for are written to nowhere.
    ln -sf /dev/null "$6.vec"
    prepared "$5" >"$6.ft"
    "$FASTTEXT" supervised -input "$6.ft" -output "$6" -wordNgrams "$2" -lr "$3" -epoch "$4" \
      -dim 10 -bucket 200000 -thread 1 -verbose 0
    ;;
  classify) prepared "$3" | "$FASTTEXT" predict-prob "$2.bin" - 1 ;;
  probabilities) prepared "$3" | "$FASTTEXT" predict-prob "$2.bin" - 4 ;;
  *)
    echo "fasttext_run.sh: train, classify or probabilities?" >&2
    exit 2
    ;;
esac
