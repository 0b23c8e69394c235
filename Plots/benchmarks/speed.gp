# How many times as fast as its peer Valence does the same work; drawn from speed.dat in the current folder.
set encoding utf8
rows = int(system("wc -l < speed.dat"))
set style fill solid 1.0 noborder
set boxwidth 0.7
set yrange [-0.5:rows - 0.5] reverse
stats "speed.dat" using 2 nooutput
set xrange [0:1.15 * STATS_max]  # room for the numbers beside the bars
set xlabel "times as fast (threads in brackets)"
set ytics nomirror scale 0
set xtics nomirror
set border 3 lc rgb "#444444"
set grid xtics lc rgb "#dddddd"
set arrow 1 from 1, graph 0 to 1, graph 1 nohead lc rgb "#444444" dt 2
unset key
do for [format in "pdf svg png"] {
  if (format eq "pdf") { set terminal pdfcairo size 8.8cm, (1.6 + 0.42 * rows) cm font "Helvetica,7" }
  if (format eq "svg") { set terminal svg size 620, 80 + 22 * rows font "Helvetica,11" }
  if (format eq "png") { set terminal pngcairo size 1240, 160 + 44 * rows font "Helvetica,20" }
  set output "speed." . format
  plot "speed.dat" using ($2 / 2):0:($2 / 2):(0.35):ytic(1) with boxxyerror lc rgb "#4477AA", \
       "" using 2:0:(sprintf("  %.1f×", $2)) with labels left
  unset output
}
