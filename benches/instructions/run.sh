#!/usr/bin/env bash
# Counts the instructions that the release binary takes for fixed jobs, with callgrind, and holds them against
# benches/instructions/counts.txt. Times depend on what else a machine does; these counts repeat to 1 in 10,000.
#
#   benches/instructions/run.sh                 compare; exit code 1 where a job takes over 5 % more
#   benches/instructions/run.sh --update        write counts.txt anew
#   benches/instructions/run.sh --functions JOB the functions that take most of a job, from a build with symbols
#
# The inputs are made of data/ and seeds/. What would move the counts is held still: the environment is empty,
# one thread works, and files are named relative to a temporary folder. valgrind presents the same processor on
# every machine with AVX2. What is left: the compiler and the C library, so that where these are others than
# those of counts.txt, more instructions are a warning and no failure; and the seeds of hash tables in the
# standard library (word lists, furniture phrases, ids of articles), which move a count by some thousands.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD
counts=$root/benches/instructions/counts.txt
most=105 # per cent of the old count

# What the jobs read, in the folder where they run.
make_inputs() {
  # Rows end in "text": "…"}, and the only escape in them is \".
  texts() { sed -E 's/.*"text": "(.*)"\}$/\1/; s/\\"/"/g'; }
  head -n 2000 "$root/data/news.jsonl" >news.jsonl
  texts <news.jsonl >page.txt
  { echo '<!DOCTYPE html><html lang="en"><head><title>A page</title></head><body><nav><a href="/">Home</a></nav><article><h1>A page</h1>'
    head -n 400 page.txt | sed 's/&/\&amp;/g; s/</\&lt;/g; s|.*|<p>&</p>|'
    echo '</article><footer><p>About us</p></footer></body></html>'; } >page.html
  # Articles of one row each.
  sed -E 's/^\{"article": "([^"]*)", "index": ([0-9]+),.*"text": /{"id": "\1-\2", "text": /' news.jsonl >articles.jsonl
  echo 'The bridge was closed on Monday, the police said.' >line.txt
  cat "$root/data/interview.jsonl" "$root/data/review.jsonl" >labelled.jsonl
}

# Name and arguments of each job. They run in this order: one may use the model that another made.
jobs=(
  'start        classify line.txt'
  'text         classify page.txt --format jsonl'
  'text-csv     classify page.txt --format csv'
  'html         classify page.html --format jsonl'
  'html-page    classify page.html --format html'
  'paragraphs   classify news.jsonl --format jsonl'
  'articles     classify articles.jsonl --format jsonl'
  'train        train labelled.jsonl --folds 0 -o model.copydesk'
  'train-words  train labelled.jsonl --features words --folds 0 -o words.copydesk'
  'words        classify articles.jsonl --format jsonl --model words.copydesk'
  'evaluate     evaluate labelled.jsonl --draws 200'
)

# Runs a job under callgrind; further options of callgrind come first.
callgrind() {
  local out=$1 binary=$2 log
  shift 2
  log=$(env -i valgrind --tool=callgrind --callgrind-out-file="$out" "$binary" "$@" -j1 2>&1 >/dev/null) || {
    printf '%s\n' "$log" >&2
    echo "instructions: copydesk $* failed: see above" >&2
    return 1
  }
  sed -nE 's/^==[0-9]+== Collected : ([0-9]+).*/\1/p' <<<"$log"
}

command -v valgrind >/dev/null || {
  echo "instructions: valgrind is not there: install it (apt-get install valgrind)" >&2
  exit 2
}
mode=${1:-compare}
case $mode in
  compare | --update | --functions) ;;
  *) sed -n '2,/^set /{/^#/s/^# \{0,1\}//p}' "$0" && exit 2 ;;
esac

here=$(mktemp -d)
trap 'rm -rf "$here"' EXIT
if [ "$mode" = --functions ]; then
  wanted=${2:?name a job}
  CARGO_PROFILE_RELEASE_STRIP=none CARGO_PROFILE_RELEASE_DEBUG=line-tables-only \
    cargo build --locked --release --target-dir target/symbols
else
  cargo build --locked --release --quiet
fi
cd "$here"
make_inputs

machine() {
  echo "rustc $(rustc --version | cut -d' ' -f2)"
  echo "libc $(ldd --version 2>/dev/null | sed -n '1s/.* //p')"
  echo "processor $(uname -m)$(grep -qm1 -w avx2 /proc/cpuinfo && echo ' avx2')"
}

measured=$here/counts.txt
{
  echo "# Instructions by job; benches/instructions/run.sh --update writes this file."
  machine
} >"$measured"
failed=0
other=0
if [ "$mode" = compare ]; then
  while read -r what value; do
    was=$(sed -nE "s/^$what //p" "$counts")
    [ "$was" = "$value" ] && continue
    echo "instructions: warning: $what is $value, that of counts.txt was $was: more instructions will not fail"
    other=1
  done < <(machine)
fi
for job in "${jobs[@]}"; do
  read -r name arguments <<<"$job"
  read -ra arguments <<<"$arguments"
  if [ "$mode" = --functions ]; then
    if [ "$name" != "$wanted" ]; then
      case $name in train*) "$root/target/symbols/release/copydesk" "${arguments[@]}" >/dev/null 2>&1 ;; esac
      continue
    fi
    callgrind callgrind.out "$root/target/symbols/release/copydesk" "${arguments[@]}" >/dev/null
    callgrind_annotate callgrind.out | sed -n '/^Ir/,$p' | cut -c1-160 | head -40
    exit 0
  fi
  count=$(callgrind /dev/null "$root/target/release/copydesk" "${arguments[@]}")
  echo "$name $count" >>"$measured"
  old=$(sed -nE "s/^$name ([0-9]+)$/\1/p" "$counts" 2>/dev/null || true)
  if [ -z "$old" ]; then
    printf '%-12s %14d\n' "$name" "$count"
    [ "$mode" = --update ] && continue
    echo "instructions: $name is not in counts.txt: run benches/instructions/run.sh --update and commit it"
    failed=1
    continue
  fi
  change=$(awk -v new="$count" -v old="$old" 'BEGIN { printf "%+.2f %%", (new / old - 1) * 100 }')
  printf '%-12s %14d  was %14d  %s\n' "$name" "$count" "$old" "$change"
  if [ "$mode" = compare ] && [ $((count * 100)) -gt $((old * most)) ]; then
    echo "instructions: $name takes $count instructions instead of $old ($change, and 5 % are allowed)." \
      "See where with benches/instructions/run.sh --functions $name; if the work is worth it, write the new" \
      "counts with benches/instructions/run.sh --update and say why in the commit"
    [ $other = 1 ] || failed=1
  fi
done
if [ "$mode" = --functions ]; then
  echo "instructions: there is no job $wanted; there are: $(printf '%s\n' "${jobs[@]}" | cut -d' ' -f1 | xargs)" >&2
  exit 2
fi
[ "$mode" = --update ] && cp "$measured" "$counts"
exit $failed
