# Draws ablation (pdf svg png) from the numbers in ablation.dat.
# By Valence: 81de42cf081570d8
# To redraw: gnuplot ablation.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'ablation.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,33.53cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,1267 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,3960 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'ablation.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'ablation.dat'
W = 85.0
H = 335.3
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold What three corpora teach about a fourth}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'UAR by variant' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(10.32) point pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2'
set label 'rest → ravdess (N = 672, 24 speakers)' at screen x(4), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(44.16), screen y(10.32) point pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00'
set label 'rest → emovo (N = 336, 6 speakers)' at screen x(45.91), screen y(10.32) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(2.25), screen y(12.86) point pointtype 9 pointsize 0.35 * dot linecolor rgb '#009E73'
set label 'rest → urdu (N = 400, 29 speakers)' at screen x(4), screen y(12.86) left font ',6' textcolor rgb '#000000' noenhanced front
set label '' at screen x(40.98), screen y(12.86) point pointtype 13 pointsize 0.35 * dot linecolor rgb '#CC79A7'
set label 'rest → emodb (N = 339, 10 speakers)' at screen x(42.73), screen y(12.86) left font ',6' textcolor rgb '#000000' noenhanced front
set arrow from screen x(1.5), screen y(15.4) to screen x(6.7), screen y(15.4) nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
set label 'chance 25.0 %' at screen x(7.7), screen y(15.4) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'kernel' at screen x(36.55), screen y(21.33) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'kernel-speakers' at screen x(36.55), screen y(28.66) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'groups' at screen x(36.55), screen y(35.99) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'kernel-balanced' at screen x(36.55), screen y(43.32) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge' at screen x(36.55), screen y(50.65) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda' at screen x(36.55), screen y(57.98) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-balanced' at screen x(36.55), screen y(65.31) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'kernel-corpus' at screen x(36.55), screen y(72.64) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-corpus' at screen x(36.55), screen y(79.97) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'kernel-train' at screen x(36.55), screen y(87.3) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-train' at screen x(36.55), screen y(94.62) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'kernel-self' at screen x(36.55), screen y(101.95) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'kernel-self (other speakers)' at screen x(36.55), screen y(109.28) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'kernel-self-half' at screen x(36.55), screen y(116.61) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'kernel-self-half (other speakers)' at screen x(36.55), screen y(123.94) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-self' at screen x(36.55), screen y(131.27) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-self (other speakers)' at screen x(36.55), screen y(138.6) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'groups-self' at screen x(36.55), screen y(145.93) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'groups-self (other speakers)' at screen x(36.55), screen y(153.26) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'groups-self-balanced' at screen x(36.55), screen y(160.59) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'groups-self-balanced (other' at screen x(36.55), screen y(166.65) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'speakers)' at screen x(36.55), screen y(169.19) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-self-half' at screen x(36.55), screen y(175.24) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-self-half (other speakers)' at screen x(36.55), screen y(182.57) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'kernel-self-balanced' at screen x(36.55), screen y(189.9) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'kernel-self-balanced (other speakers)' at screen x(36.55), screen y(197.23) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-self-balanced' at screen x(36.55), screen y(204.56) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-self-balanced (other speakers)' at screen x(36.55), screen y(211.89) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'baseline majority' at screen x(36.55), screen y(219.22) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'baseline svm normalization=speaker' at screen x(36.55), screen y(226.55) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'baseline svm normalization=corpus' at screen x(36.55), screen y(233.88) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'baseline svm normalization=train' at screen x(36.55), screen y(241.21) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(59.63), screen y(249.75) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Dots: mean; bars: 95 % interval over test speakers; n = 1 models each.' at screen x(1.5), screen y(253.7) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Approximate (rest → ravdess of baseline majority, rest → emovo of baseline majority,' at screen x(1.5), screen y(256.24) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'rest → urdu of baseline majority, rest → emodb of baseline majority): with few or' at screen x(1.5), screen y(258.78) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'unequal speakers, or near 0 or 100 %, such an interval may cover the true value in less' at screen x(1.5), screen y(261.32) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'than 90 % of cases (by simulation).' at screen x(1.5), screen y(263.86) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(266.4) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(268.94) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Declared in the experiment file: urdu is normalized by statistics of each corpus instead,' at screen x(1.5), screen y(271.48) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'unlabeled test speech included (kernel, kernel-speakers, groups, kernel-balanced,' at screen x(1.5), screen y(274.02) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'ridge, lda, lda-balanced, kernel-self, kernel-self (other speakers), kernel-self-half,' at screen x(1.5), screen y(276.56) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'kernel-self-half (other speakers), lda-self, lda-self (other speakers), groups-self, groups-' at screen x(1.5), screen y(279.1) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'self (other speakers), groups-self-balanced, groups-self-balanced (other speakers), lda-' at screen x(1.5), screen y(281.64) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'self-half, lda-self-half (other speakers), kernel-self-balanced, kernel-self-balanced' at screen x(1.5), screen y(284.18) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '(other speakers), lda-self-balanced, lda-self-balanced (other speakers), baseline' at screen x(1.5), screen y(286.72) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'majority, baseline svm normalization=speaker).' at screen x(1.5), screen y(289.26) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each speaker, unlabeled test speech included (kernel,' at screen x(1.5), screen y(291.8) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'kernel-speakers, groups, kernel-balanced, ridge, lda, lda-balanced, kernel-self, kernel-' at screen x(1.5), screen y(294.34) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'self (other speakers), kernel-self-half, kernel-self-half (other speakers), lda-self, lda-self' at screen x(1.5), screen y(296.88) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '(other speakers), groups-self, groups-self (other speakers), groups-self-balanced,' at screen x(1.5), screen y(299.42) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'groups-self-balanced (other speakers), lda-self-half, lda-self-half (other speakers),' at screen x(1.5), screen y(301.96) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'kernel-self-balanced, kernel-self-balanced (other speakers), lda-self-balanced, lda-self-' at screen x(1.5), screen y(304.5) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'balanced (other speakers), baseline majority, baseline svm normalization=speaker).' at screen x(1.5), screen y(307.04) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each corpus, unlabeled test speech included (kernel-corpus,' at screen x(1.5), screen y(309.58) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'lda-corpus, baseline svm normalization=corpus).' at screen x(1.5), screen y(312.12) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Adapted to unlabeled test speech: self-training in 3 rounds (kernel-self, kernel-self-half,' at screen x(1.5), screen y(314.66) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'lda-self, groups-self, groups-self-balanced, lda-self-half, kernel-self-balanced, lda-self-' at screen x(1.5), screen y(317.2) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'balanced).' at screen x(1.5), screen y(319.74) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Adapted to unlabeled test speech of one half of the speakers, and is scored on the' at screen x(1.5), screen y(322.28) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'other half: self-training in 3 rounds (kernel-self (other speakers), kernel-self-half (other' at screen x(1.5), screen y(324.82) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'speakers), lda-self (other speakers), groups-self (other speakers), groups-self-balanced' at screen x(1.5), screen y(327.36) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '(other speakers), lda-self-half (other speakers), kernel-self-balanced (other speakers),' at screen x(1.5), screen y(329.9) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'lda-self-balanced (other speakers)).' at screen x(1.5), screen y(332.44) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(37.75)
set rmargin at screen x(81.5)
set tmargin at screen y(17.67)
set bmargin at screen y(244.87)
set xrange [17.565:90.695]
set yrange [31.5:0.5]
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6'
do for [i = 2:31:2] { set object rectangle from graph 0, first i - 0.5 to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }
set arrow from graph 0, first 27.5 to graph 1, first 27.5 nohead linewidth 0.75 linecolor rgb '#808080'
set arrow from 25, graph 0 to 25, graph 1 nohead linewidth 1 dashtype 2 linecolor rgb '#4d4d4d'
plot '+' every ::0::0 using (-1e9):(-1e9) with dots, \
  data index 'series1:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#0072B2', \
  data index 'series1:' using 2:1 with points pointtype 7 pointsize 0.35 * dot linecolor rgb '#0072B2', \
  data index 'series2:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#D55E00', \
  data index 'series2:' using 2:1 with points pointtype 5 pointsize 0.35 * dot linecolor rgb '#D55E00', \
  data index 'series3:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#009E73', \
  data index 'series3:' using 2:1 with points pointtype 9 pointsize 0.35 * dot linecolor rgb '#009E73', \
  data index 'series4:' using 2:1:3:4 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#CC79A7', \
  data index 'series4:' using 2:1 with points pointtype 13 pointsize 0.35 * dot linecolor rgb '#CC79A7'
unset label; unset arrow; unset object
unset output
