# Draws corpora (pdf svg png) from the numbers in corpora.dat.
# By Valence: 258a2f520db387fc
# To redraw: gnuplot corpora.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'corpora.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,5.73cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,217 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,677 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'corpora.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'corpora.dat'
W = 85.0
H = 57.3
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set multiplot
set label '{/:Bold Corpora}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'Utterances by class' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label '{/:Bold emodb}' at screen x(1.5), screen y(11) left font ',7' textcolor rgb '#000000' enhanced front
set label '339 utterances, 10 speakers' at screen x(11.08), screen y(11) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'angry' at screen x(8.07), screen y(14.55) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'happy' at screen x(8.07), screen y(17.75) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'neutral' at screen x(8.07), screen y(20.95) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'sad' at screen x(8.07), screen y(24.15) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'Share of the corpus (%)' at screen x(44.79), screen y(31.63) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Durations' at screen x(1.5), screen y(36.6) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'emodb' at screen x(7.97), screen y(40.88) right font ',6' textcolor rgb '#000000' noenhanced front
set label 'longest 9.0 s' at screen x(69.14), screen y(40.88) left font ',6' textcolor rgb '#000000' noenhanced front
set label 'Duration (s)' at screen x(38.66), screen y(47.96) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'Bars: share of the corpus; numbers: utterances. Boxes: quartiles and median; lines: 5th' at screen x(1.5), screen y(51.91) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'to 95th percentile.' at screen x(1.5), screen y(54.45) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set lmargin at screen x(9.07)
set rmargin at screen x(80.5)
set tmargin at screen y(9.05)
set bmargin at screen y(26.75)
set border 1 lw 0.75; unset tics; unset grid
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6'
set xrange [0:41.4589]
set yrange [17.7:0]
plot data index 'counts1:' using ($4 / 2):3:($4 / 2):(1.248) with boxxyerror fillstyle solid noborder linecolor rgb '#56B4E9', \
  data index 'counts1:' using 4:3:(sprintf('%d', $5)) with labels left offset 0.4,0 font ',6' noenhanced
unset label; unset arrow; unset object
set lmargin at screen x(9.17)
set rmargin at screen x(68.14)
set tmargin at screen y(38.68)
set bmargin at screen y(43.08)
set border 1 lw 0.75; unset tics; unset grid
set xtics out nomirror scale 0.4 offset 0,0.4 font ',6'
set xrange [0:5.292]
set yrange [4.4:0]
set grid xtics lw 0.4 lc rgb '#d0d0d0' lt 1
plot data index 'durations:' using 5:2:3:7 with xerrorbars pointtype 0 linewidth 1 linecolor rgb '#000000', \
  data index 'durations:' using 5:2:4:6:($2 - 1.2):($2 + 1.2) with boxxyerror fillstyle solid border rgb '#000000' linewidth 0.75 linecolor rgb '#56B4E9', \
  data index 'durations:' using 5:($2 - 1.2):(0):(2.4) with vectors nohead linewidth 2 linecolor rgb '#000000'
unset label; unset arrow; unset object
unset multiplot
unset output
