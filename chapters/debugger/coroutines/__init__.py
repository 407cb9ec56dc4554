"""What gdb lacks for coroutines; ../cotorra_gdb.py loads it into gdb."""
