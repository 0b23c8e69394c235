# Draws leave-one-corpus-out (pdf svg png) from the numbers in leave-one-corpus-out.dat.
# By Valence: aaf8d82acc1625ba
# To redraw: gnuplot leave-one-corpus-out.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'leave-one-corpus-out.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,42.84cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,1619 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,5060 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'leave-one-corpus-out.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'leave-one-corpus-out.dat'
W = 85.0
H = 428.4
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold What three corpora teach about a fourth, over Whisper base}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR on each corpus, trained on all others' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'ridge' at screen x(29.1), screen y(14.39) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge-speakers' at screen x(29.1), screen y(25.07) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge-balanced' at screen x(29.1), screen y(35.75) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge-mean-std' at screen x(29.1), screen y(46.43) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'kernel-ridge' at screen x(29.1), screen y(57.11) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda' at screen x(29.1), screen y(67.79) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge-layers' at screen x(29.1), screen y(78.47) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge-corpus' at screen x(29.1), screen y(89.15) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-corpus' at screen x(29.1), screen y(99.83) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge-train' at screen x(29.1), screen y(110.51) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-train' at screen x(29.1), screen y(121.19) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge-self' at screen x(29.1), screen y(131.87) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge-self (other' at screen x(29.1), screen y(141.28) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'speakers)' at screen x(29.1), screen y(143.82) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge-self-half' at screen x(29.1), screen y(153.23) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge-self-half (other' at screen x(29.1), screen y(162.64) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'speakers)' at screen x(29.1), screen y(165.18) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-self' at screen x(29.1), screen y(174.59) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-self (other speakers)' at screen x(29.1), screen y(185.27) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-self-half' at screen x(29.1), screen y(195.95) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-self-half (other' at screen x(29.1), screen y(205.36) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'speakers)' at screen x(29.1), screen y(207.9) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge-self-balanced' at screen x(29.1), screen y(217.31) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge-self-balanced' at screen x(29.1), screen y(226.72) right font ',6' textcolor rgb '#000000' noenhanced front
set label '(other speakers)' at screen x(29.1), screen y(229.26) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-self-balanced' at screen x(29.1), screen y(238.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-self-balanced (other' at screen x(29.1), screen y(248.08) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'speakers)' at screen x(29.1), screen y(250.62) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'chosen, no test speech' at screen x(29.1), screen y(260.03) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'chosen, statistics of test' at screen x(29.1), screen y(269.44) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'speech' at screen x(29.1), screen y(271.98) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'chosen, self-training on' at screen x(29.1), screen y(280.12) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'test speech' at screen x(29.1), screen y(282.66) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'chosen, self-training on' at screen x(29.1), screen y(290.8) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'other speakers' at screen x(29.1), screen y(293.34) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ravdess (N = 672, 24 speakers)' at screen x(35.44), screen y(299.26) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'emovo (N = 336, 6 speakers)' at screen x(46.12), screen y(299.26) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'urdu (N = 400, 29 speakers)' at screen x(56.8), screen y(299.26) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'emodb (N = 339, 10 speakers)' at screen x(67.48), screen y(299.26) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'mean (N = 1747)' at screen x(78.16), screen y(299.26) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'Method' at screen x(3.3), screen y(153.23) center rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'Held-out corpus (N utterances)' at screen x(56.8), screen y(326.51) center font ',7' textcolor rgb '#000000' noenhanced front
set label '25.0 (chance)' at screen x(30.1), screen y(332.98) left font ',6' textcolor rgb '#000000' noenhanced front
set label '60' at screen x(58.09), screen y(332.98) center font ',6' textcolor rgb '#000000' noenhanced front
set label '80' at screen x(74.09), screen y(332.98) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(56.8), screen y(335.52) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'Small print: 95 % interval over test speakers. Each cell: n = 1 network. Chance 25.0 %.' at screen x(1.5), screen y(339.26) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Mean: of the corpora, each counted once.' at screen x(1.5), screen y(341.8) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Chosen: for each tested corpus the variant with the best mean over models and tests in' at screen x(1.5), screen y(344.34) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'which that corpus has no part.' at screen x(1.5), screen y(346.88) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(349.42) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(351.96) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Declared in the experiment file: urdu is normalized by statistics of each corpus instead,' at screen x(1.5), screen y(354.5) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'unlabeled test speech included (ridge, ridge-speakers, ridge-balanced, ridge-mean-std,' at screen x(1.5), screen y(357.04) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'kernel-ridge, lda, ridge-layers, ridge-self, ridge-self (other speakers), ridge-self-half,' at screen x(1.5), screen y(359.58) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'ridge-self-half (other speakers), lda-self, lda-self (other speakers), lda-self-half, lda-self-' at screen x(1.5), screen y(362.12) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'half (other speakers), ridge-self-balanced, ridge-self-balanced (other speakers), lda-' at screen x(1.5), screen y(364.66) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'self-balanced, lda-self-balanced (other speakers), baseline majority, baseline svm' at screen x(1.5), screen y(367.2) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'normalization=speaker).' at screen x(1.5), screen y(369.74) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each speaker, unlabeled test speech included (ridge, ridge-' at screen x(1.5), screen y(372.28) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'speakers, ridge-balanced, ridge-mean-std, kernel-ridge, lda, ridge-layers, ridge-self,' at screen x(1.5), screen y(374.82) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'ridge-self (other speakers), ridge-self-half, ridge-self-half (other speakers), lda-self, lda-' at screen x(1.5), screen y(377.36) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'self (other speakers), lda-self-half, lda-self-half (other speakers), ridge-self-balanced,' at screen x(1.5), screen y(379.9) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'ridge-self-balanced (other speakers), lda-self-balanced, lda-self-balanced (other' at screen x(1.5), screen y(382.44) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'speakers), baseline majority, baseline svm normalization=speaker).' at screen x(1.5), screen y(384.98) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Frozen encoder whisper-base (whisper-6x512-4f8fa97c2517bc1f); what it has heard is' at screen x(1.5), screen y(387.52) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'not stated (ridge, ridge-layers).' at screen x(1.5), screen y(390.06) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Frozen encoder whisper-base (whisper-6x512-4f8fa97c2517bc1f), layer 3; what it has' at screen x(1.5), screen y(392.6) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'heard is not stated (ridge-speakers, ridge-balanced, ridge-mean-std, kernel-ridge, lda,' at screen x(1.5), screen y(395.14) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'ridge-corpus, lda-corpus, ridge-train, lda-train, ridge-self, ridge-self (other speakers),' at screen x(1.5), screen y(397.68) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'ridge-self-half, ridge-self-half (other speakers), lda-self, lda-self (other speakers), lda-' at screen x(1.5), screen y(400.22) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'self-half, lda-self-half (other speakers), ridge-self-balanced, ridge-self-balanced (other' at screen x(1.5), screen y(402.76) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'speakers), lda-self-balanced, lda-self-balanced (other speakers)).' at screen x(1.5), screen y(405.3) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each corpus, unlabeled test speech included (ridge-corpus,' at screen x(1.5), screen y(407.84) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'lda-corpus, baseline svm normalization=corpus).' at screen x(1.5), screen y(410.38) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Adapted to unlabeled test speech: self-training in 3 rounds (ridge-self, ridge-self-half,' at screen x(1.5), screen y(412.92) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'lda-self, lda-self-half, ridge-self-balanced, lda-self-balanced).' at screen x(1.5), screen y(415.46) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Adapted to unlabeled test speech of one half of the speakers, and is scored on the' at screen x(1.5), screen y(418) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'other half: self-training in 3 rounds (ridge-self (other speakers), ridge-self-half (other' at screen x(1.5), screen y(420.54) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'speakers), lda-self (other speakers), lda-self-half (other speakers), ridge-self-balanced' at screen x(1.5), screen y(423.08) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '(other speakers), lda-self-balanced (other speakers)).' at screen x(1.5), screen y(425.62) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
unset tics
set colorbox horizontal user origin screen x(30.1), screen y(331.31) size screen 53.4 / W, screen 2 / H noborder
set cbtics out scale 0.3 ('' 25, '' 60, '' 80)
set lmargin at screen x(30.1)
set rmargin at screen x(83.5)
set tmargin at screen y(9.05)
set bmargin at screen y(297.41)
set xrange [-0.5:4.5]
set yrange [26.5:-0.5]
set border 15 lw 0.5 lc rgb '#808080'
set palette defined (0 '#440154', 0.125 '#472d7b', 0.25 '#3b528b', 0.375 '#2c728e', 0.5 '#21918c', 0.625 '#28ae80', 0.75 '#5ec962', 0.875 '#addc30', 1 '#fde725')
set cbrange [25:91.7628]
position(v) = v <= 25 ? 0 : v >= 91.7628 ? 1 : (v - 25) / (1.0 * 91.7628 - 25)
ink(p) = ((p >= 0 && p < 0.434)) ? 0xffffff : 0x000000
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'cells:' using 1:2:(0.5):(0.5):3 with boxxyerror fillstyle solid border rgb '#ffffff' linewidth 0.5 linecolor palette, \
  data index 'cells:' using 1:($2 + -0.118914):(stringcolumn(8)):(ink(position($3))) with labels font ',7' textcolor rgb variable noenhanced, \
  data index 'cells:' using 1:($2 + 0.138733):(stringcolumn(9)):(ink(position($3))) with labels font ',6' textcolor rgb variable noenhanced
unset label; unset arrow; unset object
unset output
