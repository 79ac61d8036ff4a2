#!/bin/bash
# Measures copydesk beside fastText, Vowpal Wabbit, LIBLINEAR and scikit-learn, whole processes from
# files to files, and writes the tables of docs/SPEED.md: `benches/rivals/run.sh`, after `setup.sh` and
# `cargo build --release`. It asks nothing and takes about ten minutes.
#
# From the environment:
#   TEXTS     the folder with AG News as data.py reads it (../shared/bench beside the repository)
#   FOLDER    what setup.sh made; all files go there (target/rivals)
#   COPYDESK  the program (target/release/copydesk)
#   CORE      the processor that everything on one core runs on (1, or 0 where that is all there is)
#   PAGE      the page whose tables are written (docs/SPEED.md)
#   FIGURES   `wall` time, or `processor` time where others use the machine meanwhile (wall)
#   RUNS      runs of each measure instead of 3 to 20, for a quick look
#   ONLY      names of tools to run, as below, by commas; the others keep their last figures (all)
#
# What this copydesk has no options for is left out and named.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
folder=$(realpath -m "${FOLDER:-$root/target/rivals}")
source=$(realpath -m "${TEXTS:-$root/../shared/bench}")
copydesk=$(realpath -m "${COPYDESK:-$root/target/release/copydesk}")
page=$(realpath -m "${PAGE:-$root/docs/SPEED.md}")
core=${CORE:-$(($(nproc) > 1 ? 1 : 0))}
data=$folder/data models=$folder/models results=$folder/results
python=$folder/venv/bin/python
export FASTTEXT=$folder/bin/fasttext
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 LC_ALL=C.UTF-8

for file in "$source/agnews_test.jsonl.gz" "$copydesk" "$python" "$FASTTEXT" "$page"; do
  [ -e "$file" ] || { echo "run.sh: $file is not there; see the head of this file" >&2; exit 2; }
done
[ -n "${ONLY:-}" ] || rm -rf "$models" "$results"
mkdir -p "$data" "$models" "$results"

say() { printf '%s  %s\n' "$(date +%T)" "$*" >&2; }

knows() { # COMMAND WORD...: whether the help of copydesk's COMMAND has all the words
  local command=$1 word
  shift
  for word in "$@"; do
    "$copydesk" "$command" --help | grep -qE -e "(^|[^-a-z])$word([^-a-z]|\$)" || return 1
  done
}

bench() { # MEASURE NAME RUNS CORES COMMAND...
  local measure=$1 name=$2 runs=${RUNS:-$3} cores=$4
  shift 4
  taskset -c "$cores" hyperfine -N --style none --warmup $((runs > 3)) --runs "$runs" \
    --output "$folder/out.txt" --export-json "$results/$measure-$name.json" \
    "$(printf '%q ' "$@")" 2>"$folder/hyperfine.txt" ||
    { cat "$folder/hyperfine.txt" >&2; exit 1; }
}

# Measures one tool: `tool NAME TRAIN_RUNS BASE LABEL_RUNS COLD_RUNS [CORES]`. BASE is the file that is
# labelled, big or cut. Before it are set: `train`, the command that learns; `label`, the one that
# labels, and `every`, which writes all probabilities; {} stands there for a file's name without its
# ending; `files`, what the model is made of. 0 runs: not measured.
tool() {
  local name=$1 train_runs=$2 base=$3 label_runs=$4 cold_runs=$5 cores=${6:-$core}
  case ",${ONLY:-$name}," in *",$name,"*) ;; *) return 0 ;; esac
  say "$name"
  if [ "$train_runs" -gt 0 ]; then
    bench train "$name" "$train_runs" "$cores" "${train[@]}"
    printf '%s\n' "${train[*]}" >"$results/command-train-$name.txt"
  fi
  printf '%s\n' "${label[*]//"{}"/$data/$base}" >"$results/command-label-$name.txt"
  cat "${files[@]}" | wc -c >"$results/bytes-$name.txt"
  "${label[@]//"{}"/$data/test}" >"$results/labels-$name.txt"
  "${every[@]//"{}"/$data/test}" >"$results/every-$name.txt"
  bench "$base" "$name" "$label_runs" "$cores" "${label[@]//"{}"/$data/$base}"
  taskset -c "$cores" /usr/bin/time -v -o "$results/peak-$name.txt" \
    "${label[@]//"{}"/$data/$base}" >"$folder/out.txt"
  if [ "$cold_runs" -gt 0 ]; then
    bench cold "$name" "$cold_runs" "$cores" "${label[@]//"{}"/$data/one}"
  fi
}

say "texts"
"$python" "$here/data.py" "$source" "$data"
"$copydesk" --version >"$results/copydesk.txt"

# copydesk: with the features and the penalty that scikit-learn has below, and without what AG News has
# none of: neighbours, and probabilities calibrated by cross-validation.
plain=(--features words --min-articles 2 --alpha 0.1 --folds 0 --context-strength 0 --calibration none)
if knows train features words; then
  knows train --no-check && plain+=(--no-check)
  model=$models/copydesk.copydesk files=("$models/copydesk.copydesk")
  labels=("$copydesk" classify --from lines --format labels --model "$model" {}.txt -q)
  json=("$copydesk" classify --from jsonl --format jsonl --model "$model" {}.jsonl -q)
  every=("${json[@]}" -j1)
  train=("$copydesk" train "$data/train.jsonl" "${plain[@]}" -o "$model" -j1)
  if knows classify '- lines:' '- labels:'; then
    label=("${labels[@]}" -j1)
    tool copydesk 5 big 5 20
    if [ "$(nproc)" -gt 1 ]; then
      train=("$copydesk" train "$data/train.jsonl" "${plain[@]}" -o "$model" -j2)
      label=("${labels[@]}" -j2)
      tool copydesk-2 5 big 5 0 0,1
    fi
    if knows train --compact; then
      model=$models/compact.copydesk files=("$models/compact.copydesk")
      train=("$copydesk" train "$data/train.jsonl" "${plain[@]}" --compact -o "$model" -j1)
      label=("$copydesk" classify --from lines --format labels --model "$model" {}.txt -q -j1)
      every=("$copydesk" classify --from jsonl --format jsonl --model "$model" {}.jsonl -q -j1)
      tool copydesk-compact 5 big 5 20
    else
      say "left out: this copydesk has no train --compact"
    fi
  else
    say "left out: this copydesk has no classify --from lines --format labels"
    "${train[@]}" 2>/dev/null
  fi
  files=("$models/copydesk.copydesk")
  label=("${json[@]}" -j1) every=("${json[@]}" -j1)
  tool copydesk-json 0 big 5 0
else
  say "left out: this copydesk has no train --features words"
fi

for row in "fasttext-pairs 2 0.4 3" "fasttext-words 1 0.25 3"; do
  read -r name ngrams rate epochs <<<"$row"
  train=("$here/fasttext_run.sh" train "$ngrams" "$rate" "$epochs" "$data/train.ft" "$models/$name")
  label=("$here/fasttext_run.sh" classify "$models/$name" {}.txt)
  every=("$here/fasttext_run.sh" probabilities "$models/$name" {}.txt)
  files=("$models/$name.bin")
  tool "$name" 5 big 3 20
done

for row in "vw 5 big 3 10 classify" "liblinear 3 cut 3 5 probabilities" "sklearn 3 cut 3 5 probabilities"; do
  read -r name train_runs base label_runs cold_runs all <<<"$row"
  run=("$python" "$here/${name}_run.py") model=$models/$name files=("$models/$name")
  train=("${run[@]}" train "$data/train.txt" "$data/train.labels" "$model")
  label=("${run[@]}" classify "$model" {}.txt)
  every=("${run[@]}" "$all" "$model" {}.txt)
  tool "$name" "$train_runs" "$base" "$label_runs" "$cold_runs"
done

say "objectives"
taskset -c "$core" "$python" "$here/sklearn_run.py" objective "$models/sklearn" \
  "$data/train.txt" "$data/train.labels" >"$results/objective-sklearn.json"
[ ! -e "$models/copydesk.copydesk" ] ||
  "$copydesk" info "$models/copydesk.copydesk" --format json >"$results/objective-copydesk.json"

"$python" "$here/report.py" "$results" "$data" "$page" "${FIGURES:-wall}"
say "written: $page"
