# Draws corpora (pdf svg png) from the numbers in corpora.dat.
# By Valence: ff7860a30f8a1a1c
# To redraw: gnuplot corpora.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'corpora.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,7.52cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,284 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,888 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'corpora.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'corpora.dat'
W = 85.0
H = 75.2
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set multiplot
set label '{/:Bold Corpora}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'Utterances by class' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label '{/:Bold ravdess}' at screen x(1.5), screen y(11) left font ',7' textcolor rgb '#000000' enhanced front
set label '1440 utterances, 24 speakers' at screen x(12.25), screen y(11) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'angry' at screen x(10.3), screen y(14.55) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'calm' at screen x(10.3), screen y(17.75) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'disgust' at screen x(10.3), screen y(20.95) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'fearful' at screen x(10.3), screen y(24.15) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'happy' at screen x(10.3), screen y(27.35) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'neutral' at screen x(10.3), screen y(30.55) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'sad' at screen x(10.3), screen y(33.75) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'surprised' at screen x(10.3), screen y(36.95) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'Share of the corpus (%)' at screen x(45.9), screen y(44.43) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Durations' at screen x(1.5), screen y(49.4) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'ravdess' at screen x(8.91), screen y(53.68) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'longest 5.3 s' at screen x(69.14), screen y(53.68) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'Duration (s)' at screen x(39.13), screen y(60.76) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Bars: share of the corpus; numbers: utterances. Boxes: quartiles and median; lines: 5th' at screen x(1.5), screen y(64.71) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'to 95th percentile.' at screen x(1.5), screen y(67.25) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Corpus ravdess: 2 utterances are copies of one another, 1 recording in all (03-01-03-' at screen x(1.5), screen y(69.79) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '01-02-01-07.flac and 03-01-03-01-02-02-07.flac).' at screen x(1.5), screen y(72.33) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(11.3)
set rmargin at screen x(80.5)
set tmargin at screen y(9.05)
set bmargin at screen y(39.55)
set border 1 lw 0.75; unset tics; unset grid
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6'
set xrange [0:14.8064]
set yrange [30.5:0]
plot data index 'counts1:' using ($4 / 2):3:($4 / 2):(1.248) with boxxyerror fillstyle solid noborder linecolor rgb '#56B4E9', \
  data index 'counts1:' using 4:3:(sprintf('%d', $5)) with labels left offset 0.4,0 font ',6' noenhanced
unset label; unset arrow; unset object
set lmargin at screen x(10.11)
set rmargin at screen x(68.14)
set tmargin at screen y(51.48)
set bmargin at screen y(55.88)
set border 1 lw 0.75; unset tics; unset grid
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6'
set xrange [0:4.5171]
set yrange [4.4:0]
set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
plot data index 'durations:' using 5:2:3:7 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#000000', \
  data index 'durations:' using 5:2:4:6:($2 - 1.2):($2 + 1.2) with boxxyerror fillstyle solid border rgb '#000000' linewidth 0.75 linecolor rgb '#56B4E9', \
  data index 'durations:' using 5:($2 - 1.2):(0):(2.4) with vectors nohead linewidth 2 linecolor rgb '#000000'
unset label; unset arrow; unset object
unset multiplot
unset output
