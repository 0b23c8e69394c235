# Draws leave-one-corpus-out (pdf svg png) from the numbers in leave-one-corpus-out.dat.
# By Valence: bf91656b15861d46
# To redraw: gnuplot leave-one-corpus-out.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'leave-one-corpus-out.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,46.1cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,1742 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,5445 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'leave-one-corpus-out.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'leave-one-corpus-out.dat'
W = 85.0
H = 461.0
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold What three corpora teach about a fourth}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR on each corpus, trained on all others' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'kernel' at screen x(29.1), screen y(14.39) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'kernel-speakers' at screen x(29.1), screen y(25.07) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'groups' at screen x(29.1), screen y(35.75) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'kernel-balanced' at screen x(29.1), screen y(46.43) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge' at screen x(29.1), screen y(57.11) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda' at screen x(29.1), screen y(67.79) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-balanced' at screen x(29.1), screen y(78.47) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'kernel-corpus' at screen x(29.1), screen y(89.15) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-corpus' at screen x(29.1), screen y(99.83) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'kernel-train' at screen x(29.1), screen y(110.51) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-train' at screen x(29.1), screen y(121.19) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'kernel-self' at screen x(29.1), screen y(131.87) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'kernel-self (other' at screen x(29.1), screen y(141.28) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'speakers)' at screen x(29.1), screen y(143.82) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'kernel-self-half' at screen x(29.1), screen y(153.23) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'kernel-self-half (other' at screen x(29.1), screen y(162.64) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'speakers)' at screen x(29.1), screen y(165.18) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-self' at screen x(29.1), screen y(174.59) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-self (other speakers)' at screen x(29.1), screen y(185.27) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'groups-self' at screen x(29.1), screen y(195.95) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'groups-self (other' at screen x(29.1), screen y(205.36) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'speakers)' at screen x(29.1), screen y(207.9) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'groups-self-balanced' at screen x(29.1), screen y(217.31) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'groups-self-balanced' at screen x(29.1), screen y(226.72) right font ',6' textcolor rgb '#000000' noenhanced front
set label '(other speakers)' at screen x(29.1), screen y(229.26) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-self-half' at screen x(29.1), screen y(238.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-self-half (other' at screen x(29.1), screen y(248.08) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'speakers)' at screen x(29.1), screen y(250.62) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'kernel-self-balanced' at screen x(29.1), screen y(260.03) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'kernel-self-balanced' at screen x(29.1), screen y(269.44) right font ',6' textcolor rgb '#000000' noenhanced front
set label '(other speakers)' at screen x(29.1), screen y(271.98) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-self-balanced' at screen x(29.1), screen y(281.39) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-self-balanced (other' at screen x(29.1), screen y(290.8) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'speakers)' at screen x(29.1), screen y(293.34) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'chosen, no test speech' at screen x(29.1), screen y(302.75) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'chosen, statistics of test' at screen x(29.1), screen y(312.16) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'speech' at screen x(29.1), screen y(314.7) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'chosen, self-training on' at screen x(29.1), screen y(322.84) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'test speech' at screen x(29.1), screen y(325.38) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'chosen, self-training on' at screen x(29.1), screen y(333.52) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'other speakers' at screen x(29.1), screen y(336.06) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ravdess (N = 672, 24 speakers)' at screen x(35.44), screen y(341.98) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'emovo (N = 336, 6 speakers)' at screen x(46.12), screen y(341.98) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'urdu (N = 400, 29 speakers)' at screen x(56.8), screen y(341.98) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'emodb (N = 339, 10 speakers)' at screen x(67.48), screen y(341.98) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'mean (N = 1747)' at screen x(78.16), screen y(341.98) right rotate by 45 font ',7' textcolor rgb '#000000' noenhanced front
set label 'Method' at screen x(3.3), screen y(174.59) center rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'Held-out corpus (N utterances)' at screen x(56.8), screen y(369.23) center font ',7' textcolor rgb '#000000' noenhanced front
set label '25.0 (chance)' at screen x(30.1), screen y(375.7) left font ',6' textcolor rgb '#000000' noenhanced front
set label '60' at screen x(63.03), screen y(375.7) center font ',6' textcolor rgb '#000000' noenhanced front
set label '80' at screen x(81.85), screen y(375.7) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(56.8), screen y(378.24) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'Small print: 95 % interval over test speakers. Each cell: n = 1 network. Chance 25.0 %.' at screen x(1.5), screen y(381.98) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Mean: of the corpora, each counted once.' at screen x(1.5), screen y(384.52) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Chosen: for each tested corpus the variant with the best mean over models and tests in' at screen x(1.5), screen y(387.06) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'which that corpus has no part.' at screen x(1.5), screen y(389.6) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(392.14) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(394.68) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Declared in the experiment file: urdu is normalized by statistics of each corpus instead,' at screen x(1.5), screen y(397.22) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'unlabeled test speech included (kernel, kernel-speakers, groups, kernel-balanced,' at screen x(1.5), screen y(399.76) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'ridge, lda, lda-balanced, kernel-self, kernel-self (other speakers), kernel-self-half,' at screen x(1.5), screen y(402.3) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'kernel-self-half (other speakers), lda-self, lda-self (other speakers), groups-self, groups-' at screen x(1.5), screen y(404.84) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'self (other speakers), groups-self-balanced, groups-self-balanced (other speakers), lda-' at screen x(1.5), screen y(407.38) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'self-half, lda-self-half (other speakers), kernel-self-balanced, kernel-self-balanced' at screen x(1.5), screen y(409.92) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '(other speakers), lda-self-balanced, lda-self-balanced (other speakers), baseline' at screen x(1.5), screen y(412.46) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'majority, baseline svm normalization=speaker).' at screen x(1.5), screen y(415) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each speaker, unlabeled test speech included (kernel,' at screen x(1.5), screen y(417.54) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'kernel-speakers, groups, kernel-balanced, ridge, lda, lda-balanced, kernel-self, kernel-' at screen x(1.5), screen y(420.08) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'self (other speakers), kernel-self-half, kernel-self-half (other speakers), lda-self, lda-self' at screen x(1.5), screen y(422.62) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '(other speakers), groups-self, groups-self (other speakers), groups-self-balanced,' at screen x(1.5), screen y(425.16) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'groups-self-balanced (other speakers), lda-self-half, lda-self-half (other speakers),' at screen x(1.5), screen y(427.7) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'kernel-self-balanced, kernel-self-balanced (other speakers), lda-self-balanced, lda-self-' at screen x(1.5), screen y(430.24) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'balanced (other speakers), baseline majority, baseline svm normalization=speaker).' at screen x(1.5), screen y(432.78) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each corpus, unlabeled test speech included (kernel-corpus,' at screen x(1.5), screen y(435.32) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'lda-corpus, baseline svm normalization=corpus).' at screen x(1.5), screen y(437.86) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Adapted to unlabeled test speech: self-training in 3 rounds (kernel-self, kernel-self-half,' at screen x(1.5), screen y(440.4) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'lda-self, groups-self, groups-self-balanced, lda-self-half, kernel-self-balanced, lda-self-' at screen x(1.5), screen y(442.94) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'balanced).' at screen x(1.5), screen y(445.48) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Adapted to unlabeled test speech of one half of the speakers, and is scored on the' at screen x(1.5), screen y(448.02) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'other half: self-training in 3 rounds (kernel-self (other speakers), kernel-self-half (other' at screen x(1.5), screen y(450.56) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'speakers), lda-self (other speakers), groups-self (other speakers), groups-self-balanced' at screen x(1.5), screen y(453.1) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '(other speakers), lda-self-half (other speakers), kernel-self-balanced (other speakers),' at screen x(1.5), screen y(455.64) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'lda-self-balanced (other speakers)).' at screen x(1.5), screen y(458.18) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
unset tics
set colorbox horizontal user origin screen x(30.1), screen y(374.03) size screen 53.4 / W, screen 2 / H noborder
set cbtics out scale 0.3 ('' 25, '' 60, '' 80)
set lmargin at screen x(30.1)
set rmargin at screen x(83.5)
set tmargin at screen y(9.05)
set bmargin at screen y(340.13)
set xrange [-0.5:4.5]
set yrange [30.5:-0.5]
set border 15 lw 0.5 lc rgb '#808080'
set palette defined (0 '#440154', 0.125 '#472d7b', 0.25 '#3b528b', 0.375 '#2c728e', 0.5 '#21918c', 0.625 '#28ae80', 0.75 '#5ec962', 0.875 '#addc30', 1 '#fde725')
set cbrange [25:81.7508]
position(v) = v <= 25 ? 0 : v >= 81.7508 ? 1 : (v - 25) / (1.0 * 81.7508 - 25)
ink(p) = ((p >= 0 && p < 0.434)) ? 0xffffff : 0x000000
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'cells:' using 1:2:(0.5):(0.5):3 with boxxyerror fillstyle solid border rgb '#ffffff' linewidth 0.5 linecolor palette, \
  data index 'cells:' using 1:($2 + -0.118914):(stringcolumn(8)):(ink(position($3))) with labels font ',7' textcolor rgb variable noenhanced, \
  data index 'cells:' using 1:($2 + 0.138733):(stringcolumn(9)):(ink(position($3))) with labels font ',6' textcolor rgb variable noenhanced
unset label; unset arrow; unset object
unset output
