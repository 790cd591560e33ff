"""The interview question bank: every question of every lesson, to look through, to print, and to be asked."""
