#!/usr/bin/env bash
#
# Makes two small corpora of SYNTHETIC emotional speech, English and German, for the quickstart.
#
#   make-synthetic-speech.sh OUTPUT_FOLDER [--seed N]
#
# leaves OUTPUT_FOLDER/synthetic-en and OUTPUT_FOLDER/synthetic-de, each with 8 speakers x 4 emotions
# x 8 sentences as <speaker>_<emotion>_<sentence>.wav, manifest.csv, and synthetic.txt, which says that
# it is synthetic. The same seed and the same eSpeak NG give the same bytes. Complete output is left alone.
#
# No person was recorded and nothing here is evidence about people. What makes an utterance "angry" is
# only this: the directions of vocal cues that the reviews agree on, relative to neutral speech.
#
#                       angry   happy       sad
#   F0 level            up      up          down    JL, S, MA
#   F0 range            up      up          down    JL, S, MA
#   speech rate         up      up          down    JL, S; MA finds happy speech faster or slower
#   loudness            up      up          down    JL, S, MA
#   energy above 1 kHz  up      up, less    down    JL, S
#   pauses              fewer   fewer       more    JL for angry and sad; happy is assumed
#
#   JL: Juslin and Laukka (2003), Psychological Bulletin 129, 770-814.
#   S:  Scherer (2003), Speech Communication 40, 227-256.
#   MA: Murray and Arnott (1993), Journal of the Acoustical Society of America 93, 1097-1108.
# Some speakers' anger is "cold", with much lower F0 than "hot" anger: Banse and Scherer (1996), Journal
# of Personality and Social Psychology 70, 614-636; its range and rate here are assumed.
#
# The sizes of the effects are invented, so that the classes overlap as they do in real corpora: every
# utterance varies, speakers differ in voice, loudness and how much they express, and the two corpora
# weigh the cues differently and have another ground level, which makes a gap between them. That gap is a
# device, not a claim about speakers of English or German.
#
# UAR seen with seed 1 (chance .25): a linear SVM on statistics of log-mel and MFCC, leaving one speaker
# out, .79 English and .77 German, across the two .58 and .65; on loudness alone .49 and .49. A small
# network as in quickstart.yaml, in PyTorch, .62-.66 on new speakers and .42-.53 across.

set -euo pipefail
export LC_ALL=C

fail() {
  echo "make-synthetic-speech.sh: $*" >&2
  exit "${status:-2}"
}

# Every random choice is drawn here, in one fixed order, before the first file is spoken: so neither the
# number of processes nor their timing can change a byte. Writes a voice file for each utterance,
# manifest.csv, and on standard output eleven lines a call of espeak-ng.
plan_corpus() {
  local language=$1 seed=$2 folder=$3
  # shellcheck disable=SC2016 # the $ are awk's
  awk -v language="$language" -v seed="$seed" -v folder="$folder" '
    # Park and Miller (1988): 16807 s mod (2^31 - 1); every product is exact in a double.
    function uniform() { state = (state * 16807) % 2147483647; return state / 2147483647 }
    # Nearly normal, mean 0, deviation 1: twelve uniforms less 6, so that no libm is involved.
    function normal(  i, sum) { sum = -6; for (i = 0; i < 12; i++) sum += uniform(); return sum }
    function clamp(x, low, high) { return x < low ? low : x > high ? high : x }
    function whole(x) { return int(x + 0.5) }

    BEGIN {
      FS = "|"
      state = (seed * 69621 + (language == "en" ? 101 : 202)) % 2147483646 + 1
      for (i = 0; i < 20; i++) uniform()  # small seeds start with small numbers
      print "file,speaker,gender,emotion,sentence,language" > (folder "/manifest.csv")
    }
    { gsub(/ *\| */, "|") }
    $1 == "cue" {
      for (i = 3; i <= 8; i++) effect[$2, i - 2] = $i
      if ($2 !~ /^(base|spread|cold)$/) emotions[++emotionCount] = $2
    }
    $1 == "speaker" { speakers[++speakerCount] = $0 }
    $1 == "sentence" { sentences[++sentenceCount] = $2 }

    END {
      for (s = 1; s <= speakerCount; s++) {
        split(speakers[s], field, "|")
        distanceDb = 2 * normal()
        for (e = 1; e <= emotionCount; e++)
          for (n = 1; n <= sentenceCount; n++) speak(emotions[e], n)
      }
    }

    function speak(emotion, n,  kind, strength, i, cue, name) {
      kind = emotion == "angry" && field[10] == "cold" ? "cold" : emotion
      strength = field[9] * clamp(1 + 0.35 * normal(), 0, 2)
      for (i = 1; i <= 6; i++) {
        cue[i] = effect["base", i] + strength * effect[kind, i] + effect["spread", i] * normal()
      }

      name = field[2] "_" emotion "_" language n
      printf "%s.wav,%s,%s,%s,%s%d,%s\n", name, field[2], field[3], emotion, language, n, language \
        > (folder "/manifest.csv")
      writeVoice(folder "/voices/" name, field[4] * 2 ^ (cue[1] / 12), 6 * 2 ^ cue[2], cue[5])
      printf "-v\n./voices/%s\n-w\n./%s.wav\n", name, name
      printf "-a\n%d\n", clamp(whole(32 * 10 ^ ((cue[4] + distanceDb) / 20)), 4, 200)
      printf "-s\n%d\n", clamp(whole(field[5] * (1 + cue[3] / 100)), 90, 320)
      printf "-g\n%d\n%s\n", clamp(whole(2 + cue[6]), 0, 12), sentences[n]
    }

    # A voice in the words of eSpeak NG: F0 bounds, formants of this speaker, and how strong each region
    # of the spectrum is (600 170 1200 135 2000 110 3000 110 is its own default).
    function writeVoice(file, f0Hz, rangeSemitones, tilt,  half, i) {
      half = 2 ^ (clamp(rangeSemitones, 1, 20) / 24)
      printf "name %s\ngender %s\n", field[2], field[3] > file
      # as the plain voices of the two languages begin
      print (language == "en" ? "language en-gb\ntunes s1 c1 q1 e1" : "language de\ntunes s4 c1 q4 e1") > file
      printf "pitch %d %d\n", whole(f0Hz / half), whole(f0Hz * half) > file
      for (i = 1; i <= 3; i++) printf "formant %d %d 100 100\n", i, field[5 + i] > file
      printf "flutter %d\nroughness %d\n", clamp(whole(3 + 2 * normal()), 0, 8), \
        clamp(whole(1 + normal()), 0, 4) > file
      printf "tone 600 170 1200 %d 2000 %d 3000 %d\n", clamp(whole(135 + 14 * tilt), 60, 220), \
        clamp(whole(110 + 22 * tilt), 30, 240), clamp(whole(110 + 26 * tilt), 20, 250) > file
      close(file)
    }' <(corpus "$language")
}

# Cues of each emotion: F0 level (semitones), F0 range (octaves of its width), rate (%), loudness (dB),
# energy above 1 kHz (steps of the tone line), pauses between words (10 ms). "base" is the ground level of
# the corpus, "cold" the other kind of anger, "spread" the deviation from utterance to utterance.
# Speakers: gender, F0 (Hz), rate (words a minute), three formants (% of the plain voice),
# expressiveness (1 is full), and the kind of anger.
corpus() {
  case $1 in
    en) cat << 'END' ;;
cue | base    |  0.0 |  0.0 |   0 |  0.0 |  0.0 |  0.0
cue | neutral |  0.0 |  0.0 |   0 |  0.0 |  0.0 |  0.0
cue | angry   |  2.0 |  0.5 |  16 |  6.0 |  4.5 | -1.0
cue | happy   |  7.0 |  1.0 |  10 |  4.0 |  0.5 | -1.0
cue | sad     | -3.0 | -0.9 | -16 | -5.0 | -2.5 |  1.5
cue | cold    | -2.0 |  0.0 |   6 |  5.0 |  4.5 |  0.0
cue | spread  |  1.0 |  0.2 |   6 |  1.5 |  0.6 |  1.0
speaker | ada   | female | 196 | 172 | 116 | 110 | 112 | 1.10 | hot
speaker | ben   | male   | 104 | 165 |  97 |  98 |  97 | 0.90 | hot
speaker | cleo  | female | 222 | 184 | 120 | 114 | 110 | 0.85 | hot
speaker | dan   | male   | 122 | 178 | 100 | 103 | 100 | 1.20 | hot
speaker | eve   | female | 178 | 160 | 110 | 112 | 108 | 0.60 | cold
speaker | finn  | male   |  92 | 158 |  92 |  95 |  94 | 0.75 | hot
speaker | gwen  | female | 208 | 168 | 114 | 118 | 115 | 1.00 | hot
speaker | hugh  | male   | 132 | 188 | 103 | 100 | 104 | 0.80 | cold
sentence | The parcel is on the kitchen table.
sentence | We take the second road on the left.
sentence | The shop on the corner opens at nine.
sentence | She put the papers in the upper drawer.
sentence | They will send the list on Monday.
sentence | There are seven chairs in the next room.
sentence | He reads the paper before the meeting.
sentence | The bus to the station stops over there.
END
    de) cat << 'END' ;;
cue | base    |  0.0 | -0.3 |   0 | -4.0 | -1.0 |  0.0
cue | neutral |  0.0 |  0.0 |   0 |  0.0 |  0.0 |  0.0
cue | angry   |  3.0 |  0.4 |   4 |  6.0 |  4.0 |  0.0
cue | happy   |  6.0 |  1.0 |  18 |  4.0 |  0.5 | -1.0
cue | sad     | -2.5 | -1.0 | -18 | -5.0 | -2.0 |  1.0
cue | cold    | -2.5 | -0.3 |  -4 |  5.0 |  4.0 |  0.5
cue | spread  |  1.0 |  0.2 |   6 |  1.5 |  0.6 |  1.0
speaker | anke  | female | 186 | 168 | 112 | 108 | 109 | 0.90 | hot
speaker | bernd | male   |  98 | 162 |  95 |  97 |  98 | 1.00 | cold
speaker | clara | female | 214 | 178 | 118 | 112 | 113 | 1.15 | hot
speaker | dirk  | male   | 116 | 172 |  99 | 101 |  96 | 0.70 | hot
speaker | elke  | female | 170 | 158 | 108 | 113 | 106 | 0.80 | cold
speaker | fritz | male   | 108 | 182 |  98 |  93 |  99 | 1.10 | hot
speaker | greta | female | 230 | 174 | 121 | 116 | 117 | 0.80 | hot
speaker | heinz | male   | 126 | 166 | 102 | 104 | 101 | 0.95 | hot
sentence | Der Schlüssel liegt neben der Lampe.
sentence | Wir fahren um acht mit dem Zug.
sentence | Das Fenster zum Garten ist offen.
sentence | Sie stellt die Kisten in den Keller.
sentence | Am Dienstag kommt die neue Zeitung.
sentence | Im Regal stehen sechs blaue Ordner.
sentence | Er schreibt den Namen auf den Umschlag.
sentence | Der Weg führt an der Schule vorbei.
END
  esac
}

# Whether `folder` holds every file of its manifest, made by this script, seed and eSpeak NG.
is_complete() {
  local folder=$1 statement=$2 file
  [[ -f $folder/manifest.csv && -f $folder/synthetic.txt ]] || return 1
  [[ $(< "$folder/synthetic.txt") == "$statement" ]] || return 1
  while IFS=, read -r file _; do
    [[ $file == file || -s $folder/$file ]] || return 1
  done < "$folder/manifest.csv"
}

# Speaks a corpus in a folder beside its place, then moves it there; synthetic.txt goes last, so that
# an interrupted run never looks complete. Nothing that is not the corpus's own is removed.
make_corpus() {
  local language=$1 seed=$2 output=$3 statement=$4 folder=$3/synthetic-$1
  made=$(mktemp -d "$output/.making-$language-XXXXXX") # global: the trap outlives this function
  trap 'rm -rf "$made"' EXIT
  mkdir "$made/voices"
  plan_corpus "$language" "$seed" "$made" > "$made/calls"
  # From inside the folder, because espeak-ng takes no voice path of more than 40 characters.
  (cd "$made" && xargs -d '\n' -n 11 -P "$(nproc)" espeak-ng --load -z -b 1 < calls 2> messages) \
    || status=1 fail "espeak-ng failed while it spoke $folder: $(head -n 1 "$made/messages")"
  local wav
  while IFS=, read -r wav _; do
    [[ $wav == file || -s $made/$wav ]] || status=1 fail "espeak-ng wrote no $wav."
  done < "$made/manifest.csv"

  mkdir -p "$folder"
  rm -f "$folder/synthetic.txt"
  mv -f "$made"/*.wav "$made/manifest.csv" "$folder/"
  echo "$statement" > "$folder/synthetic.txt"
  rm -rf "$made"
  trap - EXIT
}

main() {
  local output="" seed=1
  while (($#)); do
    case $1 in
      --seed) seed=${2-}; shift ;;
      -h | --help) sed -n '3,9s/^# \{0,1\}//p' "$0"; return ;;
      -*) fail "there is no option $1; usage: make-synthetic-speech.sh OUTPUT_FOLDER [--seed N]" ;;
      *) [[ -z $output ]] || fail "one output folder is enough: $output or $1?"; output=$1 ;;
    esac
    shift || fail "--seed wants a number."
  done
  [[ -n $output ]] || fail "an output folder is missing; usage: make-synthetic-speech.sh OUTPUT_FOLDER [--seed N]"
  [[ $seed =~ ^[0-9]{1,6}$ ]] || fail "--seed wants a whole number from 0 to 999999, not '$seed'."
  command -v espeak-ng > /dev/null || fail "espeak-ng is missing; on Debian: apt-get install espeak-ng"

  local version digest language statement
  version=$(espeak-ng --version)
  version=${version#*: } version=${version%% *}
  digest=$(sha256sum < "$0")
  mkdir -p "$output"
  output=$(cd "$output" && pwd)
  for language in en de; do
    statement="The speech in this folder is synthetic: eSpeak NG $version spoke it for make-synthetic-speech.sh"
    statement+=" (script ${digest:0:12}, seed $((10#$seed))), and no person was recorded."
    if is_complete "$output/synthetic-$language" "$statement"; then
      echo "$output/synthetic-$language is complete."
    else
      make_corpus "$language" "$((10#$seed))" "$output" "$statement"
      echo "$output/synthetic-$language is made."
    fi
  done
}

main "$@"
