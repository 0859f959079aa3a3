# How cost grows: four curves in one picture. bench/growth.py calls this with `folder`, where it has put the points,
# and `picture`, the file to draw.

set terminal svg size 960,680 dynamic font "sans-serif,13" background "#ffffff"
set output picture
set multiplot layout 2,2 margins 0.09,0.97,0.09,0.93 spacing 0.19,0.15

set style line 1 linecolor rgb "#2c6e9b" linewidth 2 pointtype 7 pointsize 0.7
set style line 2 linecolor rgb "#d98324" linewidth 2 pointtype 7 pointsize 0.7
set style line 3 linecolor rgb "#d5dade" linewidth 1
set grid linestyle 3
set border 3 linecolor rgb "#8d979f"
set tics nomirror textcolor rgb "#2a3137"
set title font ",15" offset 0,-0.5
set key top left reverse Left samplen 2
set logscale x
set format x "%.0s%c"
set yrange [0:*]
set offsets 0, 0, graph 0.3, 0

set title "Judging: a mail of so many octets of HTML"
set ylabel "CPU, ms"
set logscale y
set yrange [*:*]
plot folder."/size" using 1:2 with linespoints linestyle 1 notitle
unset logscale y
set yrange [0:*]

unset logscale x
set format x "%.0f"
set title "Judging: with so many brands in the catalogue"
plot folder."/brands" using 1:2 with linespoints linestyle 1 title "brands", \
     folder."/organisations" using 1:2 with points linestyle 2 title "and 17,424 organisations"

set logscale x
set format x "%.0s%c"
set title "Waiting: so many accounts, each in IDLE"
set ylabel "resident, MB"
set ytics nomirror
set y2label "CPU, %" offset -1,0
set y2range [0:*]
set y2tics
plot folder."/accounts" using 1:2 with linespoints linestyle 1 title "memory", \
     folder."/accounts" using 1:3 axes x1y2 with linespoints linestyle 2 title "CPU"
unset y2label
unset y2tics

set title "Catching up: so many mails wait in the inbox"
set ylabel "CPU a mail, ms"
plot folder."/mailbox" using 1:2 with linespoints linestyle 1 title "to judge them", \
     folder."/mailbox" using 1:3 with linespoints linestyle 2 title "to find that all are judged"
