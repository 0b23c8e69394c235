# Draws ablation (pdf svg png) from the numbers in ablation.dat.
# By Valence: ad8b346bc7653b6c
# To redraw: gnuplot ablation.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'ablation.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,33.42cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,1263 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,3947 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'ablation.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'ablation.dat'
W = 85.0
H = 334.2
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold What three corpora teach about a fourth, over Whisper base}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
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
set label 'ridge' at screen x(35.79), screen y(21.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge-speakers' at screen x(35.79), screen y(29.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge-balanced' at screen x(35.79), screen y(37.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge-mean-std' at screen x(35.79), screen y(45.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'kernel-ridge' at screen x(35.79), screen y(53.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda' at screen x(35.79), screen y(61.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge-layers' at screen x(35.79), screen y(69.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge-corpus' at screen x(35.79), screen y(77.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-corpus' at screen x(35.79), screen y(85.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge-train' at screen x(35.79), screen y(93.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-train' at screen x(35.79), screen y(101.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge-self' at screen x(35.79), screen y(109.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge-self (other speakers)' at screen x(35.79), screen y(117.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge-self-half' at screen x(35.79), screen y(125.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge-self-half (other speakers)' at screen x(35.79), screen y(133.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-self' at screen x(35.79), screen y(141.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-self (other speakers)' at screen x(35.79), screen y(149.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-self-half' at screen x(35.79), screen y(157.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-self-half (other speakers)' at screen x(35.79), screen y(165.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge-self-balanced' at screen x(35.79), screen y(173.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'ridge-self-balanced (other speakers)' at screen x(35.79), screen y(181.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-self-balanced' at screen x(35.79), screen y(189.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'lda-self-balanced (other speakers)' at screen x(35.79), screen y(197.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'baseline majority' at screen x(35.79), screen y(205.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'baseline svm normalization=speaker' at screen x(35.79), screen y(213.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'baseline svm normalization=corpus' at screen x(35.79), screen y(221.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'baseline svm normalization=train' at screen x(35.79), screen y(229.67) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'UAR (%)' at screen x(59.25), screen y(238.55) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Dots: mean; bars: 95 % interval over test speakers; n = 1 models each.' at screen x(1.5), screen y(242.5) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Approximate (rest → ravdess of baseline majority, rest → emovo of baseline majority,' at screen x(1.5), screen y(245.04) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'rest → urdu of baseline majority, rest → emodb of baseline majority): with few or' at screen x(1.5), screen y(247.58) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'unequal speakers, or near 0 or 100 %, such an interval may cover the true value in less' at screen x(1.5), screen y(250.12) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'than 90 % of cases (by simulation).' at screen x(1.5), screen y(252.66) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(255.2) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(257.74) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Declared in the experiment file: urdu is normalized by statistics of each corpus instead,' at screen x(1.5), screen y(260.28) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'unlabeled test speech included (ridge, ridge-speakers, ridge-balanced, ridge-mean-std,' at screen x(1.5), screen y(262.82) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'kernel-ridge, lda, ridge-layers, ridge-self, ridge-self (other speakers), ridge-self-half,' at screen x(1.5), screen y(265.36) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'ridge-self-half (other speakers), lda-self, lda-self (other speakers), lda-self-half, lda-self-' at screen x(1.5), screen y(267.9) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'half (other speakers), ridge-self-balanced, ridge-self-balanced (other speakers), lda-' at screen x(1.5), screen y(270.44) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'self-balanced, lda-self-balanced (other speakers), baseline majority, baseline svm' at screen x(1.5), screen y(272.98) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'normalization=speaker).' at screen x(1.5), screen y(275.52) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each speaker, unlabeled test speech included (ridge, ridge-' at screen x(1.5), screen y(278.06) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'speakers, ridge-balanced, ridge-mean-std, kernel-ridge, lda, ridge-layers, ridge-self,' at screen x(1.5), screen y(280.6) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'ridge-self (other speakers), ridge-self-half, ridge-self-half (other speakers), lda-self, lda-' at screen x(1.5), screen y(283.14) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'self (other speakers), lda-self-half, lda-self-half (other speakers), ridge-self-balanced,' at screen x(1.5), screen y(285.68) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'ridge-self-balanced (other speakers), lda-self-balanced, lda-self-balanced (other' at screen x(1.5), screen y(288.22) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'speakers), baseline majority, baseline svm normalization=speaker).' at screen x(1.5), screen y(290.76) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Frozen encoder whisper-base (whisper-6x512-4f8fa97c2517bc1f); what it has heard is' at screen x(1.5), screen y(293.3) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'not stated (ridge, ridge-layers).' at screen x(1.5), screen y(295.84) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Frozen encoder whisper-base (whisper-6x512-4f8fa97c2517bc1f), layer 3; what it has' at screen x(1.5), screen y(298.38) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'heard is not stated (ridge-speakers, ridge-balanced, ridge-mean-std, kernel-ridge, lda,' at screen x(1.5), screen y(300.92) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'ridge-corpus, lda-corpus, ridge-train, lda-train, ridge-self, ridge-self (other speakers),' at screen x(1.5), screen y(303.46) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'ridge-self-half, ridge-self-half (other speakers), lda-self, lda-self (other speakers), lda-' at screen x(1.5), screen y(306) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'self-half, lda-self-half (other speakers), ridge-self-balanced, ridge-self-balanced (other' at screen x(1.5), screen y(308.54) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'speakers), lda-self-balanced, lda-self-balanced (other speakers)).' at screen x(1.5), screen y(311.08) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Normalized by statistics of each corpus, unlabeled test speech included (ridge-corpus,' at screen x(1.5), screen y(313.62) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'lda-corpus, baseline svm normalization=corpus).' at screen x(1.5), screen y(316.16) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Adapted to unlabeled test speech: self-training in 3 rounds (ridge-self, ridge-self-half,' at screen x(1.5), screen y(318.7) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'lda-self, lda-self-half, ridge-self-balanced, lda-self-balanced).' at screen x(1.5), screen y(321.24) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Adapted to unlabeled test speech of one half of the speakers, and is scored on the' at screen x(1.5), screen y(323.78) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'other half: self-training in 3 rounds (ridge-self (other speakers), ridge-self-half (other' at screen x(1.5), screen y(326.32) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'speakers), lda-self (other speakers), lda-self-half (other speakers), ridge-self-balanced' at screen x(1.5), screen y(328.86) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '(other speakers), lda-self-balanced (other speakers)).' at screen x(1.5), screen y(331.4) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(36.99)
set rmargin at screen x(81.5)
set tmargin at screen y(17.67)
set bmargin at screen y(233.67)
set xrange [20.8114:97.9338]
set yrange [27.5:0.5]
set border 1 lw 0.75; unset tics; set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6'
do for [i = 2:27:2] { set object rectangle from graph 0, first i - 0.5 to graph 1, first i + 0.5 behind fillcolor rgb '#f2f2f2' fillstyle solid noborder }
set arrow from graph 0, first 23.5 to graph 1, first 23.5 nohead linewidth 0.75 linecolor rgb '#808080'
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
