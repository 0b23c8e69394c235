# Draws generalization-fusion-mel-gap (pdf svg png) from the numbers in generalization-fusion-mel-gap.dat.
# By Valence: d7af0812a1003ec6
# To redraw: gnuplot generalization-fusion-mel-gap.gp, in this folder. Lengths are in millimeters.
if (!exists('format')) {
  do for [format in 'pdf svg png'] { load 'generalization-fusion-mel-gap.gp' }
  exit
}
reset
set encoding utf8
if (format eq 'pdf') { set terminal pdfcairo enhanced size 8.5cm,7.29cm font 'Liberation Sans,7' fontscale 0.75 }
if (format eq 'svg') { set terminal svg enhanced size 321,276 font 'Arial,7' fontscale 1.33333 linewidth 0.66667 background 'white' }
if (format eq 'png') { set terminal pngcairo enhanced size 1004,861 font 'Liberation Sans,7' fontscale 3.125 linewidth 2.08333 pointscale 4.16667 }
set output 'generalization-fusion-mel-gap.'.format
# SVG's points are smaller than those of the other formats.
dot = format eq 'svg' ? 1.7 : 1
data = 'generalization-fusion-mel-gap.dat'
W = 85.0
H = 72.9
x(mm) = mm / W
y(mm) = 1 - mm / H
unset key
unset colorbox
set format '%g'
set label '{/:Bold Trained on one corpus, tested on each · fusion=mel}' at screen x(1.5), screen y(3.19) left font ',8' textcolor rgb '#000000' enhanced front
set label 'Gap in UAR to training within the test corpus' at screen x(1.5), screen y(6.37) left font ',7' textcolor rgb '#000000' noenhanced front
set label 'synthetic-en' at screen x(35.51), screen y(16.55) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'synthetic-de' at screen x(35.51), screen y(31.55) right font ',7' textcolor rgb '#000000' noenhanced front
set label 'synthetic-en' at screen x(44.01), screen y(41.33) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'synthetic-de' at screen x(59.01), screen y(41.33) center font ',7' textcolor rgb '#000000' noenhanced front
set label 'N = 256' at screen x(44.01), screen y(44.08) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'N = 256' at screen x(59.01), screen y(44.08) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '8 speakers' at screen x(44.01), screen y(46.62) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label '8 speakers' at screen x(59.01), screen y(46.62) center font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'Training corpus' at screen x(20.29), screen y(24.05) center rotate by 90 font ',7' textcolor rgb '#000000' noenhanced front
set label 'Test corpus (N utterances)' at screen x(51.51), screen y(49.69) center font ',7' textcolor rgb '#000000' noenhanced front
set label '−20' at screen x(36.92), screen y(56.16) center font ',6' textcolor rgb '#000000' noenhanced front
set label '0' at screen x(51.51), screen y(56.16) center font ',6' textcolor rgb '#000000' noenhanced front
set label '20' at screen x(66.09), screen y(56.16) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'Gap (percentage points)' at screen x(51.51), screen y(58.7) center font ',6' textcolor rgb '#000000' noenhanced front
set label 'Percentage points of UAR: the cell minus the framed cell of its column, a difference of' at screen x(1.5), screen y(62.44) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'means. Framed, in brackets: UAR within the corpus (%).' at screen x(1.5), screen y(64.98) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'All cells: The speech in this folder is synthetic: eSpeak NG 1.51 spoke it for make-' at screen x(1.5), screen y(67.52) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
set label 'synthetic-speech.sh (script 67a700eeea7e, seed 1), and no person was recorded.' at screen x(1.5), screen y(70.06) left font ',6' textcolor rgb '#4d4d4d' noenhanced front
unset tics
set colorbox horizontal user origin screen x(36.51), screen y(54.49) size screen 30 / W, screen 2 / H noborder
set cbtics out scale 0.3 ('' -20, '' 0, '' 20)
set lmargin at screen x(36.51)
set rmargin at screen x(66.51)
set tmargin at screen y(9.05)
set bmargin at screen y(39.05)
set xrange [-0.5:1.5]
set yrange [1.5:-0.5]
set border 15 lw 0.5 lc rgb '#808080'
set palette defined (0 '#b35806', 0.125 '#e08214', 0.25 '#fdb863', 0.375 '#fee0b6', 0.5 '#f7f7f7', 0.625 '#d8daeb', 0.75 '#b2abd2', 0.875 '#8073ac', 1 '#542788')
set cbrange [-20.5729:20.5729]
position(v) = v <= -20.5729 ? 0 : v >= 20.5729 ? 1 : (v - -20.5729) / (1.0 * 20.5729 - -20.5729)
ink(p) = ((p >= 0 && p < 0.014) || (p >= 0.887 && p < 1.001)) ? 0xffffff : 0x000000
plot '+' every ::0::0 using (-9):(-9) with dots, \
  data index 'cells:' using 1:2:(0.5):(0.5):3 with boxxyerror fillstyle solid border rgb '#ffffff' linewidth 0.5 linecolor palette, \
  data index 'cells:' using 1:($2 + 0):(stringcolumn(5)):(ink(position($3))) with labels font ',7' textcolor rgb variable noenhanced, \
  data index 'framed:' using 1:2:(0.46):(0.46) with boxxyerror fillstyle empty linecolor rgb '#000000' linewidth 2
unset label; unset arrow; unset object
unset output
