#!/usr/bin/env bash
#
# Speaks a part of MELD with eSpeak NG, in MELD's own layout: SYNTHETIC stand-ins for clips that may not be
# shared, so that the whole road from MP4 to figures can be run where MELD itself is not.
#
#   make-meld-standins.sh TABLES OUTPUT_FOLDER
#
# TABLES holds MELD's three official tables (train_sent_emo.csv, dev_…, test_…). OUTPUT_FOLDER gets the tables
# cut down to some 250 rows (18, 8 and 10 of each emotion in train, dev and test), and their clips as MP4
# (MPEG-4 video, AAC): train/train_splits, dev/dev_splits_complete, test/output_repeated_splits_test. What is
# wrong with the published clips is wrong here too, once each:
#   - train dia125_utt3 and dev dia110_utt7 are missing;
#   - the first test clip exists twice, and the corrected final_videos_test… is the one that fits its row;
#   - one train clip breaks off in its middle (so it is with some copies of MELD);
#   - most clips last longer or shorter than the times of their rows.
# Equal tables, eSpeak NG and ffmpeg give equal bytes. What makes a clip "angry" is a pitch, a rate and a
# loudness out of a table below: nothing here is evidence about people.
set -euo pipefail
export LC_ALL=C

fail() {
  echo "make-meld-standins.sh: $*" >&2
  exit 2
}

# Writes the cut tables, and on standard output six lines a clip: path, voice, pitch, rate, loudness, text.
plan() { # TABLES FOLDER
  awk -v tables="$1" -v folder="$2" '
    # Fields of a line by RFC 4180, into field[]; MELD has no line breaks inside of fields.
    function parse(line,  count, i, c, text, quoted) {
      count = 0; text = ""; quoted = 0
      for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        if (quoted && c == "\"" && substr(line, i + 1, 1) == "\"") { text = text c; i++ }
        else if (c == "\"") quoted = !quoted
        else if (c == "," && !quoted) { field[++count] = text; text = "" }
        else text = text c
      }
      field[++count] = text
    }
    # Park and Miller (1988), so that every awk draws the same.
    function uniform() { state = (state * 16807) % 2147483647; return state / 2147483647 }
    function about(mean, spread) { return int(mean + spread * (2 * uniform() - 1) + 0.5) }
    # A voice for each name, by the sum of its bytes.
    function voice(name,  i, sum) {
      sum = 0
      for (i = 1; i <= length(name); i++) sum += index(alphabet, substr(name, i, 1))
      return "en-us+" ((sum % 2) ? "f" (1 + sum % 4) : "m" (1 + sum % 7))
    }
    function speak(path, emotion, name, text) {
      printf "%s\n%s\n", path, voice(name)
      split(cue[emotion], mean, " ")
      printf "%d\n%d\n%d\n%s\n", about(mean[1], 12), about(mean[2], 20), about(mean[3], 20), text
    }
    function take(split_, table, clips, each,  source, target, line, stem, taken, isFirst) {
      source = tables "/" split_ "_sent_emo.csv"; target = folder "/" table
      isFirst = 1
      while ((getline line < source) > 0) {
        sub(/\r$/, "", line)
        if (isFirst) { print line "\r" > target; isFirst = 0; continue }
        parse(line)
        stem = "dia" field[6] "_utt" field[7]
        isMissing = (split_ == "train" && stem == "dia125_utt3") || (split_ == "dev" && stem == "dia110_utt7")
        if (taken[field[4]]++ >= each && !isMissing) continue
        print line "\r" > target
        if (isMissing) continue
        if (split_ == "test" && ++tests == 1) {
          speak(clips "/" stem ".mp4", "neutral", field[3], "This is not what the table says.")
          stem = "final_videos_test" stem
        }
        speak(clips "/" stem ".mp4", field[4], field[3], field[2])
      }
      if (isFirst) { print "make-meld-standins.sh: " source " cannot be read." > "/dev/stderr"; exit 2 }
    }
    BEGIN {
      state = 20181
      alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
      # pitch (0-99), words a minute, loudness (0-200)
      cue["neutral"] = "45 165 90"; cue["joy"] = "70 190 130"; cue["sadness"] = "25 125 50"
      cue["anger"] = "55 205 180"; cue["surprise"] = "88 165 140"; cue["fear"] = "75 225 70"
      cue["disgust"] = "20 150 120"
      take("train", "train/train_sent_emo.csv", "train/train_splits", 18)
      take("dev", "dev_sent_emo.csv", "dev/dev_splits_complete", 8)
      take("test", "test_sent_emo.csv", "test/output_repeated_splits_test", 10)
    }'
}

make_clip() { # PATH VOICE PITCH RATE LOUDNESS TEXT
  local wav=$1.wav
  espeak-ng -v "$2" -p "$3" -s "$4" -a "$5" -w "$wav" -- "$6" 2>/dev/null
  ffmpeg -nostdin -loglevel error -y -threads 1 -f lavfi -i color=c=gray:s=32x32:r=4 -i "$wav" -shortest \
    -map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact \
    -c:v mpeg4 -c:a aac -b:a 64k -ar 48000 "$1"
  rm "$wav"
}
export -f make_clip

main() {
  [ $# = 2 ] || fail "usage: make-meld-standins.sh TABLES OUTPUT_FOLDER"
  local tables output program
  [ -d "$1" ] || fail "$1 is no folder; it should hold MELD's three tables."
  for program in espeak-ng ffmpeg; do
    command -v "$program" >/dev/null || fail "$program is missing; on Debian: apt-get install $program"
  done
  tables=$(cd "$1" && pwd)
  mkdir -p "$2"/train/train_splits "$2"/dev/dev_splits_complete "$2"/test/output_repeated_splits_test
  output=$(cd "$2" && pwd)
  plan "$tables" "$output" >"$output/.calls"
  (cd "$output" && xargs -d '\n' -n 6 -P "$(nproc)" bash -c 'set -e; make_clip "$@"' speak <.calls)
  rm "$output/.calls"
  local broken
  broken=$(find "$output/train/train_splits" -name '*.mp4' | sort | sed -n 60p)
  truncate -s $(($(stat -c %s "$broken") / 2)) "$broken"
  echo "The speech in this folder is synthetic: eSpeak NG spoke the text of some of MELD's rows for" \
    "make-meld-standins.sh, and no person was recorded." >"$output/synthetic.txt"
  echo "$output: $(find "$output" -name '*.mp4' | wc -l) clips, of which $(basename "$broken") is broken."
}

main "$@"
